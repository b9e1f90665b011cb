/**
 * The input stage: bytes → text, where they are gzip (decode) → whole UTF-8 characters (utf8-gate) →
 * without holes (nul-holes) → bounded lines (line-limiter) → strings (split2), in batches of what one
 * read brought → records of several lines (logical-lines).
 */
import { isAscii } from 'node:buffer';
import split2 from 'split2';
import { flatCopy } from '../shared/flat-copy.ts';
import { eventLinesMax } from '../shared/limits.ts';
import { firstBytesMax, kinds, mayJoin, textMayJoin } from './first-bytes.ts';
import { LineLimiter } from './line-limiter.ts';
import { LogicalLines } from './logical-lines.ts';
import type { BatchForms } from './line-batch.ts';
import { NulHoles } from './nul-holes.ts';
import { settlesWithin } from './settles-within.ts';
import { Utf8Gate } from './utf8-gate.ts';
import type { LineBatch } from './line-batch.ts';

const newline = 0x0a;
const carriageReturn = 0x0d;

export interface LineReaderOptions {
  /** A longer line is cut, in bytes without its newline. */
  readonly maxLineBytes: number;
  /** Whether lines that continue the line above are joined to it; not by default. */
  readonly lines?: LineKind;
  /** Of what is read, for messages; standard input by default. */
  readonly name?: string | undefined;
}

/** Whether what continues a line is joined to it, or each line is for itself. */
export type LineKind = 'logical' | 'physical';

/** A read of so many bytes brought all that it had room for: more is there. */
const fullReadBytes = 16_384;
/** So many bytes hold the characters that tell how a line begins. */
const restBytesMin = 4 * firstBytesMax;
/** How long a line waits for the rest of the line behind it, and where a read was full. */
const restMs = 200;
const fullReadMs = 20;

export class LineReader {
  /** Half a line at the end is left to who reads on from there another time. */
  dropsHalf = false;
  readonly #gate: Utf8Gate;
  readonly #holes = new NulHoles();
  readonly #limiter: LineLimiter;
  readonly #splitter;
  #texts: string[] = [];
  #nextNumber = 1;
  #endsInNewline = true;
  /** Whether the line that is not complete yet has ASCII characters alone. */
  #restIsAscii = true;
  /** Characters of it in the chunks before. */
  #restChars = 0;
  readonly #logical: LogicalLines | undefined;
  /** Of the last batch. */
  #mayJoin = false;
  #begins: 'anew' | 'unknown' = 'unknown';

  constructor(options: LineReaderOptions) {
    const { lines, maxLineBytes } = options;
    this.#gate = new Utf8Gate(options.name);
    if (lines === 'logical') {
      this.#logical = new LogicalLines({ linesMax: eventLinesMax, bytesMax: maxLineBytes });
    }
    this.#limiter = new LineLimiter(options.maxLineBytes);
    // The mapper takes each line and returns nothing, so the object-mode queue of the stream,
    // which costs more than the splitting, is never used. A write maps its lines before it returns.
    this.#splitter = split2('\n', (line: string): undefined => {
      this.#texts.push(line);
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

  /** Lines that were joined to the line above so far. */
  get joinedLines(): number {
    return this.#logical?.joinedLines ?? 0;
  }

  /**
   * Reads a stream of bytes to its end, one batch for each read that completes a line. The next
   * read waits until the consumer asks for it, which is how backpressure reaches the producer.
   * @param isLive - lines are wanted as they come: what may go on waits for more, but not for long
   * @throws {ImesdeError} ERR_IMESDE_INPUT for UTF-16
   */
  read(source: AsyncIterable<Buffer>, isLive = false): AsyncGenerator<LineBatch> {
    const logical = this.#logical;
    return logical === undefined
      ? this.#readPhysical(source)
      : this.#readLogical(source, logical, isLive);
  }

  async *#readPhysical(source: AsyncIterable<Buffer>): AsyncGenerator<LineBatch> {
    for await (const chunk of source) {
      const batch = this.#batchOf(this.#holes.push(this.#gate.push(chunk)));
      if (batch !== undefined) yield batch;
    }
    yield* this.#rest();
  }

