/**
 * Small looks ahead and around in a line, given as its code units with zeros behind its end; each
 * reads a bounded number of them.
 */
import { characterKinds, digit, lower, mark, upper } from './characters.ts';
import { calendar, kindsOfWord } from './known-words.ts';
import { hashStart, hashStep } from './word-table.ts';

const quote = 0x22;
const colon = 0x3a;
const equals = 0x3d;
const space = 0x20;
const dash = 0x2d;
const dot = 0x2e;

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isHexLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);
}

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

/**
 * U.S., U.S.A., U.K: capitals that a dot follows each, the last one perhaps not.
 * @returns where text goes on, or -1 where there are no two
 */
export function initialsEnd(codes: Uint16Array, start: number): number {
  let i = start;
  while (characterKinds[codes[i]!] === upper && codes[i + 1] === dot) i += 2;
  if (characterKinds[codes[i]!] === upper && characterKinds[codes[i + 1]!]! < digit) i += 1;
  return i - start >= 3 ? i : -1;
}

/** Whether this @ ends the name of a mailbox: a host with a dot follows. */
export function mailHostFollows(codes: Uint16Array, at: number): boolean {
  let i = at + 1;
  while (characterKinds[codes[i]!]! >= digit || codes[i] === dash) i += 1;
  return i > at + 1 && codes[i] === dot && characterKinds[codes[i + 1]!]! > digit;
}

/**
 * A day's number or a month's name right behind a date's part: `Mar  4 05:06`, `Sat Jul`, `Oct/2023`,
 * but not `May 5 people`.
 */
export function datePartFollows(codes: Uint16Array, end: number): boolean {
  let i = end;
  while (i < end + 2 && isDateGap(codes[i]!)) i += 1;
  if (i === end) return false;
  if (isDigit(codes[i]!)) {
    let past = i;
    while (isDigit(codes[past]!)) past += 1;
    if (past - i > 4) return false;
    return codes[past] !== space || characterKinds[codes[past + 1]!] !== lower;
  }
  if (characterKinds[codes[i]!] !== upper) return false;
  let hash = hashStart;
  for (let k = 0; k < 3; k += 1) hash = hashStep(hash, codes[i + k]! | 32);
  const after = codes[i + 3]!;
  return (kindsOfWord(hash) & calendar) !== 0 && !(characterKinds[after]! >= digit);
}

/** 10-Oct, 10/Oct: a month behind a day. */
export function isDateJoint(codes: Uint16Array, gapStart: number, start: number): boolean {
  return start - gapStart === 1 && (codes[gapStart] === dash || codes[gapStart] === 0x2f);
}

function isDateGap(code: number): boolean {
  return code === space || code === 0x2c || code === 0x2f || code === 0x2d;
}

/** Whether a key ends here: key= or "key": */
export function isKeyEnd(codes: Uint16Array, end: number): boolean {
  const code = codes[end]!;
  if (code === equals) {
    const next = codes[end + 1]!;
    return next !== equals && next !== 0x3e;
  }
  if (code !== quote) return false;
  const next = codes[end + 1]!;
  return next === colon || (next === space && codes[end + 2]! === colon);
}

/** Whether HTTP/1.1 or HTTP/2 ends where this gap begins. */
export function isAfterHttpVersion(codes: Uint16Array, gapStart: number): boolean {
  return startsWith(codes, gapStart - 8, 'HTTP/') || startsWith(codes, gapStart - 6, 'HTTP/');
}

/** How words are joined to a segment. */
export const apart = 0;
export const joined = 1;
export const joinedByDot = 2;
export const joinedByUnderscore = 3;

export function jointBetween(codes: Uint16Array, gapStart: number, gapEnd: number): number {
  const length = gapEnd - gapStart;
  if (length === 1) return jointOf(codes[gapStart]!);
  if (length !== 2) return apart;
  const one = jointOf(codes[gapStart]!);
  const two = jointOf(codes[gapStart + 1]!);
  if (one === apart || two === apart) return apart;
  if (one === joinedByDot && two === joinedByDot) return apart; // An ellipsis, or a range.
  return one === joinedByDot || two === joinedByDot ? joinedByDot : Math.max(one, two);
}

