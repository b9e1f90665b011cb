/** A filter for Node's streams: bytes in, the lines that answer out, as `imesde -w` does. */
import { PassThrough, Transform, type TransformCallback } from 'node:stream';
import { decode } from '../input/decode.ts';
import { LineReader, type LineKind } from '../input/line-reader.ts';
import { readUntil } from '../input/read-until.ts';
import { questionsOf, type Marks } from '../rank/asked.ts';
import { lineBytesDefault } from '../shared/limits.ts';
import type { Waiting } from '../shared/until-aborted.ts';
import { Engine } from './engine.ts';
import type { EngineOptions } from './options.ts';

/** How to watch a stream: what an engine is opened with, and the following. `signal` ends it. */
export interface WatchStreamOptions
  extends Omit<EngineOptions, 'onFatal' | 'news' | 'explain' | 'waitsForModel'>, Marks, Waiting {
  /** The least score that answers: 0 to 1, or with `rank: 'cosine'` -1 to 1; by default the ranking's own. */
  readonly minScore?: number | undefined;
  /** A longer line is cut, in bytes: 64 KiB by default. */
  readonly maxLineBytes?: number | undefined;
  /** `logical` (default) joins what continues a line, a stack trace for instance, to it. */
  readonly lines?: LineKind | undefined;
}

/**
 * A stream that passes on the lines that answer a phrase, as they come and in their order, each with
 * a newline: `pipeline(process.stdin, watch('database unreachable'), process.stdout)`. It holds the
 * writer back while it has more than it can read, or its reader is slow; it opens an engine of its
 * own and closes it at the end. What goes wrong, and the reason of a signal, is the stream's error.
 * @param phrase - or several: a line that answers any of them is passed on once
 */
export function watch(
  phrase: string | readonly string[],
  options: WatchStreamOptions = {},
): Transform {
  return new WatchStream(typeof phrase === 'string' ? [phrase] : phrase, options);
}

class WatchStream extends Transform {
  readonly #phrases: readonly string[];
  readonly #options: WatchStreamOptions;
  /** What was written, for the reader of lines, which asks for it. */
  readonly #bytes = new PassThrough();
  /** Ends the reading, where the stream is destroyed before its end. */
  readonly #stop = new AbortController();
  #engine: Engine | undefined;
  #read: Promise<void> = Promise.resolve();
  /** What was passed on is more than was asked for. */
  #isFull = false;
  #makeRoom: () => void = () => undefined;
  readonly #onAbort = (): void => {
    this.destroy(this.#options.signal?.reason as Error);
  };

  constructor(phrases: readonly string[], options: WatchStreamOptions) {
    super();
    this.#phrases = phrases;
    this.#options = options;
    options.signal?.addEventListener('abort', this.#onAbort);
    if (options.signal?.aborted === true) this.#onAbort();
  }

  override _construct(callback: (error?: Error | null) => void): void {
    this.#open().then(() => {
      callback();
    }, callback);
  }

  async #open(): Promise<void> {
    const { minScore, signal, like, unlike } = this.#options;
    const engine = await Engine.open({
      ...this.#options,
      onFatal: (error) => this.destroy(error),
    });
    this.#engine = engine;
    for (const asked of questionsOf(this.#phrases, { like, unlike })) {
      await engine.addWatch(asked.phrase, minScore, asked);
    }
    signal?.throwIfAborted();
    engine.onMatch(({ text }) => {
      this.#isFull = !this.push(`${text}\n`);
    });
    this.#read = this.#ingest(engine);
    this.#read.catch((error: unknown) => this.destroy(error as Error));
  }

  async #ingest(engine: Engine): Promise<void> {
    const { maxLineBytes = lineBytesDefault, lines = 'logical' } = this.#options;
    const { signal } = this.#stop;
    const reader = new LineReader({ maxLineBytes, lines, name: 'the stream' });
    const bytes = decode(readUntil(this.#bytes, signal), signal, 'the stream');
    for await (const batch of reader.read(bytes, true)) {
      await engine.ingestBatch(batch, { signal });
      while (this.#isFull && !signal.aborted) await this.#room();
    }
    await engine.drained({ signal });
  }

  /** A Transform only counts what is passed on within a write; here it may come later. */
  #room(): Promise<void> {
    return new Promise((resolve) => {
      this.#makeRoom = resolve;
    });
  }

  override _read(size: number): void {
    this.#isFull = false;
    this.#makeRoom();
    super._read(size);
  }

  override _transform(chunk: Buffer, _: BufferEncoding, callback: TransformCallback): void {
    if (this.#bytes.write(chunk)) callback();
    else this.#bytes.once('drain', callback);
  }

  override _flush(callback: TransformCallback): void {
    this.#bytes.end();
    this.#read.then(() => {
      callback();
    }, callback);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    this.#stop.abort(error);
    this.#makeRoom();
    this.#bytes.destroy();
    const closed = this.#engine?.close() ?? Promise.resolve();
    closed.then(
      () => {
        callback(error);
      },
      (failure: unknown) => {
        callback(error ?? (failure as Error));
      },
    );
  }
}
