/**
 * A JSON object as the fields of one line: what each is called and where its value stands. It reads
 * what is there, valid or cut off, in one pass and without recursion, so depth costs nothing.
 */
import { characterKinds, lower } from './characters.ts';
import * as names from './field-names.ts';
import { hashStart, hashStep } from '../shared/fnv.ts';

/** Further fields are not read. */
const fieldsMax = 256;

const nameCharsMax = 256;

const quote = 0x22;
const singleQuote = 0x27;
const backslash = 0x5c;
const colon = 0x3a;

/** Whether an object with a name in it begins at this brace: {" or { ". */
export function objectBegins(codes: Uint16Array, start: number, end: number): boolean {
  const open = skipBlanks(codes, start + 1, end);
  const mark = codes[open]!;
  if (mark !== quote && mark !== singleQuote) return false;
  const close = stringEnd(codes, open, Math.min(end, open + nameCharsMax));
  return codes[skipBlanks(codes, close + 1, end)] === colon && close > open + 1;
}

export class Fields {
  count = 0;
  /** Where a message is called one: the kind of the best name of all fields. */
  best = names.fieldKinds;
  readonly kinds = new Uint8Array(fieldsMax);
  readonly nameStarts = new Int32Array(fieldsMax);
  readonly nameEnds = new Int32Array(fieldsMax);
  readonly starts = new Int32Array(fieldsMax);
  readonly ends = new Int32Array(fieldsMax);
  readonly #readHashes = new Int32Array(fieldsMax);
  #readCount = 0;
  #nameStart = 0;
  #nameEnd = 0;
  #nameKind = 0;

  /**
   * Reads the object that begins at a brace.
   * @returns where it ends
   */
  read(codes: Uint16Array, start: number, end: number): number {
    this.count = 0;
    this.#readCount = 0;
    this.best = names.fieldKinds;
    this.#nameKind = names.plainField;
    this.#nameStart = this.#nameEnd = start;
    let depth = 0;
    /** The depth outside of which an envelope's own object ends. */
    let envelopeDepth = -1;
    let i = start;
    while (i < end) {
      const code = codes[i]!;
      if (code === quote || code === singleQuote) {
        const close = stringEnd(codes, i, end);
        const after = skipBlanks(codes, close + 1, end);
        if (codes[after] === colon && after < end) {
          this.#nameStart = i + 1;
          this.#nameEnd = close;
          this.#nameKind = names.fieldKindOf(codes, i + 1, close);
          const isOwn =
            this.#nameKind === names.messageField || this.#nameKind === names.originField;
          if (envelopeDepth >= 0 && !isOwn) {
            this.#nameKind = names.envelopeField;
          }
          i = after + 1;
        } else {
          this.#addText(codes, i + 1, close);
          i = close + 1;
        }
      } else if (code === 0x7b || code === 0x5b) {
        if (depth > 0 && codes[i] === 0x7b && this.#nameEnd > this.#nameStart) {
          if (this.#nameKind >= names.originField) {
            if (envelopeDepth < 0) envelopeDepth = depth;
          } else if (this.#nameKind >= names.plainField) {
            this.#add(names.valueField, this.#nameEnd, this.#nameEnd);
          }
        }
        depth += 1;
        i += 1;
      } else if (code === 0x7d || code === 0x5d) {
        depth -= 1;
        i += 1;
        if (depth === 0) return i;
        if (depth <= envelopeDepth) envelopeDepth = -1;
        this.#nameStart = this.#nameEnd;
      } else if (characterKinds[code]! > 2) {
        const close = literalEnd(codes, i, end);
        this.#addLiteral(i, close);
        i = close;
      } else {
        i += 1;
      }
    }
    return end;
  }

  /** Whether a field is a string: a quote stands before it. */
  isText(codes: Uint16Array, field: number): boolean {
    const before = codes[this.starts[field]! - 1];
    return before === quote || before === singleQuote;
  }

  /** Whether the same text was asked for before. */
  isRepeated(codes: Uint16Array, start: number, end: number): boolean {
    let hash = hashStart;
    for (let i = start; i < end; i += 1) hash = hashStep(hash, codes[i]!);
    for (let i = 0; i < this.#readCount; i += 1) if (this.#readHashes[i] === hash) return true;
    this.#readHashes[this.#readCount] = hash;
    if (this.#readCount < fieldsMax - 1) this.#readCount += 1;
    return false;
  }

  #addText(codes: Uint16Array, start: number, end: number): void {
    let kind = this.#nameKind;
    if (kind === names.plainField) {
      if (isReference(codes, start, end)) kind = names.valueField;
      else if (isProse(codes, start, end)) kind = names.proseField;
    } else if (kind <= names.thirdMessageField && isReference(codes, start, end)) {
      kind = names.valueField;
    }
    this.#add(kind, start, end);
  }

  #addLiteral(start: number, end: number): void {
    const kind = this.#nameKind;
    if (kind >= names.originField || kind === names.levelField) return;
    this.#add(kind === names.codeField ? kind : names.valueField, start, end);
  }

  #add(kind: number, start: number, end: number): void {
    const { count } = this;
    if (count === fieldsMax) return;
    this.kinds[count] = kind;
    this.nameStarts[count] = this.#nameStart;
    this.nameEnds[count] = this.#nameEnd;
    this.starts[count] = start;
    this.ends[count] = end;
    this.count = count + 1;
    if (kind < this.best && end > start) this.best = kind;
    // Of an array each value stands alone but the first.
    this.#nameStart = this.#nameEnd = end;
  }
}

/** The closing quote of the string that opens here, or the end of the line. */
export function stringEnd(codes: Uint16Array, open: number, end: number): number {
  const mark = codes[open]!;
  let i = open + 1;
  while (i < end && codes[i] !== mark) i += codes[i] === backslash ? 2 : 1;
  return Math.min(i, end);
}

function literalEnd(codes: Uint16Array, start: number, end: number): number {
  let i = start + 1;
  while (i < end) {
    const code = codes[i]!;
    if (code === 0x2c || code === 0x7d || code === 0x5d || code === 0x20 || code === quote) break;
    i += 1;
  }
  return i;
}

function skipBlanks(codes: Uint16Array, start: number, end: number): number {
  let i = start;
  while (i < end && codes[i]! <= 0x20) i += 1;
  return i;
}

const referenceStarts = 12;

/** A URL or a path: no blank, and a slash at its start or behind a scheme. */
function isReference(codes: Uint16Array, start: number, end: number): boolean {
  let slashes = codes[start] === 0x2f ? 2 : 0;
  for (let i = start; i < end; i += 1) {
    const code = codes[i]!;
    if (code <= 0x20) return false;
    if (code === 0x2f && codes[i + 1] === 0x2f && i < start + referenceStarts) slashes = 2;
  }
  return slashes === 2;
}

const proseWordsMin = 2;

/** Words with blanks between them, most of it letters. */
export function isProse(codes: Uint16Array, start: number, end: number): boolean {
  let words = 0;
  let length = 0;
  for (let i = start; i <= end; i += 1) {
    const code = i < end ? codes[i]! : 0x20;
    if (characterKinds[code]! >= lower) {
      length += 1;
    } else if (code <= 0x20) {
      if (length >= 2) words += 1;
      length = 0;
      if (words >= proseWordsMin && i < end) return true;
    } else if (code !== 0x27 && code !== 0x2c && code !== 0x2e && code !== 0x3a) {
      length = -256;
    }
  }
  return words >= proseWordsMin;
}