  async *#readLogical(
    source: AsyncIterable<Buffer>,
    logical: LogicalLines,
    isLive: boolean,
  ): AsyncGenerator<LineBatch> {
    const chunks = source[Symbol.asyncIterator]();
    let asked: Promise<IteratorResult<Buffer>> | undefined;
    let isFull = false;
    try {
      for (;;) {
        asked = chunks.next();
        asked.catch(() => undefined); // Thrown where it is awaited.
        const { waitMs } = logical;
        if (isLive && waitMs !== undefined) {
          const patience = isFull ? fullReadMs : this.#endsInNewline ? 0 : restMs;
          if (!(await settlesWithin(asked, Math.max(waitMs, patience)))) yield* logical.flush();
        }
        const next = await asked;
        asked = undefined;
        if (next.done === true) break;
        const chunk = next.value;
        isFull = chunk.length >= fullReadBytes;
        const batch = this.#batchOf(this.#holes.push(this.#gate.push(chunk)));
        if (batch === undefined) continue;
        const isLast = isLive && !isFull && this.#endsInNewline;
        const forms = this.#formsOf(isLast ? 'nothing' : this.#begins);
        for (const done of logical.push(batch, forms)) yield done; // yield* costs some promises more.
      }
      for (const batch of this.#rest()) yield* logical.push(batch, this.#formsOf('unknown'));
    } catch (error) {
      yield* logical.flush();
      throw error;
    } finally {
      if (asked === undefined) await chunks.return?.();
    }
    yield* logical.flush();
  }

  #formsOf(next: BatchForms['next']): BatchForms {
    return { mayJoin: this.#mayJoin, next };
  }

  /** What is left at the end of the stream. */
  *#rest(): Generator<LineBatch> {
    for (const rest of [this.#holes.push(this.#gate.end()), this.#holes.end()]) {
      const batch = this.#batchOf(rest);
      if (batch !== undefined) yield batch;
    }
    if (!this.#endsInNewline && !this.dropsHalf) {
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
      this.#restChars += bounded.length;
      return undefined;
    }
    const chars = bytesPerChar === 1 ? this.#lookAtBytes(bounded) : this.#lookAtTexts();
    this.#lookAtRest(bounded);
    this.#restIsAscii = allAscii || isAscii(bounded.subarray(bounded.lastIndexOf(newline) + 1));
    const batch = {
      texts: chars * 4 >= bounded.length ? this.#texts : flatCopies(this.#texts, bytesPerChar),
      firstNumber: this.#nextNumber,
      time: Date.now(),
      bytesPerChar,
    } as const;
    this.#nextNumber += this.#texts.length;
    this.#texts = [];
    return batch;
  }

  /**
   * Takes CRs off, and looks how lines begin. Where a character is a byte, each line has its place
   * in the chunk, and to look there costs a fraction of what charCodeAt does on a slice.
   * @returns how many characters the lines have, CRs included
   */
  #lookAtBytes(bytes: Buffer): number {
    const texts = this.#texts;
    const first = texts[0] ?? '';
    if (first.endsWith('\r')) texts[0] = first.slice(0, -1);
    let end = first.length - this.#restChars;
    let joins = this.#logical !== undefined && textMayJoin(first);
    let isSought = this.#logical !== undefined && !joins;
    for (let i = 1; i < texts.length; i += 1) {
      const start = end + 1;
      end = start + (texts[i] ?? '').length;
      if (bytes[end - 1] === carriageReturn && end > start)
        texts[i] = (texts[i] ?? '').slice(0, -1);
      if (isSought && kinds[bytes[start] ?? 0] !== 0 && mayJoin(bytes, start)) {
        joins = true;
        isSought = false;
      }
    }
    this.#mayJoin = joins;
    return end + this.#restChars - (texts.length - 1);
  }

  #lookAtTexts(): number {
    const texts = this.#texts;
    let chars = 0;
    for (const [i, text] of texts.entries()) {
      chars += text.length;
      if (text.endsWith('\r')) texts[i] = text.slice(0, -1);
    }
    this.#mayJoin = this.#logical !== undefined && texts.some(textMayJoin);
    return chars;
  }

  /** The line that is not complete yet. */
  #lookAtRest(bytes: Buffer): void {
    const start = bytes.lastIndexOf(newline) + 1;
    this.#restChars = bytes.length - start;
    this.#begins = 'unknown';
    if (this.#logical === undefined || this.#restChars === 0) return;
    if (kinds[bytes[start] ?? 0] === 0) {
      this.#begins = 'anew';
      return;
    }
    if (this.#restChars < restBytesMin) return;
    const text = bytes.toString('utf8', start, start + restBytesMin);
    this.#begins = textMayJoin(text) ? 'unknown' : 'anew';
  }
}

/**
 * V8 keeps a whole chunk alive for each slice of it. That is no loss while most of the chunk is
 * kept, but a chunk of empty lines with one text among them would stay for that text alone.
 */
function flatCopies(texts: readonly string[], bytesPerChar: 1 | 2): string[] {
  return texts.map((text) => flatCopy(text, bytesPerChar));
}
