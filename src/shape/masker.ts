/**
 * Line → shape, in one pass over its characters: the hot path of imesde. The key of a shape is the
 * very text that the model reads: its words in small letters, one space between them. So two lines
 * that would get one vector are one shape.
 *
 * A word is a run of letters and digits; a segment is words joined by - _ . or +; a path is
 * segments joined by / or \ or ://. The rules, each chosen by measurement (bench/README.md):
 *
 *  1. A word with a digit goes, and what follows it in its segment; what _ joined before it goes
 *     too (blk_123), but a class name after it stays (v2.Client). Numbers of at most three digits
 *     stay after words such as status, code or signal, and after HTTP/1.1"; the HTTP status of an
 *     error is followed by what it means.
 *  2. A long word of digits and both cases begins a token or a hash: all goes until a break.
 *  3. Eight or more hex letters go, and addresses: MAC, IPv6, uuid. Long words that keep changing
 *     case go.
 *  4. Names of months and days go beside a number, units after one.
 *  5. camelCase becomes words; -n't becomes not.
 *  6. The name after `user` goes.
 *  7. Keys that every line has (level=, "msg":) go, their values stay.
 *  8. Of dotted names and of paths the last two parts stay.
 *  9. One to four words said twice in a row are said once.
 * 10. At most 48 words; of a JSON line that tells its message late, from the message on.
 */
import { Buffer } from 'node:buffer';
import { flatCopy } from '../shared/flat-copy.ts';
import { modelTextCharsMax } from '../shared/limits.ts';
import { characterKinds, digit, mark, upper } from './characters.ts';
import * as known from './known-words.ts';
import { httpReason } from './http-status.ts';
import {
  addressEnd,
  ansiSequenceEnd,
  apart,
  datePartFollows,
  endsToken,
  isAfterHttpVersion,
  isKeyEnd,
  isPathGap,
  isUserName,
  joinedByDot,
  joinedByUnderscore,
  jointBetween,
  jsonEscapeEnd,
} from './peek.ts';
import { Trail } from './trail.ts';
import { WordBuffer } from './word-buffer.ts';
import { WordScanner } from './word-scanner.ts';

const wordsMax = 48;
/** What a line says, it says in its first characters. */
const lineCharsMax = 8_192;
/** As far as a look ahead may read. */
const zerosBehind = 16;
/** A message that begins after so many words comes first. */
const lateMessageWords = 12;
/** The key of lines whose every word goes. */
const wordless = 'number';

const hexLettersMin = 8;
const blobCharsMin = 16;
const changingCharsMin = 12;

export class Masker {
  readonly #exact: boolean;
  readonly #words = new WordBuffer();
  readonly #word = new WordScanner();
  /** Where the parts of the dotted name and of the path at hand begin, counted in kept words. */
  readonly #dotted = new Trail();
  readonly #path = new Trail();
  /** The line's code units, then zeros. */
  readonly #codes = new Uint16Array(lineCharsMax + zerosBehind);
  readonly #bytes = Buffer.from(this.#codes.buffer);
  #length = 0;
  #isJson = false;
  /** In JSON, the word that the message begins with, where it comes late; 0 where it does not. */
  #messageStart = 0;
  /** End of the word before. */
  #gapStart = 0;
  /** A digit was seen in this segment. */
  #isMasking = false;
  /** Inside a long token. */
  #inBlob = false;
  /** The word before was a number, or a date's name beside one. */
  #afterNumber = false;
  /** How the word at hand is joined to the one before. */
  #joint = apart;

  /** @param options - exact: each different line is its own shape and goes to the model as it is */
  constructor(options: { readonly exact: boolean }) {
    this.#exact = options.exact;
  }

