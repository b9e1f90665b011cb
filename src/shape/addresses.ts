/** Addresses, and the ids of machines: each look reads a bounded number of code units. */
import { characterKinds, digit } from './characters.ts';
import { isDigit, isHexLetter } from './peek.ts';

const colon = 0x3a;
const dash = 0x2d;
const dot = 0x2e;

const separatorsMin = 3;
/** InfiniBand's addresses have 19. */
const separatorsMax = 20;

/**
 * An address of groups of up to four hex digits with : or - between them: MAC, IPv6; or of three
 * groups of four with dots. A digit must be among them, or it may be words.
 * @returns its end, or -1 where there is none
 */
function addressEnd(codes: Uint16Array, start: number): number {
  let separators = 0;
  let groupLength = 0;
  let hasDigit = false;
  let isShortened = false;
  let i = start;
  for (; ; i += 1) {
    const code = codes[i]!;
    if (isDigit(code) || isHexLetter(code)) {
      groupLength += 1;
      hasDigit ||= isDigit(code);
      if (groupLength > 4) return -1;
    } else if (code === colon || code === dash) {
      separators += 1;
      if (separators === separatorsMax) return -1;
      isShortened ||= code === colon && codes[i + 1] === colon;
      groupLength = 0;
    } else {
      if (characterKinds[code]! >= digit) return -1;
      break;
    }
  }
  return (separators >= separatorsMin || (isShortened && separators >= 2)) && hasDigit ? i : -1;
}

/** 00ab.12cd.34ef, as switches write a MAC. @returns its end, or -1 */
function dottedAddressEnd(codes: Uint16Array, start: number): number {
  const end = start + 14;
  let hasDigit = false;
  for (let i = start; i < end; i += 1) {
    const code = codes[i]!;
    if ((i - start) % 5 === 4) {
      if (code !== dot) return -1;
    } else {
      if (!isDigit(code) && !isHexLetter(code)) return -1;
      hasDigit ||= isDigit(code);
    }
  }
  return hasDigit && characterKinds[codes[end]!]! < digit ? end : -1;
}

/** The end of the address that may begin with this word of at most eight hex digits, or -1. */
export function addressEndAt(codes: Uint16Array, start: number, end: number): number {
  const length = end - start;
  const next = codes[end]!;
  if (next === colon) return length <= 4 ? addressEnd(codes, start) : -1;
  if (next === dash) {
    if (length === 8) return uuidEnd(codes, start);
    return length === 2 ? addressEnd(codes, start) : -1;
  }
  return next === dot && length === 4 ? dottedAddressEnd(codes, start) : -1;
}

const uuidDashes = [8, 13, 18, 23];
const uuidChars = 36;

/** 8-4-4-4-12 hex digits. @returns the end, or -1 where there is none */
function uuidEnd(codes: Uint16Array, start: number): number {
  for (let i = 0; i < uuidChars; i += 1) {
    const code = codes[start + i]!;
    if (uuidDashes.includes(i) ? code !== dash : !isDigit(code) && !isHexLetter(code)) return -1;
  }
  return start + uuidChars;
}

/** R24 in R24-M0: a letter with a number, and behind it another. */
export function isPlaceBefore(codes: Uint16Array, start: number, end: number): boolean {
  if (characterKinds[codes[start + 1]!] !== digit) return false;
  const code = codes[end]!;
  if (code !== dash && code !== colon) return false;
  return characterKinds[codes[end + 1]!]! > digit && isDigit(codes[end + 2]!);
}

/** The letters and digits that Kubernetes makes names of: none that could spell a word. */
const podLetters = Array.from('bcdfghjklmnpqrstvwxz2456789', (char) => char.charCodeAt(0));

/**
 * Parts of a pod's name, joined by dashes: eight to ten of those letters, or five, where a letter
 * follows a digit (http2 is a name).
 */
export function isPodPart(codes: Uint16Array, start: number, end: number): boolean {
  const length = end - start;
  if (codes[start - 1] !== dash || length < 5 || length > 10) return false;
  let hasLetterBehind = false;
  for (let i = start; i < end; i += 1) {
    if (!podLetters.includes(codes[i]!)) return false;
    if (i > start && isDigit(codes[i - 1]!) && !isDigit(codes[i]!)) hasLetterBehind = true;
  }
  return length >= 8 || (length === 5 && hasLetterBehind);
}
