/**
 * Is a word of letters and digits a name, or an id? Decided by its form alone: names have few
 * digits, in one place, and not too many letters around them (EXT4, sha256, k8s, 2FA); ids are
 * longer, hexadecimal, or change between letters and digits.
 */
import { characterKinds, digit, lower, upper } from './characters.ts';
import { kindsOfWord, name, suffix } from './known-words.ts';
import { isBase64 } from './random-letters.ts';
import type { WordBuffer } from './word-buffer.ts';
import { caselessStart, writeName } from './word-scanner.ts';
import { hashStart, hashStep } from '../shared/fnv.ts';

const hexCharsMin = 8;
const tokenCharsMin = 16;
const wordCharsMax = 32;
const wordLettersMin = 3;
/** Of a name with letters on both sides of its digits. */
const aroundCharsMax = 12;
const largestHexLetter = 0x66;

/** Sizes of keys, hashes and registers in bits: what names have three digits for. */
const bitSizes = [128, 192, 224, 256, 320, 384, 512];
const standardPrefixes = ['rfc', 'iso', 'cwe', 'kb'];

/** What was seen of the word at hand. */
let digitRuns = 0;
let digits = 0;
/** Of its first digits. */
let value = 0;
let lettersBefore = 0;
let lettersAfter = 0;
let hasSmall = false;
let isHex = false;
let changes = 0;

function look(codes: Uint16Array, start: number, end: number): void {
  digitRuns = 0;
  digits = 0;
  value = 0;
  lettersBefore = 0;
  lettersAfter = 0;
  hasSmall = false;
  isHex = true;
  changes = 0;
  let before = 0;
  for (let i = start; i < end; i += 1) {
    const code = codes[i]!;
    const kind = characterKinds[code]!;
    if (kind === digit) {
      if (before !== digit) digitRuns += 1;
      digits += 1;
      if (digitRuns === 1) value = value * 10 + (code & 15);
    } else {
      if (digitRuns === 0) lettersBefore += 1;
      else lettersAfter += 1;
      if (kind === lower) hasSmall = true;
      if (kind + before === lower + upper) changes += 1;
      if ((code | 0x20) > largestHexLetter) isHex = false;
    }
    before = kind;
  }
}

export const idForm = 0;
export const nameForm = 1;
/**
 * An id that goes on until the next blank: base64, a key, a signature. With so many letters added:
 * a word that a number is glued to, session4711.
 */
export const tokenForm = 2;

/**
 * @param isJoined - to what stands before it, so that it may be part of a time or an id
 * @returns what the word from start to end is, which has digits and letters
 */
export function formOf(codes: Uint16Array, start: number, end: number, isJoined: boolean): number {
  look(codes, start, end);
  const length = end - start;
  const mayBeToken = changes > 0 && (length >= hexCharsMin || digitRuns > 1);
  if (mayBeToken && isBase64(codes, start, end)) return tokenForm;
  if (isName(codes, start, end, isJoined)) return nameForm;
  if (length >= tokenCharsMin && changes > 1) return tokenForm;
  const isWord = digitRuns === 1 && lettersAfter === 0 && lettersBefore >= wordLettersMin && !isHex;
  return isWord ? tokenForm + lettersBefore : idForm;
}

function isName(codes: Uint16Array, start: number, end: number, isJoined: boolean): boolean {
  const length = end - start;
  if (length > wordCharsMax || (isHex && length >= hexCharsMin)) return false;
  if (lettersBefore === 0) return !isJoined && startsName(codes, start, end);
  if (digitRuns === 1) {
    if (lettersAfter === 0) return endsName(codes, start, end);
    if (digits > 2 && !bitSizes.includes(value)) return false;
    return isHex ? length < 5 : changes > 0 || length <= aroundCharsMax;
  }
  // Server2Worker3: humps with digits, unlike an id.
  if (changes >= digitRuns && digits <= digitRuns * 2 && length >= 3 * digitRuns) return true;
  return isKnown(codes, start, end);
}

/** 2FA, 3D, 5G, 7zip, but not 12ms, 3rd, 0x1f, 5a3 … */
function startsName(codes: Uint16Array, start: number, end: number): boolean {
  if (digitRuns > 1 || digits > 2) return false;
  const first = start + digits;
  if (lettersAfter === 1) return digits === 1 && !hasSmall;
  if (codes[start] === 0x30) return false;
  if ((kindsOfWord(hashOf(codes, first, end)) & suffix) !== 0) return false;
  if (lettersAfter === 2) return digits === 1 || !hasSmall;
  return !isHex;
}

/** EXT4, ipv6, MH370, sha256, rfc5424, but not req12345. */
function endsName(codes: Uint16Array, start: number, end: number): boolean {
  if (digits <= 2) return true;
  if (digits === 3) {
    return (
      !hasSmall || (lettersBefore > 1 && bitSizes.includes(value)) || isKnown(codes, start, end)
    );
  }
  if (digits === 4 && isStandard(codes, start, end - digits)) return true;
  return isKnown(codes, start, end);
}

function isKnown(codes: Uint16Array, start: number, end: number): boolean {
  return (kindsOfWord(hashOf(codes, start, end)) & name) !== 0;
}

function isStandard(codes: Uint16Array, start: number, end: number): boolean {
  const prefix = String.fromCharCode(...codes.subarray(start, end)).toLowerCase();
  return standardPrefixes.includes(prefix);
}

function hashOf(codes: Uint16Array, start: number, end: number): number {
  let hash = hashStart;
  for (let i = start; i < end; i += 1) {
    const code = codes[i]!;
    hash = hashStep(hash, characterKinds[code] === upper ? code | 0x20 : code);
  }
  return hash;
}

/** 注文12345が失敗: where a script without capitals meets a digit, a word ends. */
export function writePieces(
  codes: Uint16Array,
  start: number,
  end: number,
  words: WordBuffer,
): void {
  let i = start;
  while (i < end) {
    const hasCase = isCasedOrDigit(codes[i]!);
    const first = i;
    let digits = 0;
    while (i < end && isCasedOrDigit(codes[i]!) === hasCase) {
      if (characterKinds[codes[i]!] === digit) digits += 1;
      i += 1;
    }
    if (digits === i - first) continue;
    if (digits === 0 || formOf(codes, first, i, false) === nameForm) {
      writeName(codes, first, i, words);
    }
  }
}

function isCasedOrDigit(code: number): boolean {
  return code < caselessStart || characterKinds[code] === digit;
}
