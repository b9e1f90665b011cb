/**
 * Messages → lines. A message holds one line or many; a record of several lines ends with its
 * message, since the next one may be another producer's.
 */
import { textMayJoin } from '../../input/first-bytes.ts';
import { criLineOf } from '../../input/cri-line.ts';
import { LineReader, type LineReaderOptions } from '../../input/line-reader.ts';
import type { LineBatch } from '../../input/line-batch.ts';
import { LogicalLines } from '../../input/logical-lines.ts';
import { eventLinesMax } from '../../shared/limits.ts';

const newline = 0x0a;
const newlineBytes = Buffer.of(newline);
const replacement = Buffer.from('\ufffd');

export class MessageLines {
  readonly #reader: LineReader;
  readonly #logical: LogicalLines | undefined;
  readonly #batches: AsyncGenerator<LineBatch>;
  /** What the reader is to be given next. */
  #next: Buffer = newlineBytes;
  #hasBegun = false;
  #lastNumber = 0;
  #utf16Bytes = 0;

  constructor({ maxLineBytes, lines, name }: LineReaderOptions) {
    this.#reader = new LineReader({ maxLineBytes, name });
    if (lines === 'logical') {
      this.#logical = new LogicalLines({ linesMax: eventLinesMax, bytesMax: maxLineBytes });
    }
    this.#batches = this.#reader.read(this.#chunks());
  }

  get cutLines(): number {
    return this.#reader.cutLines;
  }

  get joinedLines(): number {
    return this.#logical?.joinedLines ?? 0;
  }

  get invalidUtf8Bytes(): number {
    return this.#reader.invalidUtf8Bytes + this.#utf16Bytes;
  }

  get droppedNulBytes(): number {
    return this.#reader.droppedNulBytes;
  }

  /**
   * @param messages - at least one
   * @returns the number of the last line of each, and the lines
   */
  async push(
    messages: readonly Uint8Array[],
  ): Promise<{ readonly lastNumbers: readonly number[]; readonly batches: readonly LineBatch[] }> {
    const lastNumbers: number[] = [];
    const pieces: Buffer[] = [];
    for (const message of messages) {
      const bytes = this.#text(message);
      pieces.push(bytes);
      if (bytes[bytes.length - 1] !== newline) pieces.push(newlineBytes);
      this.#lastNumber += newlinesIn(bytes) + Number(bytes[bytes.length - 1] !== newline);
      lastNumbers.push(this.#lastNumber);
    }
    this.#next = Buffer.concat(pieces);
    const { value: batch } = (await this.#batches.next()) as IteratorYieldResult<LineBatch>;
    return { lastNumbers, batches: this.#recordsOf(batch, lastNumbers) };
  }

  /** One chunk for each time that a batch is asked for: each gives one, since it ends a line. */
  async *#chunks(): AsyncGenerator<Buffer> {
    for (;;) yield await Promise.resolve(this.#next);
  }

  /**
   * Without a byte order mark. At the very start one of UTF-16 would end the reading; but no message
   * may do that, for it would come again after each restart.
   */
  #text(message: Uint8Array): Buffer {
    let bytes = Buffer.from(message.buffer, message.byteOffset, message.length);
    const [first, second, third] = bytes;
    if (first === 0xef && second === 0xbb && third === 0xbf) bytes = bytes.subarray(3);
    const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
    if (isUtf16 && !this.#hasBegun) {
      this.#utf16Bytes += 2;
      bytes = Buffer.concat([replacement, bytes.subarray(2)]);
    }
    this.#hasBegun = true;
    return bytes;
  }

  #recordsOf(batch: LineBatch, lastNumbers: readonly number[]): readonly LineBatch[] {
    const logical = this.#logical;
    const { texts, firstNumber } = batch;
    if (logical === undefined || texts.length === lastNumbers.length) return [batch];
    if (!texts.some(textMayJoin) && criLineOf(texts[0] ?? '') === undefined) return [batch];
    const records: LineBatch[] = [];
    let from = 0;
    for (const last of lastNumbers) {
      const to = last - firstNumber + 1;
      const own = texts.slice(from, to);
      const mayJoin = own.length > 1 && own.some(textMayJoin);
      const part = { ...batch, texts: own, firstNumber: firstNumber + from };
      records.push(...logical.push(part, { mayJoin, next: 'nothing' }), ...logical.flush());
      from = to;
    }
    return records;
  }
}

function newlinesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) count += 1;
  return count;
}
