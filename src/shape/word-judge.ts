/** Decides what stays of each word: the rules of masker.ts. */
import { addressEndAt, isPlaceBefore, isPodPart } from './addresses.ts';
import { characterKinds, digit, upper } from './characters.ts';
import { datePartFollows, isDateJoint } from './dates.ts';
import * as known from './known-words.ts';
import { hostEnd } from './host-names.ts';
import { formOf, nameForm, tokenForm, writePieces } from './names.ts';
import { meaningOfNumber, plainNumber, writeNumber } from './numbers.ts';
import * as peek from './peek.ts';
import { base64Start, isBase64, isPodLetters, isRandom, podSuffixChars } from './random-letters.ts';
import { Trail } from './trail.ts';
import type { WordBuffer } from './word-buffer.ts';
import { WordScanner, writeInitials, writeName } from './word-scanner.ts';
import { hashOf } from './word-kinds.ts';

const hexLettersMin = 8;

/** What was read of the segment at hand. */
const nothing = 0;
/** A number: what is joined to it by a dot or an underscore is no version. */
const number = 1;
/** A name that ends in a digit: a version may follow. */
const nameWithDigit = 2;
/** An id: its parts go, too. */
const id = 3;

const userHash = hashOf('user');
const forUser = new Set(['for', 'invalid', 'unknown', 'illegal', 'of', 'by'].map(hashOf));

export class WordJudge {
  /** The word before may be the name of a field that holds the message. */
  isField = false;
  readonly #codes: Uint16Array;
  readonly #words: WordBuffer;
  readonly #word = new WordScanner();
  /** Where the parts of the dotted name and of the path at hand begin, counted in kept words. */
  readonly #dotted = new Trail();
  readonly #path = new Trail();
  /** End of the word before. */
  #gapStart = 0;
  /** End of the last word that was kept. */
  #keptEnd = 0;
  #before = nothing;
  /** Inside a long token. */
  #inBlob = false;
  /** The word before was a number. */
  #afterNumber = false;
  #afterMethod = false;
  /** How the word at hand is joined to the one before. */
  #joint = peek.apart;

  constructor(codes: Uint16Array, words: WordBuffer) {
    this.#codes = codes;
    this.#words = words;
  }

  /** A line begins. */
  begin(): void {
    this.#afterMethod = false;
    this.beginPart(0);
  }

  /**
   * Nothing before this place is joined to what comes.
   * @param afterNumber - a number stands before it
   */
  beginPart(start: number, afterNumber = false): void {
    this.#dotted.start(this.#words.count);
    this.#path.start(this.#words.count);
    this.#gapStart = start;
    this.#keptEnd = -1;
    this.#before = nothing;
    this.#inBlob = false;
    this.#afterNumber = afterNumber;
  }

