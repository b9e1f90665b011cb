/** Names of hosts: addresses, of which nothing is said by being this one and not another. */
import { characterKinds, digit, lower } from './characters.ts';
import { hashStart, hashStep } from '../shared/fnv.ts';
import { hashOf } from './word-kinds.ts';

const dash = 0x2d;
const dot = 0x2e;
const hostCharsMax = 128;

function hashesOf(words: string): ReadonlySet<number> {
  return new Set(words.split(' ').map(hashOf));
}

/** Keys before a host's name, which may then have two labels alone. */
const hostKeys = hashesOf('host rhost hostname server peer client domain addr');
/** What the names of hosts end in, beside the two letters of a country. */
const generic = hashesOf(
  'com net org edu gov mil int arpa info biz local lan internal localdomain home corp',
);
/** Two letters that names of files end in, far more often than hosts of that country. */
const extensions = hashesOf('js ts so sh py rs md pl cc gz rb go xz bz db hs ml mm');
/** Before a country's two letters. */
const secondLevel = hashesOf('com co net org edu ac gov');
/** What names of packages and classes begin with, which are written the other way round. */
const packages = hashesOf('com org net io edu gov java javax jdk sun');

/**
 * The end of the host name that begins here: at least three labels (two behind host=) of letters,
 * digits and dashes, of which the last is a country's or a generic one.
 * @param before - hash of the word before, for host= and its like; 0 where there is none
 * @returns -1 where there is none
 */
export function hostEnd(codes: Uint16Array, start: number, before: number): number {
  let labels = 1;
  let labelStart = start;
  let hash = hashStart;
  let first = 0;
  let lastButOne = 0;
  let i = start;
  for (; i < start + hostCharsMax; i += 1) {
    const code = codes[i]!;
    if (code === dot) {
      // A name ends before the dot of a sentence.
      if (characterKinds[codes[i + 1]!]! < digit) break;
      if (i === labelStart) return -1;
      if (labels === 1) first = hash;
      labels += 1;
      lastButOne = hash;
      labelStart = i + 1;
      hash = hashStart;
    } else if (code === dash || (code < 0x80 && characterKinds[code]! >= digit)) {
      hash = hashStep(hash, code);
    } else {
      break;
    }
  }
  const isNamed = labels === 2 && codes[start - 1] === 0x3d && hostKeys.has(before);
  if (labels < 3 && !isNamed) return -1;
  if (characterKinds[codes[i]!]! >= digit || packages.has(first)) return -1;
  if (generic.has(hash)) return i;
  if (i - labelStart !== 2 || !isLower(codes[labelStart]!) || !isLower(codes[i - 1]!)) return -1;
  const isSurelyHost = labels > 3 || secondLevel.has(lastButOne);
  return isSurelyHost || !extensions.has(hash) ? i : -1;
}

function isLower(code: number): boolean {
  return code < 0x80 && characterKinds[code] === lower;
}
