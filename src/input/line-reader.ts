/**
 * The input stage: bytes → text, where they are gzip (decode) → whole UTF-8 characters (utf8-gate) →
 * without holes (nul-holes) → bounded lines (line-limiter) → strings (split2), in batches of what one
 * read brought.
 */
import { isAscii } from 'node:buffer';
import split2 from 'split2';
import { flatCopy } from '../shared/flat-copy.ts';
import { LineLimiter } from './line-limiter.ts';
import { NulHoles } from './nul-holes.ts';
import { Utf8Gate } from './utf8-gate.ts';

const newline = 0x0a;

/** Lines that arrived together. The text at index i has the line number firstNumber + i. */
export interface LineBatch {
  /** Without newline and without one CR before it; empty lines are here too, for their number. */
  readonly texts: readonly string[];
  /** 1-based number of the first line. */
  readonly firstNumber: number;
  /** Arrival, in milliseconds of the wall clock. */
  readonly time: number;
  /** Bytes that a character of these texts takes in memory: 1 where all are ASCII, else 2. */
  readonly bytesPerChar: 1 | 2;
}

export interface LineReaderOptions {
  /** A longer line is cut, in bytes without its newline. */
  readonly maxLineBytes: number;
}

export class LineReader {
  readonly #gate = new Utf8Gate();
  readonly #holes = new NulHoles();
  readonly #limiter: LineLimiter;
  readonly #splitter;
  #texts: string[] = [];
  #nextNumber = 1;
  #endsInNewline = true;
  /** Whether the line that is not complete yet has ASCII characters alone. */
  #restIsAscii = true;

  constructor(options: LineReaderOptions) {
    this.#limiter = new LineLimiter(options.maxLineBytes);
    // The mapper takes each line and returns nothing, so the object-mode queue of the stream,
    // which costs more than the splitting, is never used. A write maps its lines before it returns.
    this.#splitter = split2('\n', (line: string): undefined => {
      this.#texts.push(line.endsWith('\r') ? line.slice(0, -1) : line);
    });
  }

  /** Lines that were cut so far. */
  get cutLines(): number {
    return this.#limiter.cutLines;
  }

  /** Bytes that were no valid UTF-8 so far. */
  get invalidUtf8Bytes(): number {
    return this.#gate.invalidBytes;
  }

  /** Bytes of holes in the input so far, see nul-holes.ts. */
  get droppedNulBytes(): number {
    return this.#holes.droppedBytes;
  }

  /**
   * Reads a stream of bytes to its end, one batch for each read that completes a line. The next
   * read waits until the consumer asks for it, which is how backpressure reaches the producer.
   * @throws {ImesdeError} ERR_IMESDE_INPUT for UTF-16
   */
  async *read(source: AsyncIterable<Buffer>): AsyncGenerator<LineBatch> {
    for await (const chunk of source) {
      const batch = this.#batchOf(this.#holes.push(this.#gate.push(chunk)));
      if (batch !== undefined) yield batch;
    }
    for (const rest of [this.#holes.push(this.#gate.end()), this.#holes.end()]) {
      const batch = this.#batchOf(rest);
      if (batch !== undefined) yield batch;
    }
    if (!this.#endsInNewline) {
      const final = this.#batchOf(Buffer.of(newline));
      if (final !== undefined) yield final;
    }
  }

  #batchOf(bytes: Buffer): LineBatch | undefined {
    if (bytes.length === 0) return undefined;
    const bounded = this.#limiter.push(bytes);
    if (bounded.length === 0) return undefined;
    this.#endsInNewline = bounded[bounded.length - 1] === newline;
    this.#splitter.write(bounded);
    const allAscii = isAscii(bounded);
    const bytesPerChar = allAscii && this.#restIsAscii ? 1 : 2;
    if (this.#texts.length === 0) {
      this.#restIsAscii &&= allAscii;
      return undefined;
    }
    this.#restIsAscii = allAscii || isAscii(bounded.subarray(bounded.lastIndexOf(newline) + 1));
    const batch = {
      texts: withoutWaste(this.#texts, bounded.length, bytesPerChar),
      firstNumber: this.#nextNumber,
      time: Date.now(),
      bytesPerChar,
    } as const;
    this.#nextNumber += this.#texts.length;
    this.#texts = [];
    return batch;
  }
}

/**
 * V8 keeps a whole chunk alive for each slice of it. That is no loss while most of the chunk is
 * kept, but a chunk of empty lines with one text among them would stay for that text alone.
 */
function withoutWaste(texts: string[], chunkBytes: number, bytesPerChar: 1 | 2): string[] {
  let chars = 0;
  for (const text of texts) chars += text.length;
  return chars * 4 >= chunkBytes ? texts : texts.map((text) => flatCopy(text, bytesPerChar));
}
