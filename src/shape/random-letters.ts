/**
 * Do letters follow each other by chance? A base64 text and the suffix of a pod have pairs of
 * letters that words don't have.
 */
import { characterKinds, digit, upper } from './characters.ts';

/**
 * After a, b, c …: the letters that follow it in words. Pairs of less than 6 in 10,000 in the words
 * of the model's vocabulary and of its sample sentences (test/fixtures/model) are left out.
 */
const followers = (
  'bcdfgiklmnprstuvwy aeilorsu acehiklortuy adeilorsuy abcdefgilmnoprstvwxy aefilortu aehilnorsu ' +
  'aeiortu abcdefglmnoprstvz aeou aeis adeilostuy abeimopsuy acdefgiknostuvy abcdfgiklmnoprstuvwy ' +
  'aehiloprstu u abcdegiklmnoprstuvy acehiklmopstuwy acehilorstuy abcdegilmnprst aeio aehino p es e'
).split(' ');
const rarePairs = new Uint8Array(32 * 32).fill(1);
for (const [first, letters] of followers.entries()) {
  for (const second of letters) rarePairs[(first + 1) * 32 + (second.charCodeAt(0) & 31)] = 0;
}

/** What was seen of some letters. */
let letters = 0;
let pairs = 0;
let rare = 0;
let changes = 0;

/** Pairs count within a hump: a capital may follow anything. */
function look(codes: Uint16Array, start: number, end: number): void {
  letters = 0;
  pairs = 0;
  rare = 0;
  changes = 0;
  let before = 0;
  for (let i = start; i < end; i += 1) {
    const code = codes[i]!;
    const small = code | 0x20;
    if (small < 0x61 || small > 0x7a) {
      before = 0;
      continue;
    }
    letters += 1;
    if (before !== 0) {
      changes += ((before ^ code) >> 5) & 1;
      if (code === small) {
        pairs += 1;
        rare += rarePairs[(before & 31) * 32 + (code & 31)]!;
      }
    }
    before = code;
  }
}

/** Whether half of the pairs of these letters are none that words have. */
export function isRandom(codes: Uint16Array, start: number, end: number): boolean {
  look(codes, start, end);
  return rare >= 2 && rare * 2 >= pairs;
}

const podTemplateMin = 8;
const podTemplateMax = 10;
export const podSuffixChars = 5;

/** bcdfgjklm in -bcdfgjklm-xzwvq: both are random. */
export function isPodLetters(codes: Uint16Array, start: number, end: number): boolean {
  const length = end - start;
  if (length < podTemplateMin || length > podTemplateMax || codes[end] !== 0x2d) return false;
  return isRandom(codes, start, end) && isRandom(codes, end + 1, end + 1 + podSuffixChars);
}

const changesMin = 3;
const lettersMin = 8;
/** Of letters alone there must be more: abbreviations in names of classes look random, too. */
const lettersAloneMin = 12;

/**
 * Whether the letters and digits from start to end, which keep changing case, are base64 rather
 * than words with humps; with the letters around them that only / and + part from them, if they
 * are one token.
 */
export function isBase64(codes: Uint16Array, start: number, end: number): boolean {
  if (looksBase64(codes, start, end, lettersAloneMin)) return true;
  const first = base64Start(codes, start);
  let last = end;
  while (isTokenPart(codes[last]!)) last += 1;
  return (first < start || last > end) && looksBase64(codes, first, last, lettersMin);
}

/** Where the token begins that the word at `start` is part of. */
export function base64Start(codes: Uint16Array, start: number): number {
  let first = start;
  while (first > 0 && isTokenPart(codes[first - 1]!)) first -= 1;
  return first;
}

function looksBase64(codes: Uint16Array, start: number, end: number, least: number): boolean {
  look(codes, start, end);
  if (changes < changesMin || letters < lettersMin) return false;
  const isMixed = letters < end - start;
  if (letters >= lettersAloneMin && changes * 2 >= letters) return true;
  return letters >= (isMixed ? lettersMin : least) && rare >= 2 && rare * 3 >= pairs;
}

const slash = 0x2f;
const plus = 0x2b;

/** Of base64's alphabet. */
function isTokenPart(code: number): boolean {
  const kind = characterKinds[code]!;
  return (kind >= digit && kind <= upper && code < 0x80) || code === slash || code === plus;
}
