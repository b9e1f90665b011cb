/**
 * Reads a line by its fields where it has some: the message first, wherever it stands and whatever
 * it is called, then the other values. All else is read as it comes.
 */
import { characterKinds, digit } from './characters.ts';
import * as names from './field-names.ts';
import { Fields, isProse, objectBegins, stringEnd } from './fields.ts';
import { decodeJsonText } from './json-text.ts';
import { wordsReadMax } from './line-bounds.ts';
import type { LineScanner } from './line-scanner.ts';
import { prefixEnd, timeEnd } from './prefix.ts';

/** JSON in a string of JSON in a string of JSON. */
const nestedMax = 3;
/** A tool's prefix has no more words; more are a message of their own. */
const prefixWordsMax = 3;
/** Less is no message that stands alone. */
const messageWordsMin = 2;
/** Shorter values may be said twice. */
const repeatedCharsMin = 8;
const namesBack = 64;

const brace = 0x7b;
const equals = 0x3d;
const quote = 0x22;
const space = 0x20;
const carriageReturn = 0x0d;

export class StructuredReader {
  /** The words from here to `messageLast` - 1 are the message; 0 where it comes first anyway. */
  messageFirst = 0;
  messageLast = 0;
  #messageKind = names.fieldKinds;
  readonly #scanner: LineScanner;
  readonly #fields = Array.from({ length: nestedMax }, () => new Fields());

  constructor(scanner: LineScanner) {
    this.#scanner = scanner;
  }

  /** Reads the first `length` code units of the scanner's line. */
  read(length: number): void {
    const scanner = this.#scanner;
    this.messageFirst = 0;
    this.messageLast = Infinity;
    this.#messageKind = names.fieldKinds;
    scanner.begin();
    const time = timeEnd(scanner.codes);
    if (time > 0) scanner.beginPartAfterTime(time);
    const prefix = prefixEnd(scanner.codes, time, length);
    if (prefix > 0) {
      scanner.scan(time, prefix, wordsReadMax);
      scanner.endPart();
      scanner.beginPart(prefix);
      this.messageFirst = scanner.words.count;
    }
    let i = scanner.scan(Math.max(time, prefix), length, wordsReadMax);
    while (i < length && !scanner.needsCleaning) {
      i = this.#readOn(i, length);
      if (i < length) i = scanner.scan(i, length, wordsReadMax + scanner.overwritten);
    }
    scanner.endPart();
    scanner.dropOverwritten();
  }