function jointOf(code: number): number {
  switch (code) {
    case 0x2e:
      return joinedByDot;
    case 0x5f:
      return joinedByUnderscore;
    case 0x2d:
    case 0x2b:
      return joined;
    default:
      return apart;
  }
}

/** Whether a path goes on across this gap: / \ // \\ or :// */
export function isPathGap(codes: Uint16Array, gapStart: number, gapEnd: number): boolean {
  const length = gapEnd - gapStart;
  const last = codes[gapEnd - 1]!;
  if (length === 0 || (last !== 0x2f && last !== 0x5c)) return false;
  if (length === 1) return true;
  if (codes[gapEnd - 2]! !== last) return false;
  return length === 2 || (length === 3 && last === 0x2f && codes[gapStart]! === colon);
}

const tokenEnds = Array.from(' \t,;"\'()[]{}\\', (char) => char.charCodeAt(0));

/** Whether a long token ends in this gap: at a blank, quote, bracket, comma, semicolon or escape. */
export function endsToken(codes: Uint16Array, gapStart: number, gapEnd: number): boolean {
  for (let i = gapStart; i < gapEnd; i += 1) {
    if (tokenEnds.includes(codes[i]!)) return true;
  }
  return false;
}

const userNameGaps = ['=', '="', ':', ': ', ' "', '":"', '": "', "='", "':'", "': '", " '"];

/**
 * Whether the word from start to end, which follows the word "user", is a name: user=ann,
 * "user":"ann", `user ann from`, `for user ann`, but not `user created` or `user growth by region`.
 * @param isFor - the word before "user" makes it one: for user, invalid user
 */
export function isUserName(
  codes: Uint16Array,
  gapStart: number,
  start: number,
  end: number,
  isFor: boolean,
): boolean {
  const length = start - gapStart;
  if (userNameGaps.some((gap) => gap.length === length && startsWith(codes, gapStart, gap))) {
    return true;
  }
  if (length !== 1 || codes[gapStart] !== space || startsWith(codes, end - 2, 'ed')) return false;
  if ([' from ', ' [', '('].some((next) => startsWith(codes, end, next))) return true;
  if (!isFor) return false;
  const after = codes[end]!;
  return after === 0 || characterKinds[after] === mark || startsWith(codes, end, ' by ');
}

function startsWith(codes: Uint16Array, start: number, text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    if (codes[start + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}

/** %27, %e3: two hex digits, one of them a digit. */
export function isEncodedByte(codes: Uint16Array, at: number): boolean {
  const one = codes[at + 1]!;
  const two = codes[at + 2]!;
  if (isDigit(one)) return isDigit(two) || isHexLetter(two);
  return isHexLetter(one) && isDigit(two);
}

/** $ £ € ¥ + - . before a number. */
export function isAmountSign(code: number): boolean {
  return code === 0x24 || code === 0xa3 || code === 0x20ac || code === 0xa5 || code === dot;
}

/** Behind R24: -M0, another letter with digits. */
export function isPlaceFollows(codes: Uint16Array, end: number): boolean {
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

/** Whether a token begins here: what stands before it is no letter, and joins nothing to it. */
export function isTokenBegin(codes: Uint16Array, start: number): boolean {
  if (start === 0) return true;
  const before = codes[start - 1]!;
  return before !== dot && before !== colon && before !== dash && before !== 0x5f;
}

/** ' or ’ */
export function isApostrophe(code: number): boolean {
  return code === 0x27 || code === 0x2019;
}

/** The end of a character: of both its halves, where it has two. */
export function pairEnd(codes: Uint16Array, at: number): number {
  const isPair = codes[at]! >> 10 === 0x36 && codes[at + 1]! >> 10 === 0x37;
  return isPair ? at + 2 : at + 1;
}
