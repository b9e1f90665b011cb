/**
 * What a tool put before a line: syslog's host and program, a container's name. Told by its form
 * alone, and only at the very start.
 */
import { characterKinds, digit, lower, smallLetters, upper } from './characters.ts';
import { kindsOfWord, level } from './known-words.ts';
import { isDigit } from './peek.ts';
import { hashStart, hashStep } from '../shared/fnv.ts';

const space = 0x20;
const tab = 0x09;
const bar = 0x7c;
const colon = 0x3a;
const dash = 0x2d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
/** No prefix is longer. */
const prefixCharsMax = 160;
const nameCharsMax = 48;
/** Every line without a prefix is looked through so far. */
const jobCharsMax = 40;
const wordsOfRfc5424 = 3;

/**
 * The end of the time that a line begins with, perhaps behind syslog's <34>: nothing of it stays,
 * so it need not be read.
 * @returns where text goes on, 0 where there is no time
 */
export function timeEnd(codes: Uint16Array): number {
  const start = codes[0] === 0x3c ? priorityEnd(codes) : 0;
  return isDigit(codes[start]!) ? isoTimeEnd(codes, start) : calendarTimeEnd(codes, start);
}

/**
 * @param time - the end of the time that the line begins with, or 0
 * @returns where the message begins, 0 where nothing stands before it
 */
export function prefixEnd(codes: Uint16Array, time: number, length: number): number {
  const first = codes[0]!;
  if (time > 0) return Math.min(length, syslogEnd(codes, time, first === 0x3c));
  if (first === openBracket) return podEnd(codes);
  return nameEnd(codes, Math.min(length, prefixCharsMax));
}

/** <34> or <34>1 */
function priorityEnd(codes: Uint16Array): number {
  let i = 1;
  while (isDigit(codes[i]!)) i += 1;
  if (codes[i] !== 0x3e) return 0;
  return codes[i + 1] === 0x31 && codes[i + 2] === space ? i + 3 : i + 1;
}

/** Mar  4 05:06:07 and a blank; 0 where there is no such time. */
function calendarTimeEnd(codes: Uint16Array, start: number): number {
  if (characterKinds[codes[start]!] !== upper || characterKinds[codes[start + 1]!] !== lower)
    return 0;
  if (codes[start + 3] !== space || !isDigit(codes[start + 5]!)) return 0;
  if (codes[start + 9] !== colon || codes[start + 12] !== colon) return 0;
  return codes[start + 15] === space ? start + 16 : 0;
}

/** 2024-03-04T05:06:07.123Z and a blank, or with a blank for the T; 0 where there is none. */
function isoTimeEnd(codes: Uint16Array, start: number): number {
  if (codes[start + 4] !== dash || codes[start + 7] !== dash) return 0;
  if (codes[start + 13] !== colon || codes[start + 16] !== colon) return 0;
  const between = codes[start + 10]!;
  if (between !== 0x54 && between !== space) return 0;
  if (!isDigit(codes[start]!) || !isDigit(codes[start + 18]!)) return 0;
  let i = start + 19;
  while (i < start + 40 && isTimePart(codes[i]!)) i += 1;
  return codes[i] === space ? i + 1 : 0;
}

/** Of seconds and of a zone. */
function isTimePart(code: number): boolean {
  return isDigit(code) || (code >= 0x2b && code <= 0x2e) || code === colon || code === 0x5a;
}

/** host program[123]: or what RFC 5424 or a container's runtime writes behind the time. */
function syslogEnd(codes: Uint16Array, start: number, hasPriority: boolean): number {
  const host = wordEnd(codes, start);
  if (codes[start] === 0x73 && codes[start + 1] === 0x74 && codes[start + 2] === 0x64) {
    const isFlag = codes[host + 1] === 0x46 || codes[host + 1] === 0x50; // F or P
    if (isFlag && codes[host + 2] === space) return host + 3;
  }
  const program = programEnd(codes, host + 1);
  if (program > 0) {
    const hasNumber = codes[program - 2] === closeBracket;
    return hasNumber || !isLevel(codes, start, host) ? program : 0;
  }
  if (!hasPriority) return 0;
  let i = host;
  for (let k = 0; k < wordsOfRfc5424; k += 1) i = wordEnd(codes, i + 1);
  return codes[i + 1] === dash && codes[i + 2] === space ? i + 3 : i;
}

/** `2024-03-04T05:06:07 ERROR main: …` has no host. */
function isLevel(codes: Uint16Array, start: number, end: number): boolean {
  let hash = hashStart;
  for (let i = start; i < end; i += 1) hash = hashStep(hash, smallLetters[codes[i]!]!);
  return (kindsOfWord(hash) & level) !== 0;
}

/** Behind the colon of sshd: sshd[123]: postfix/smtpd[1]: su(pam_unix)[7]: or 0. */
function programEnd(codes: Uint16Array, start: number): number {
  if (characterKinds[codes[start]!]! <= digit) return 0;
  let i = start + 1;
  while (i < start + nameCharsMax && isProgramPart(codes[i]!)) i += 1;
  return codes[i] === colon && codes[i + 1]! <= space ? i + 1 : 0;
}

function isProgramPart(code: number): boolean {
  const isBracket = code === openBracket || code === closeBracket || code === 0x28 || code === 0x29;
  return isNamePart(code) || isBracket;
}

function isNamePart(code: number): boolean {
  return characterKinds[code]! >= digit || (code >= dash && code <= 0x2f) || code === 0x5f;
}

function wordEnd(codes: Uint16Array, start: number): number {
  let i = start;
  while (i < prefixCharsMax && codes[i]! > space) i += 1;
  return i;
}

/** [pod/web/app] and a blank, as kubectl and stern write it. */
function podEnd(codes: Uint16Array): number {
  let slashes = 0;
  let i = 1;
  while (i < prefixCharsMax && isNamePart(codes[i]!)) {
    if (codes[i] === 0x2f) slashes += 1;
    i += 1;
  }
  return slashes > 0 && codes[i] === closeBracket && codes[i + 1] === space ? i + 2 : 0;
}

/** `web-1  | ` of docker compose, `job⇥step⇥time ` of GitHub Actions. */
function nameEnd(codes: Uint16Array, end: number): number {
  let i = 0;
  while (i < nameCharsMax && isNamePart(codes[i]!)) i += 1;
  if (i === 0 || (codes[i] !== space && codes[i] !== tab)) return 0;
  const name = i;
  while (codes[i] === space) i += 1;
  if (codes[i] === bar && codes[i + 1] === space) return i + 2;
  i = tabAfter(codes, name, Math.min(end, jobCharsMax));
  return i === 0 ? 0 : isoTimeEnd(codes, tabAfter(codes, i, end));
}

/** Behind the next tab, or 0. */
function tabAfter(codes: Uint16Array, start: number, end: number): number {
  for (let i = start; i < end; i += 1) if (codes[i] === tab) return i + 1;
  return 0;
}