  /** Nothing that comes is joined to what was read. */
  endPart(): void {
    this.#dotted.cut(this.#words);
    this.#path.cut(this.#words);
    this.beginPart(this.#gapStart);
  }

  /** Reads the word that begins here. @returns where reading goes on */
  read(start: number): number {
    this.isField = false;
    this.#endGap(start);
    const first = this.#words.count;
    return this.#judgeWord(start, this.#word.read(this.#codes, start, this.#words), first);
  }

  /** A word begins: does it go on a segment or a path, or end them? */
  #endGap(start: number): void {
    const codes = this.#codes;
    const words = this.#words;
    const gapStart = this.#gapStart;
    if (start - gapStart === 1 && codes[gapStart] === 0x20) {
      this.#joint = peek.apart; // As most words are.
      this.#before = nothing;
      this.#inBlob = false;
      this.#dotted.restart(words);
      this.#path.restart(words);
      return;
    }
    this.#joint = peek.jointBetween(codes, gapStart, start);
    if (this.#joint === peek.joinedByDot) {
      this.#dotted.add(words.count);
    } else if (this.#joint === peek.apart) {
      this.#dotted.cut(words);
      this.#before = nothing;
      if (peek.isPathGap(codes, gapStart, start)) {
        this.#path.addAfterKept(words.count);
      } else {
        this.#path.cut(words);
        this.#path.start(words.count);
        if (this.#inBlob && peek.endsToken(codes, gapStart, start)) this.#inBlob = false;
      }
      this.#dotted.start(words.count);
    }
  }

  /**
   * Decides what stays of a word that was written from word `first` on.
   * @returns where reading goes on
   */
  #judgeWord(start: number, end: number, first: number): number {
    const word = this.#word;
    const next = this.#codes[end]!;
    if ((next === 0x2e || next === 0x2d) && this.#joint === peek.apart && !this.#inBlob) {
      const before = first > 0 ? this.#words.hashAt(first - 1) : 0;
      const past = hostEnd(this.#codes, start, before);
      if (past !== -1) return this.#dropAddress(past, first);
    }
    if (word.isHex && end - start <= hexLettersMin && mayGoOn(this.#codes[end]!)) {
      const past = addressEndAt(this.#codes, start, end);
      if (past !== -1) return this.#dropAddress(past, first);
    }
    if (word.hasDigit) {
      this.#judgeDigits(start, end, first);
      this.#gapStart = end;
      this.#afterNumber = true;
      return end;
    }
    return this.#judgeLetters(start, end, first);
  }

  /** @returns where reading goes on */
  #dropAddress(end: number, first: number): number {
    this.#words.truncate(first);
    this.#before = id;
    this.#afterNumber = true;
    this.#gapStart = end;
    return end;
  }

  /** Rules 1 and 2. */
  #judgeDigits(start: number, end: number, first: number): void {
    const codes = this.#codes;
    const words = this.#words;
    if (this.#word.isNumber) {
      const meaning = this.#joint === peek.apart ? this.#meaning(start, end) : plainNumber;
      if (meaning !== plainNumber) {
        writeNumber(codes, words, start, end, meaning);
      } else if (this.#isVersion(start, end)) {
        writeName(codes, start, end, words);
      } else if (this.#before !== id) {
        this.#before = number;
      }
      return;
    }
    if (this.#word.hasCaseless) {
      writePieces(codes, start, end, words);
      this.#before = number;
      return;
    }
    const isJoined = this.#joint !== peek.apart;
    const goesOn = isJoined && (this.#before === number || this.#before === id);
    if (goesOn && characterKinds[codes[start]!] === digit && end - start < hexLettersMin) {
      this.#before = id; // The hours of a time, the seconds, a part of a uuid.
      return;
    }
    const form = this.#inBlob
      ? tokenForm
      : formOf(codes, start, end, goesOn || this.#isGlued(start));
    if (form === nameForm && !this.#isPartOfId(start, end, isJoined)) {
      writeName(codes, start, end, words);
      this.#before = nameWithDigit;
      return;
    }
    this.#before = id;
    if (form === tokenForm) this.#dropToken(start, first);
    // Of session4711 the word stays.
    else if (form > tokenForm) writeName(codes, start, start + form - tokenForm, words);
  }

  #meaning(start: number, end: number): number {
    const gapStart = this.#gapStart;
    const isNext = this.#keptEnd === gapStart;
    if (!isNext && end - start !== 3) return plainNumber; // Nearly always.
    return meaningOfNumber(
      this.#codes,
      this.#words,
      gapStart,
      start,
      end,
      isNext,
      this.#afterMethod,
    );
  }

  /** The 3 of TLSv1.3, the 64 of x86_64. */
  #isVersion(start: number, end: number): boolean {
    if (this.#before !== nameWithDigit || end - start > 2 || start - this.#gapStart !== 1) {
      return false;
    }
    return this.#joint === peek.joinedByDot || this.#joint === peek.joinedByUnderscore;
  }

  /** Behind a sign of money or a decimal point: $3B is no name. */
  #isGlued(start: number): boolean {
    const gapStart = this.#gapStart;
    return gapStart < start && peek.isAmountSign(this.#codes[start - 1]!);
  }

  /** Of R24-M0-N4 or of a pod's suffix -xz2kq. */
  #isPartOfId(start: number, end: number, isJoined: boolean): boolean {
    if (isPlaceBefore(this.#codes, start, end)) return true;
    return isJoined && (this.#before === id || isPodPart(this.#codes, start, end));
  }

  /** Joined to an id, or the letters of a pod's template and suffix: -bcdfgjklm-xzwvq */
  #isLettersOfId(start: number, end: number): boolean {
    if (this.#before !== id) return isPodLetters(this.#codes, start, end);
    const length = end - start;
    if (length <= 2 || this.#word.isHex) return true;
    return length === podSuffixChars && isRandom(this.#codes, start, end);
  }

  /** A long token goes whole, with what was kept of it. */
  #dropToken(start: number, first: number): void {
    this.#inBlob = true;
    this.#before = id;
    const words = this.#words;
    words.truncate(first);
    const tokenStart = base64Start(this.#codes, start);
    if (tokenStart < start && peek.isTokenBegin(this.#codes, tokenStart)) {
      words.truncate(Math.min(this.#path.first, words.count));
      this.#dotted.clamp(words.count);
      this.#path.clamp(words.count);
    }
  }

  #judgeLetters(start: number, end: number, first: number): number {
    const codes = this.#codes;
    const words = this.#words;
    const kinds = known.kindsOfWord(this.#word.hash);
    if (end - start === 1 && codes[end] === 0x2e) {
      const past = peek.initialsEnd(codes, start);
      if (past !== -1) {
        words.truncate(first);
        writeInitials(codes, start, past, words);
        this.#gapStart = past;
        this.#afterNumber = false;
        return past;
      }
    }
    if (this.#staysWithoutDigit(start, end, first, kinds)) {
      this.#keepWord(start, end, first, kinds);
      this.#keptEnd = end;
      this.#afterNumber = false;
    } else {
      words.truncate(first);
      this.#afterNumber &&= (kinds & known.calendar) !== 0;
    }
    this.#gapStart = end;
    return end;
  }

  /** Rules 2 to 4. */
  #staysWithoutDigit(start: number, end: number, first: number, kinds: number): boolean {
    if (this.#inBlob) return false;
    const length = end - start;
    const codes = this.#codes;
    if (length >= hexLettersMin) {
      if (this.#word.isHex) {
        this.#before = id;
        return false;
      }
      if (this.#word.caseChanges >= 3 && isBase64(codes, start, end)) {
        this.#dropToken(start, first);
        return false;
      }
    }
    if (this.#joint !== peek.apart && this.#isLettersOfId(start, end)) {
      this.#before = id;
      return false;
    }
    if (kinds === 0) return true;
    if ((kinds & known.calendar) !== 0 && length === 3 && characterKinds[codes[start]!] === upper) {
      if (datePartFollows(codes, end)) return false;
      if (this.#afterNumber && isDateJoint(codes, this.#gapStart, start)) return false;
    }
    if ((kinds & known.unit) === 0 || !this.#afterNumber) return true;
    if (start - this.#gapStart !== 1 || codes[start - 1] !== 0x20) return true;
    return length === 2 && codes[start] === 0x55 && codes[start + 1] === 0x53; // US is a country.
  }

  /** Rules 5, 6, 7 and 9. */
  #keepWord(start: number, end: number, first: number, kinds: number): void {
    const words = this.#words;
    const codes = this.#codes;
    if (first > 0) {
      const before = words.hashAt(first - 1);
      if (before === userHash && (kinds & known.keptUser) === 0) {
        const isFor = first > 1 && forUser.has(words.hashAt(first - 2));
        if (peek.isUserName(codes, this.#gapStart, start, end, isFor)) words.truncate(first);
      } else if (
        end - start === 1 &&
        codes[start] === 0x74 &&
        peek.isApostrophe(codes[start - 1]!)
      ) {
        words.negate(first);
      }
    }
    if (kinds !== 0) {
      if ((kinds & known.method) !== 0 && characterKinds[codes[start + 1]!] === upper) {
        this.#afterMethod = true;
      }
      if (
        (kinds & known.structural) !== 0 &&
        this.#joint === peek.apart &&
        peek.isKeyEnd(codes, end)
      ) {
        words.truncate(first);
      }
    }
    const after = codes[end]!;
    if (after === 0x3d) {
      if ((kinds & known.message) !== 0 || codes[end + 1] === 0x22) this.isField = true;
    } else if (after === 0x40 && peek.mailHostFollows(codes, end)) {
      words.truncate(Math.min(this.#dotted.first, words.count));
      this.#path.clamp(words.count);
    }
    if (words.dropRepeats()) {
      this.#dotted.clamp(words.count);
      this.#path.clamp(words.count);
    }
  }
}

/** : - . within an address. */
function mayGoOn(code: number): boolean {
  return code === 0x3a || code === 0x2d || code === 0x2e;
}
