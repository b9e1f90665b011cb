/** What every command that reads lines sets up, and how it ends. */
import { fstatSync } from 'node:fs';
import type { Writable } from 'node:stream';
import type { EngineFlags, OutputOptions, ReadingFlags } from './common-options.ts';
import { filterOf } from './filter-options.ts';
import type { Engine } from '../engine/engine.ts';
import type { EngineOptions } from '../engine/options.ts';
import type { EngineStats } from '../engine/stats.ts';
import { decode } from '../input/decode.ts';
import { FileLines, stdinName } from '../input/file-lines.ts';
import type { LineFilter } from '../input/line-filter.ts';
import { LineReader } from '../input/line-reader.ts';
import type { LineBatch } from '../input/line-batch.ts';
import type { LineSink } from '../input/line-sink.ts';
import { readUntil } from '../input/read-until.ts';
import type { MatchFormat } from '../output/printed-match.ts';
import { Writer } from '../output/writer.ts';
import { ImesdeError } from '../shared/errors.ts';
import { InputProgress } from './input-progress.ts';
import { matchFormat } from './output-format.ts';
import { formatStats, type ReaderCounts } from './stats-report.ts';
import { formatStatusLine } from './status-line.ts';
import { answerStatusSignal } from './status-signal.ts';
import { StopRequest } from './stop-request.ts';

/** Lines that come from elsewhere than standard input. */
export interface LineSource extends ReaderCounts {
  read(signal: AbortSignal, isLive?: boolean): AsyncGenerator<LineBatch>;
  /** Of a line by its number: its file, where it is of one, and its number there. */
  placeOf(number: number): { readonly file?: string; readonly line: number };
}

/** What lines are read into. */
export interface LineTaker extends LineSink {
  stats(): EngineStats;
  close?(): Promise<void>;
}

export class Run {
  readonly stop = new StopRequest();
  readonly reader: LineReader | LineSource;
  readonly writer: Writer;
  readonly format: MatchFormat;
  /** How far the input is read. */
  readonly progress: InputProgress;
  /** Answers to requests that nobody took; undefined where nobody could ask. */
  droppedAnswers: number | undefined;
  readonly #flags: ReadingFlags;
  readonly #started = performance.now();
  #firstMatchMs: number | undefined;
  #taker: LineTaker | undefined;
  #filter: LineFilter | undefined;
  #failure: ImesdeError | undefined;

