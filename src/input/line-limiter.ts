import { sequenceLength } from './utf8-gate.ts';

const newline = 0x0a;
const carriageReturn = Buffer.from('\r');

/**
 * Cuts lines that are longer than a bound, before they are gathered into strings: an endless line
 * costs no memory and no quadratic time. Works on bytes; expects chunks that end between
 * characters (see Utf8Gate) and cuts between characters. What it gives depends on the bytes alone,
 * not on how they came.
 */
export class LineLimiter {
  /** Lines that were cut so far. */
  cutLines = 0;
  readonly #maxBytes: number;
  /** Bytes of the unfinished line that were passed on, or held back. */
  #lineBytes = 0;
  #skipping = false;
  /** The line just fits, and then there is a CR: its end, unless more follows. */
  #holdsReturn = false;

  /** @param maxBytes - of one line without its newline */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  push(chunk: Buffer): Buffer {
    const first = chunk.indexOf(newline);
    if (first !== -1 && !this.#skipping && this.#lineBytes + first <= this.#maxBytes) {
      // The usual case: no line inside can be longer than what follows the first newline.
      if (chunk.length - first - 1 <= this.#maxBytes) {
        this.#lineBytes = chunk.length - 1 - chunk.lastIndexOf(newline);
        return chunk;
      }
    }
    const kept: Buffer[] = [];
    let start = 0;
    let end = first;
    while (end !== -1) {
      this.#passLine(chunk.subarray(start, end), kept);
      if (this.#holdsReturn) kept.push(carriageReturn);
      kept.push(chunk.subarray(end, end + 1));
      this.#lineBytes = 0;
      this.#skipping = false;
      this.#holdsReturn = false;
      start = end + 1;
      end = chunk.indexOf(newline, start);
    }
    this.#passLine(chunk.subarray(start), kept);
    return kept.length === 1 ? (kept[0] ?? chunk) : Buffer.concat(kept);
  }

  #passLine(part: Buffer, kept: Buffer[]): void {
    if (this.#skipping || part.length === 0) return;
    const room = this.#maxBytes - this.#lineBytes;
    if (part.length <= room) {
      this.#lineBytes += part.length;
      kept.push(part);
      return;
    }
    if (part.length === room + 1 && part[room] === 0x0d) {
      this.#lineBytes += part.length;
      this.#holdsReturn = true;
      kept.push(part.subarray(0, room));
      return;
    }
    this.cutLines += 1;
    this.#skipping = true;
    this.#holdsReturn = false;
    kept.push(part.subarray(0, room < 0 ? 0 : characterStart(part, room)));
  }
}

/** The nearest start of a character at or before `end`, so that a cut never splits one. */
function characterStart(bytes: Buffer, end: number): number {
  if (!isLater(bytes[end])) return end;
  for (let start = end - 1; start >= 0 && end - start < 4; start -= 1) {
    if (isLater(bytes[start])) continue;
    return sequenceLength(bytes[start] ?? 0) > end - start ? start : end;
  }
  return end;
}

/** A byte that does not begin a character. */
function isLater(byte = 0): boolean {
  return (byte & 0xc0) === 0x80;
}