  /** The scanner stopped here. @returns where it goes on */
  #readOn(at: number, length: number): number {
    const { codes, words } = this.#scanner;
    const code = codes[at]!;
    if (code === brace) {
      return objectBegins(codes, at, length) ? this.#readObject(at, length, 0) : at + 1;
    }
    if (code === equals) return this.#readPair(at, length);
    return words.count >= wordsReadMax + this.#scanner.overwritten ? this.#lookOn(at, length) : at;
  }

  /** A field of logfmt that may hold the message. */
  #readPair(at: number, length: number): number {
    const scanner = this.#scanner;
    const { codes, words } = scanner;
    let kind = names.fieldKindOf(codes, nameStart(codes, at), at);
    const isQuoted = codes[at + 1] === quote;
    const start = isQuoted ? at + 2 : at + 1;
    let end = isQuoted ? stringEnd(codes, at + 1, length) : bareValueEnd(codes, start, length);
    const past = isQuoted ? Math.min(end + 1, length) : end;
    if (isQuoted) end = decodeJsonText(codes, start, end);
    if (kind > names.thirdMessageField) {
      if (!isProse(codes, start, end)) return at + 1;
      kind = names.proseField;
    }
    scanner.endPart();
    const first = words.count;
    this.#readText(start, end, first + wordsReadMax, 0);
    if (kind < this.#messageKind && words.count > first) {
      this.#messageKind = kind;
      this.messageFirst = first;
      this.messageLast = words.count;
    }
    return past;
  }

  /** An object of JSON. @returns where it ends */
  #readObject(at: number, length: number, depth: number): number {
    const scanner = this.#scanner;
    const { words } = scanner;
    const fields = this.#fields[depth]!;
    const past = fields.read(scanner.codes, at, length);
    scanner.endPart();
    const before = words.count;
    const isPrefixed = before > 0 && before - scanner.overwritten <= prefixWordsMax;
    const comesFirst =
      fields.best === names.messageField || (isPrefixed && fields.best <= names.proseField);
    const limit = comesFirst ? before + wordsReadMax : wordsReadMax + scanner.overwritten;
    let kinds = names.fieldKinds;
    for (let kind = 0; kind < kinds; kind += 1) {
      // Where there is a message, what it was wrapped in says nothing more.
      const hasMessage = fields.best <= names.proseField && words.count >= before + messageWordsMin;
      if (kind === names.proseField + 1 && hasMessage) kinds = names.envelopeField;
      for (let field = 0; field < fields.count && words.count < limit; field += 1) {
        if (fields.kinds[field] === kind) this.#readField(fields, field, kind, limit, depth + 1);
        else if (kind === names.valueField && fields.kinds[field] === names.proseField) {
          this.#readText(fields.nameStarts[field]!, fields.nameEnds[field]!, limit, depth + 1);
        }
      }
    }
    if (depth === 0 && comesFirst && fields.best < this.#messageKind) {
      this.#messageKind = fields.best;
      this.messageFirst = before;
      this.messageLast = words.count;
    }
    scanner.beginPart(past);
    return past;
  }

  #readField(fields: Fields, field: number, kind: number, limit: number, depth: number): void {
    const { codes } = this.#scanner;
    const start = fields.starts[field]!;
    let end = fields.ends[field]!;
    if (fields.isText(codes, field)) end = decodeJsonText(codes, start, end);
    const isProseText = kind <= names.proseField && end - start >= repeatedCharsMin;
    if (isProseText && fields.isRepeated(codes, start, end)) {
      fields.kinds[field] = names.fieldKinds; // Nor is its name read.
      return;
    }
    const isNamed =
      kind === names.codeField || kind === names.plainField || kind === names.valueField;
    const first = this.#scanner.words.count;
    this.#readText(isNamed ? fields.nameStarts[field]! : start, end, limit, depth);
    if (kind >= names.originField) this.#scanner.words.dropKnown(first);
  }

  #readText(from: number, end: number, limit: number, depth: number): void {
    const scanner = this.#scanner;
    const { codes, words } = scanner;
    scanner.beginPart(from);
    let i = scanner.scan(from, end, limit);
    while (i < end && words.count < limit && !scanner.needsCleaning) {
      const isObject = codes[i] === brace && depth < nestedMax && objectBegins(codes, i, end);
      i = scanner.scan(isObject ? this.#readObject(i, end, depth) : i + 1, end, limit);
    }
    scanner.endPart();
  }

  /**
   * Behind so many words that no more are kept: a message may still come, or what overwrites all.
   * @returns where reading goes on
   */
  #lookOn(from: number, length: number): number {
    const { codes } = this.#scanner;
    for (let i = from; i < length; i += 1) {
      const code = codes[i]!;
      if (code === carriageReturn) return i;
      if (this.#messageKind === names.messageField) continue;
      if (code === equals) {
        const kind = names.fieldKindOf(codes, nameStart(codes, i), i);
        if (kind <= names.thirdMessageField || codes[i + 1] === quote) {
          i = Math.max(i, this.#readPair(i, length) - 1);
        }
      } else if (code === brace && objectBegins(codes, i, length)) {
        i = Math.max(i, this.#readObject(i, length, 0) - 1);
      }
    }
    return length;
  }
}

/** Where the name begins that ends here. */
function nameStart(codes: Uint16Array, end: number): number {
  let i = end;
  while (i > 0 && i > end - namesBack && isNamePart(codes[i - 1]!)) i -= 1;
  return i;
}

function isNamePart(code: number): boolean {
  return characterKinds[code]! >= digit || code === 0x5f || code === 0x2e || code === 0x2d;
}

/** The end of a value without quotes: at the last blank before the next name= */
function bareValueEnd(codes: Uint16Array, start: number, length: number): number {
  let end = blankAfter(codes, start, length);
  for (;;) {
    let next = end;
    while (next < length && codes[next]! <= space) next += 1;
    const nextEnd = blankAfter(codes, next, length);
    if (next === nextEnd) return end;
    for (let i = next; i < nextEnd; i += 1) if (codes[i] === equals) return end;
    end = nextEnd;
  }
}

function blankAfter(codes: Uint16Array, start: number, length: number): number {
  let i = start;
  while (i < length && codes[i]! > space) i += 1;
  return i;
}