  /**
   * @returns the key of the line's shape, a string of its own memory, or undefined for a line of
   * nothing but white space
   */
  key(line: string): string | undefined {
    if (this.#exact) return line.trim() === '' ? undefined : flatCopy(line, 2);
    this.#begin(line);
    const codes = this.#codes;
    const length = this.#length;
    let hasText = false;
    let i = 0;
    while (i < length) {
      const code = codes[i]!;
      const kind = characterKinds[code]!;
      if (kind >= digit) {
        hasText = true;
        this.#endGap(i);
        const first = this.#words.count;
        i = this.#judgeWord(i, this.#word.read(codes, i, this.#words), first);
        if (this.#words.count >= wordsMax + 16 && (!this.#isJson || this.#messageStart > 0)) break;
      } else if (code === 0x1b) {
        i = ansiSequenceEnd(codes, i);
      } else if (code === 0x5c && this.#isJson) {
        i = jsonEscapeEnd(codes, i);
      } else {
        hasText ||= kind === mark;
        i += 1;
      }
    }
    if (!hasText) return undefined;
    this.#dotted.cut(this.#words);
    this.#path.cut(this.#words);
    return this.#words.count === 0 ? wordless : this.#words.toString(wordsMax, this.#messageStart);
  }

  /** What the model reads for a key. */
  modelText(key: string): string {
    return key.length > modelTextCharsMax ? key.slice(0, modelTextCharsMax) : key;
  }

  #begin(line: string): void {
    // A copy into an array of our own: reading it costs a fifth of charCodeAt on a slice.
    this.#length = this.#bytes.write(line, 0, lineCharsMax * 2, 'utf16le') / 2;
    for (let i = 0; i < zerosBehind; i += 1) this.#codes[this.#length + i] = 0;
    this.#isJson = this.#codes[0] === 0x7b;
    this.#messageStart = 0;
    this.#words.clear();
    this.#dotted.start(0);
    this.#path.start(0);
    this.#gapStart = 0;
    this.#isMasking = false;
    this.#inBlob = false;
    this.#afterNumber = false;
  }

  /** A word begins: does it go on a segment or a path, or end them? */
  #endGap(start: number): void {
    const codes = this.#codes;
    const words = this.#words;
    const gapStart = this.#gapStart;
    this.#joint = jointBetween(codes, gapStart, start);
    if (this.#joint === joinedByDot) {
      this.#dotted.add(words.count);
    } else if (this.#joint === apart) {
      this.#dotted.cut(words);
      this.#isMasking = false;
      if (isPathGap(codes, gapStart, start)) {
        this.#path.addAfterKept(words.count);
      } else {
        this.#path.cut(words);
        this.#path.start(words.count);
        if (this.#inBlob && endsToken(codes, gapStart, start)) this.#inBlob = false;
      }
      this.#dotted.start(words.count);
    }
  }

  /**
   * Decides what stays of a word that was written from word `first` on.
   * @returns where reading goes on
   */
  #judgeWord(start: number, end: number, first: number): number {
    const words = this.#words;
    const codes = this.#codes;
    const kinds = known.kindsOfWord(this.#word.hash);
    if (this.#word.isHex && end - start < hexLettersMin && codes[end] === 0x3a) {
      const past = addressEnd(this.#codes, start);
      if (past !== -1) {
        words.truncate(first);
        this.#isMasking = true;
        this.#gapStart = past;
        return past;
      }
    }
    const stays = this.#word.hasDigit
      ? this.#keepNumber(start, end, first)
      : this.#staysWithoutDigit(start, end, kinds);
    if (stays) this.#keepWord(start, end, first, kinds);
    else if (!this.#word.hasDigit) words.truncate(first);
    this.#afterNumber =
      this.#word.hasDigit || (this.#afterNumber && !stays && (kinds & known.calendar) !== 0);
    this.#gapStart = end;
    return end;
  }

  /** Rules 1 and 2. @returns whether the number stays */
  #keepNumber(start: number, end: number, first: number): boolean {
    const words = this.#words;
    words.truncate(first);
    if (this.#isMeaningfulNumber(start, end, first)) {
      const number = String.fromCharCode(...this.#codes.subarray(start, end));
      words.append(number);
      if (this.#isHttpStatus(start, first)) {
        for (const word of httpReason(Number(number))) words.append(word);
      }
      return true;
    }
    if (this.#joint === joinedByUnderscore && !this.#isMasking) {
      words.truncate(Math.min(this.#dotted.last, words.count));
    }
    this.#isMasking = true;
    if (end - start >= blobCharsMin && this.#word.caseChanges > 0) this.#inBlob = true;
    return false;
  }

  #isMeaningfulNumber(start: number, end: number, first: number): boolean {
    if (!this.#word.isNumber || end - start > 3 || this.#joint !== apart || first === 0)
      return false;
    const gap = start - this.#gapStart;
    if (gap <= 3 && (known.kindsOfWord(this.#words.hashAt(first - 1)) & known.code) !== 0) {
      return true;
    }
    return end - start === 3 && this.#isHttpStatus(start, first);
  }

  /** HTTP/1.1" 503, or status=503. */
  #isHttpStatus(start: number, first: number): boolean {
    if (start - this.#gapStart <= 2 && isAfterHttpVersion(this.#codes, this.#gapStart)) return true;
    return first > 0 && this.#words.hashAt(first - 1) === statusHash;
  }

  /** Rules 1 to 4. */
  #staysWithoutDigit(start: number, end: number, kinds: number): boolean {
    if (this.#inBlob) return false;
    const length = end - start;
    const codes = this.#codes;
    const isCapital = characterKinds[codes[start]!] === upper;
    if (this.#isMasking && this.#joint !== apart) {
      return this.#joint === joinedByDot && isCapital;
    }
    if (this.#word.isHex && length >= hexLettersMin) return false;
    if (length >= changingCharsMin && this.#word.caseChanges * 2 >= length) return false;
    if (kinds === 0) return true;
    if ((kinds & known.calendar) !== 0 && length === 3 && isCapital) {
      if (this.#afterNumber || datePartFollows(codes, end)) return false;
    }
    const isUnit = (kinds & known.unit) !== 0 && this.#afterNumber;
    return !(isUnit && start - this.#gapStart === 1 && codes[start - 1] === 0x20);
  }

  /** Rules 5, 6, 7 and 9. */
  #keepWord(start: number, end: number, first: number, kinds: number): void {
    const words = this.#words;
    const codes = this.#codes;
    if (first > 0) {
      const before = words.hashAt(first - 1);
      if (before === userHash && (kinds & known.keptUser) === 0) {
        if (isUserName(codes, this.#gapStart, start, end)) words.truncate(first);
      } else if (end - start === 1 && codes[start - 1] === 0x27 && codes[start] === 0x74) {
        words.negate(first);
      }
    }
    if ((kinds & known.structural) !== 0 && this.#joint === apart && isKeyEnd(codes, end)) {
      words.truncate(first);
      const isLateMessage = (kinds & known.message) !== 0 && first >= lateMessageWords;
      if (isLateMessage && this.#isJson && this.#messageStart === 0) this.#messageStart = first;
    }
    if (words.dropRepeats()) {
      this.#dotted.clamp(words.count);
      this.#path.clamp(words.count);
    }
  }
}

const userHash = known.hashOf('user');
const statusHash = known.hashOf('status');
