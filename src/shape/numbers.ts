/** Numbers that have a meaning stay: codes of HTTP, of exits, signals and errors. */
import { httpReason } from './http-status.ts';
import * as known from './known-words.ts';
import { isAfterHttpVersion } from './peek.ts';
import { isStatusByPlace } from './status.ts';
import { hashOf } from './word-kinds.ts';
import type { WordBuffer } from './word-buffer.ts';

const withHash = hashOf('with');
const httpHash = hashOf('http');
/** Words that an HTTP status follows, or other numbers: 100 to 599 are taken for one. */
const httpWords = new Set(
  ['status', 'http', 'httpstatus', 'statuscode', 'httpcode', 'responsecode', 'code', 'sc'].map(
    hashOf,
  ),
);

const statusDigits = 3;
/** As Windows writes exit codes. */
const exitDigitsMax = 10;
const gapCharsMax = 4;

/** What a number is taken for. */
export const plainNumber = 0;
export const codeNumber = 1;
export const httpNumber = 2;

/**
 * @param gapStart - the end of the word before
 * @param isNext - the last of the words is the word before the number
 * @param afterMethod - GET, POST … was read before
 */
export function meaningOfNumber(
  codes: Uint16Array,
  words: WordBuffer,
  gapStart: number,
  start: number,
  end: number,
  isNext: boolean,
  afterMethod: boolean,
): number {
  const length = end - start;
  if (length > exitDigitsMax) return plainNumber;
  const { count } = words;
  const isStatus = length === statusDigits && codes[start]! <= 0x35 && codes[start] !== 0x30;
  if (isNext && count > 0 && start - gapStart <= gapCharsMax) {
    let last = count - 1;
    if (words.hashAt(last) === withHash && count > 1) last -= 1; // exited with 1
    const hash = words.hashAt(last);
    const kinds = known.kindsOfWord(hash);
    if ((kinds & known.exit) !== 0 || isExitCode(words, last, kinds)) return codeNumber;
    if ((kinds & known.code) !== 0 && length <= statusDigits) {
      if (isStatus && httpWords.has(hash)) return httpNumber;
      return hash === httpHash ? plainNumber : codeNumber; // HTTP/2
    }
    if ((kinds & known.answer) !== 0 && isStatus && codes[start]! >= 0x34) return httpNumber;
  }
  if (!isStatus) return plainNumber;
  const isAfterVersion = start - gapStart <= 2 && isAfterHttpVersion(codes, gapStart);
  return isAfterVersion || isStatusByPlace(codes, gapStart, start, afterMethod)
    ? httpNumber
    : plainNumber;
}

/** exit code, exit status, exited with code */
function isExitCode(words: WordBuffer, last: number, kinds: number): boolean {
  if ((kinds & known.code) === 0 || last === 0) return false;
  const before = words.hashAt(last - 1) === withHash && last > 1 ? last - 2 : last - 1;
  return (known.kindsOfWord(words.hashAt(before)) & known.exit) !== 0;
}

/** Writes a number that stays, and what it means where it is the status of an error. */
export function writeNumber(
  codes: Uint16Array,
  words: WordBuffer,
  start: number,
  end: number,
  meaning: number,
): void {
  const number = String.fromCharCode(...codes.subarray(start, end));
  words.append(number);
  if (meaning !== httpNumber) return;
  for (const word of httpReason(Number(number))) words.append(word);
}
