/**
 * Small looks ahead and around in a line, given as its code units with zeros behind its end; each
 * reads a bounded number of them.
 */
import { characterKinds, digit, mark, upper } from './characters.ts';

const quote = 0x22;
const colon = 0x3a;
const equals = 0x3d;
const space = 0x20;
const dash = 0x2d;
const dot = 0x2e;

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

export function isHexLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);
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
