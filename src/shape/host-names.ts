/** Names of hosts: addresses, of which nothing is said by being this one and not another. */
import { characterKinds, digit } from './characters.ts';
import { hashOf } from './word-kinds.ts';

const dash = 0x2d;
const dot = 0x2e;
const hostCharsMax = 128;
/** Keys before a host's name, which may then have two labels alone. */
const hostKeys = new Set(
  'host rhost hostname server peer client domain addr'.split(' ').map(hashOf),
);

/** What the names of hosts end in, beside the two letters of a country. */
const generic = new Set(
  'com net org edu gov mil int arpa info biz local lan internal localdomain home corp'.split(' '),
);
/** Two letters that names of files end in, far more often than hosts of that country. */
const extensions = new Set('js ts so sh py rs md pl cc gz rb go xz bz db hs ml mm'.split(' '));
/** Before a country's two letters. */
const secondLevel = new Set('com co net org edu ac gov'.split(' '));
/** What names of packages and classes begin with, which are written the other way round. */
const packages = new Set('com org net io edu gov java javax jdk sun'.split(' '));

/**
 * The end of the host name that begins here: at least three labels (two behind host=) of letters,
 * digits and dashes, of which the last is a country's or a generic one.
 * @param before - hash of the word before, for host= and its like; 0 where there is none
 * @returns -1 where there is none
 */
export function hostEnd(codes: Uint16Array, start: number, before: number): number {
  let labels = 1;
  let firstEnd = -1;
  let lastStart = start;
  let lastButOne = start;
  let i = start;
  for (; i < start + hostCharsMax; i += 1) {
    const code = codes[i]!;
    const kind = characterKinds[code]!;
    if (code === dot) {
      // A name ends before the dot of a sentence.
      if (characterKinds[codes[i + 1]!]! < digit) break;
      if (i === lastStart) return -1;
      if (firstEnd === -1) firstEnd = i;
      labels += 1;
      lastButOne = lastStart;
      lastStart = i + 1;
    } else if (code !== dash && (code >= 0x80 || kind < digit)) {
      break;
    }
  }
  const isNamed = codes[start - 1] === 0x3d && hostKeys.has(before);
  if (labels < (isNamed ? 2 : 3) || characterKinds[codes[i]!]! >= digit) return -1;
  if (packages.has(textOf(codes, start, firstEnd))) return -1;
  const last = textOf(codes, lastStart, i);
  if (generic.has(last)) return i;
  if (!/^[a-z]{2}$/.test(last)) return -1;
  const isSurelyHost = labels > 3 || secondLevel.has(textOf(codes, lastButOne, lastStart - 1));
  return isSurelyHost || !extensions.has(last) ? i : -1;
}

/** Of a few characters. */
function textOf(codes: Uint16Array, start: number, end: number): string {
  return end - start > 16 ? '' : String.fromCharCode(...codes.subarray(start, end));
}
