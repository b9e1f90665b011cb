/**
 * Small looks ahead and around in a line, given as its code units with zeros behind its end; each
 * reads a bounded number of them.
 */
import { characterKinds, digit, lower, upper } from './characters.ts';
import { calendar, hashStart, hashStep, kindsOfWord } from './known-words.ts';

const quote = 0x22;
const colon = 0x3a;
const equals = 0x3d;
const space = 0x20;

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

export function isHexLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);
}

/** ESC [ parameters letter, as ECMA-48 writes control sequences. @returns where text goes on */
export function ansiSequenceEnd(codes: Uint16Array, start: number): number {
  if (codes[start + 1]! !== 0x5b) return start + 1;
  let i = start + 2;
  while (codes[i] !== 0 && characterKinds[codes[i]!]! < lower) i += 1;
  return i + 1;
}

/** \n, \u001b and their like in JSON. @returns where text goes on */
export function jsonEscapeEnd(codes: Uint16Array, start: number): number {
  switch (codes[start + 1]!) {
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
    case 0x62: // b
    case 0x66: // f
      return start + 2;
    case 0x75: {
      const isEscape = startsWith(codes, start + 2, '001b') || startsWith(codes, start + 2, '001B');
      return isEscape ? ansiSequenceEnd(codes, start + 5) : start + 6;
    }
    default:
      return start + 1;
  }
}

const separatorsMin = 3;

/**
 * An address of groups of up to four hex digits with : or - between them: MAC, IPv6, the rest of a
 * uuid. A digit must be among them, or it may be words.
 * @returns its end, or -1 where there is none
 */
export function addressEnd(codes: Uint16Array, start: number): number {
  let separators = 0;
  let groupLength = 0;
  let hasDigit = false;
  let i = start;
  for (; ; i += 1) {
    const code = codes[i]!;
    if (isDigit(code) || isHexLetter(code)) {
      groupLength += 1;
      hasDigit ||= isDigit(code);
      if (groupLength > 4) return -1;
    } else if (code === colon || code === 0x2d) {
      separators += 1;
      groupLength = 0;
    } else {
      if (characterKinds[code]! >= digit) return -1;
      break;
    }
  }
  return separators >= separatorsMin && hasDigit ? i : -1;
}

/** A day's number or a month's name right behind a date's part. */
export function datePartFollows(codes: Uint16Array, end: number): boolean {
  let i = end;
  while (i < end + 2 && isDateGap(codes[i]!)) i += 1;
  if (i === end) return false;
  if (isDigit(codes[i]!)) return true;
  if (characterKinds[codes[i]!] !== upper) return false;
  let hash = hashStart;
  for (let k = 0; k < 3; k += 1) hash = hashStep(hash, codes[i + k]! | 32);
  const after = codes[i + 3]!;
  return (kindsOfWord(hash) & calendar) !== 0 && !(characterKinds[after]! >= digit);
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

const userNameGaps = ['=', '="', ':', ': ', ' "', '":"', '": "'];

/**
 * Whether the word from start to end, which follows the word "user", is a name: user=ann,
 * "user":"ann", `user ann from`, but not `user created`.
 */
export function isUserName(
  codes: Uint16Array,
  gapStart: number,
  start: number,
  end: number,
): boolean {
  const length = start - gapStart;
  if (userNameGaps.some((gap) => gap.length === length && startsWith(codes, gapStart, gap))) {
    return true;
  }
  if (length !== 1 || codes[gapStart] !== space || startsWith(codes, end - 2, 'ed')) return false;
  return [' from ', ' by ', ' ['].some((next) => startsWith(codes, end, next));
}

function startsWith(codes: Uint16Array, start: number, text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    if (codes[start + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}