  /** @param files - read instead of standard input */
  constructor(
    flags: ReadingFlags,
    output: OutputOptions,
    stdout: Writable = process.stdout,
    files?: LineSource,
  ) {
    this.#flags = flags;
    this.reader = files ?? new LineReader(flags);
    this.progress = new InputProgress(namesOf(files));
    this.writer = new Writer(stdout, (isTerminalGone) => {
      if (isTerminalGone) this.stop.hangUp();
      this.stop.requestAtOnce();
    });
    process.once('uncaughtException', (error) => {
      // main.ts says what happened. Here the workers are let go, so that the process can end.
      this.#failure ??= new ImesdeError('ERR_IMESDE_WORKER', error.message, { cause: error });
      this.stop.requestAtOnce();
    });
    this.format = matchFormat(output);
    answerStatusSignal(() =>
      this.#taker === undefined
        ? 'no line read so far'
        : formatStatusLine(this.#taker.stats(), this.progress.read()),
    );
  }

  /** @throws {ImesdeError} what filterOf and Engine.open throw */
  async open(
    { window, rows, windowBytes, workers, model, exact, rank }: EngineFlags,
    options: Pick<EngineOptions, 'keep' | 'onOverload' | 'waitsForModel' | 'explain' | 'news'>,
  ): Promise<Engine> {
    const { Engine } = await import('../engine/engine.ts');
    this.#filter = await filterOf(this.#flags); // Before anything is started that would have to end.
    const engine = await Engine.open({
      window,
      rows,
      windowBytes,
      workers,
      model,
      exact,
      rank,
      ...options,
      onFatal: (error) => {
        this.#failure = error;
        this.stop.request();
      },
      onHang: (message) => {
        process.stderr.write(`imesde: ${message}: this process ends itself\n`, () => {
          this.stop.undo();
          process.kill(process.pid, 'SIGKILL');
        });
      },
    });
    if (rank !== engine.rank) {
      process.stderr.write(
        `imesde: this model has no token vectors to rank by ${rank}: ranking by ${engine.rank}\n`,
      );
    }
    this.#taker = engine;
    return engine;
  }

  /**
   * For a command without an engine: what is read goes there.
   * @throws {ImesdeError} what filterOf throws
   */
  async openTo(taker: LineTaker): Promise<void> {
    this.#filter = await filterOf(this.#flags);
    this.#taker = taker;
  }

  /**
   * Reads files to their end that stand before the input.
   * @param files - whose lines have numbers of their own
   */
  async ingestBefore(files: FileLines, taker: LineSink): Promise<void> {
    const reading = async (): Promise<void> => {
      for await (const batch of files.read(this.stop.signal, false)) {
        await taker.ingestBatch(this.#filtered(batch, files.placeOf(batch.firstNumber).file));
      }
    };
    await this.stop.within(reading());
  }

  /**
   * Reads the input to its end, or until something asks to stop; then commits what was read.
   * @param isLive - each line is wanted as it comes
   */
  async ingest(taker: LineSink, isLive = false): Promise<void> {
    const reading = async (): Promise<void> => {
      for await (const batch of this.#batches(isLive)) {
        await taker.ingestBatch(this.#filtered(batch));
        await this.writer.room();
        if (this.#failure !== undefined) break;
      }
      if (!this.stop.signal.aborted) this.progress.end();
      if (this.#failure === undefined) await taker.drained();
    };
    const failed = new Promise<void>((resolve) => {
      this.stop.signal.addEventListener('abort', () => {
        if (this.#failure !== undefined) resolve();
      });
    });
    await this.stop.within(Promise.race([reading(), failed, this.stop.enough]));
    this.throwFailure();
  }

  #filtered(batch: LineBatch, file = this.placeOf(batch.firstNumber).file): LineBatch {
    return this.#filter === undefined ? batch : this.#filter.apply(batch, file ?? '');
  }

  #batches(isLive: boolean): AsyncGenerator<LineBatch> {
    const { signal } = this.stop;
    if (!(this.reader instanceof LineReader)) return this.reader.read(signal, isLive);
    const chunks = decode(readUntil(process.stdin, signal), signal);
    return this.reader.read(chunks, isLive && !isFile(0));
  }

  /** Of a line by its number: its file, where files are read, and its number there. */
  placeOf(number: number): { readonly file?: string; readonly line: number } {
    return this.reader instanceof LineReader ? { line: number } : this.reader.placeOf(number);
  }

  throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  noteMatch(): void {
    this.#firstMatchMs ??= performance.now() - this.#started;
  }

  /** Flushes stdout, prints the summary where it is asked for, and lets the workers leave. */
  async finish(): Promise<void> {
    if (this.#taker !== undefined) {
      await this.stop.within(this.writer.flushed());
      if (this.#flags.stats === true) {
        const facts = {
          stats: this.#taker.stats(),
          reader: this.reader,
          readMs: performance.now() - this.#started,
          firstMatchMs: this.#firstMatchMs,
          droppedAnswers: this.droppedAnswers,
        };
        process.stderr.write(formatStats(facts));
      }
    }
    await this.dispose();
  }

  /** Leaves nothing behind that would keep the process alive. */
  async dispose(): Promise<void> {
    process.stdin.destroy();
    await this.#taker?.close?.();
    this.stop.dispose();
  }
}

/** What is followed has no end. */
function namesOf(files: LineSource | undefined): string[] {
  if (files === undefined) return [stdinName];
  return files instanceof FileLines ? files.names : [];
}

/** A file has no pauses: what belongs together is there. */
function isFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    return false; // Closed.
  }
}
