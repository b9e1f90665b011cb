/**
 * The way of a line from the reader into the window. Lines commit in input order, each once its
 * shape has its row; only there do they enter the window, evict older ones and get judged. At any
 * moment: read = waiting + in the window + evicted + skipped.
 */
import { performance } from 'node:perf_hooks';
import type { EmbedPool, ShapeJob } from '../embed/pool.ts';
import type { LineBatch } from '../input/line-reader.ts';
import type { Masker } from '../shape/masker.ts';
import { flatCopy } from '../shared/flat-copy.ts';
import * as limits from '../shared/limits.ts';
import { nextTurn } from '../shared/next-turn.ts';
import { CommitQueue, type WaitingLine } from './commit-queue.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import type { Shape, ShapeTable } from './shape-table.ts';
import type { Window } from './window.ts';

/** What to do when lines arrive faster than their shapes are embedded. */
export type OverloadPolicy = 'block' | 'drop-oldest';

export interface CommitterBounds {
  readonly waitingLinesMax: number;
  readonly waitingBytesMax: number;
  /** Lines handled without giving other work of the thread a turn: about 2 ms of it. */
  readonly sliceLines: number;
}

export interface CommitterOptions {
  readonly masker: Pick<Masker, 'key' | 'modelText'>;
  readonly table: ShapeTable;
  readonly window: Window;
  readonly pool: Pick<EmbedPool, 'embedShape'>;
  readonly onOverload: OverloadPolicy;
  /** For tests, which want small ones. */
  readonly bounds?: CommitterBounds;
  /** Called for each line right after it entered the window. */
  readonly onCommit: (shape: Shape, text: string, number: number, time: number) => void;
}

const boundsDefault: CommitterBounds = {
  waitingLinesMax: limits.waitingLinesMax,
  waitingBytesMax: limits.waitingBytesMax,
  sliceLines: 1_000,
};

export class Committer {
  /** Lines read, skipped ones included. */
  readCount = 0;
  readonly skipped = {
    /** Nothing but white space. */
    empty: 0,
    /** Given up under --on-overload drop-oldest. */
    overload: 0,
    /** The model's vector was NaN, infinite or zero. */
    vector: 0,
  };
  /** Lines whose shape was known when they were read. */
  knownCount = 0;
  /** Shapes whose embedding is done. */
  embeddedCount = 0;
  readonly latency = new LatencyHistogram();
  readonly #options: CommitterOptions;
  readonly #bounds: CommitterBounds;
  readonly #queue = new CommitQueue();
  /** Number of the last line that was read. */
  #lastRead = 0;
  #isDraining = false;
  /** Lines that left the queue. */
  #leftCount = 0;
  #progress: (() => void)[] = [];
  /** Shapes of queued jobs, to find them when the worker answers. */
  readonly #shapeOfJob = new Map<ShapeJob, Shape>();

  constructor(options: CommitterOptions) {
    this.#options = options;
    this.#bounds = options.bounds ?? boundsDefault;
  }

  get waitingCount(): number {
    return this.#queue.length;
  }

  /** Number of the last line of which all before it, and it itself, are committed or skipped. */
  get lastNumber(): number {
    const { first } = this.#queue;
    return first === undefined ? this.#lastRead : first.number - 1;
  }

  /** Takes in a batch. Resolves when all of it was accepted, later where the queue is full. */
  async ingest(batch: LineBatch): Promise<void> {
    const { sliceLines } = this.#bounds;
    const arrived = performance.now();
    let next = 0;
    while (next < batch.texts.length) {
      const sliceEnd = Math.min(batch.texts.length, next + sliceLines);
      const accepted = this.#accept(batch, next, sliceEnd, arrived);
      if (accepted < sliceEnd) await this.progress();
      else if (accepted < batch.texts.length) await nextTurn();
      next = accepted;
    }
  }

  /** One line whose vector the caller wrote into the shape's row, or could not store. */
  ingestReady(shape: Shape, stored: boolean, text: string, number: number, time: number): void {
    this.readCount += 1;
    this.#lastRead = number;
    shape.state = stored ? 'ready' : 'rejected';
    const bytes = text.length * 2;
    if (this.#queue.length === 0) this.#commit(shape, text, number, time, bytes);
    else this.#queue.push({ shape, text, number, time, bytes, arrived: performance.now() });
  }

  /** Resolves when every line that was accepted by now is committed. */
  async committedAll(): Promise<void> {
    const target = this.#leftCount + this.#queue.length;
    while (this.#leftCount < target) await this.progress();
  }

  /** Resolves when lines were committed or a worker answered. */
  progress(): Promise<void> {
    return new Promise((resolve) => this.#progress.push(resolve));
  }

  /** The workers wrote these rows. */
  shapesDone(jobs: readonly ShapeJob[], stored: Uint8Array): void {
    for (const [index, job] of jobs.entries()) {
      const shape = this.#shapeOfJob.get(job);
      if (shape === undefined) continue;
      this.#shapeOfJob.delete(job);
      this.embeddedCount += 1;
      shape.job = undefined;
      shape.state = stored[index] === 1 ? 'ready' : 'rejected';
      this.#options.table.releaseIfUnused(shape);
    }
    this.#drain();
  }

  /** @returns the index of the first line that was not accepted: `end`, or where it must wait */
  #accept(batch: LineBatch, start: number, end: number, arrived: number): number {
    const { masker, table } = this.#options;
    const { texts, bytesPerChar, time, firstNumber } = batch;
    const left = this.#leftCount;
    let index = start;
    let committed = 0;
    for (; index < end; index += 1) {
      const text = texts[index] ?? '';
      const key = masker.key(text);
      if (key === undefined) {
        this.skipped.empty += 1;
        continue;
      }
      if (this.#queue.length > 0 && !this.#makeRoom()) break; // Before the look-up: it may drop shapes.
      let shape = table.get(key);
      if (shape === undefined) {
        shape = this.#createShape(key);
        if (shape === undefined) break;
      } else {
        this.knownCount += 1;
      }
      const bytes = text.length * bytesPerChar;
      if (this.#queue.length === 0 && shape.state !== 'embedding') {
        this.#commit(shape, text, firstNumber + index, time, bytes);
        committed += 1;
      } else {
        this.#wait(shape, text, bytesPerChar, firstNumber + index, time, arrived);
      }
    }
    this.readCount += index - start;
    if (index > start) this.#lastRead = firstNumber + index - 1;
    this.latency.record(performance.now() - arrived, committed);
    if (this.#leftCount > left) this.#drain(); // What waited behind a dropped line may be ready.
    return index;
  }

  #wait(
    shape: Shape,
    text: string,
    bytesPerChar: 1 | 2,
    number: number,
    time: number,
    arrived: number,
  ): void {
    // Where others are dropped around it, a line must not keep the chunk of all of them alive.
    const kept = this.#options.onOverload === 'block' ? text : flatCopy(text, bytesPerChar);
    const bytes = text.length * bytesPerChar;
    this.#queue.push({ shape, text: kept, number, time, bytes, arrived });
  }

  #createShape(key: string): Shape | undefined {
    const { table, masker, pool, onOverload } = this.#options;
    let shape = table.create(key);
    while (shape === undefined && onOverload === 'drop-oldest' && this.#dropOldest()) {
      shape = table.create(key);
    }
    if (shape === undefined) return undefined;
    const job: ShapeJob = {
      row: shape.row,
      text: masker.modelText(key),
      failures: 0,
      state: 'queued',
    };
    shape.job = job;
    this.#shapeOfJob.set(job, shape);
    pool.embedShape(job);
    return shape;
  }

  #makeRoom(): boolean {
    const queue = this.#queue;
    const { waitingLinesMax, waitingBytesMax } = this.#bounds;
    while (queue.length >= waitingLinesMax || queue.byteCount >= waitingBytesMax) {
      if (this.#options.onOverload === 'block') return false;
      this.#dropOldest();
    }
    return true;
  }

  /** Makes room for a newer line; one that only waits for its turn to commit is not lost for it. */
  #dropOldest(): boolean {
    const line = this.#queue.shift();
    if (line === undefined) return false;
    this.#leftCount += 1;
    if (line.shape.state !== 'embedding') {
      this.#commitWaiting(line, performance.now());
      return true;
    }
    this.skipped.overload += 1;
    this.#release(line.shape);
    return true;
  }

  #release(shape: Shape): void {
    const { job } = shape;
    this.#options.table.releaseIfUnused(shape);
    if (job?.state === 'cancelled') this.#shapeOfJob.delete(job);
  }

  /** Commits what is ready, oldest first, in slices. */
  #drain(): void {
    if (this.#isDraining) return;
    this.#drainSlice();
  }

  #drainSlice(): void {
    const { sliceLines } = this.#bounds;
    const now = performance.now();
    let count = 0;
    for (; count < sliceLines; count += 1) {
      const line = this.#queue.first;
      if (line === undefined || line.shape.state === 'embedding') break;
      this.#queue.shift();
      this.#leftCount += 1;
      this.#commitWaiting(line, now);
    }
    this.#isDraining = count === sliceLines;
    if (this.#isDraining) {
      setImmediate(() => {
        this.#drainSlice();
      });
    }
    for (const resolve of this.#progress.splice(0)) resolve();
  }

  #commitWaiting(line: WaitingLine, now: number): void {
    this.latency.record(now - line.arrived, 1);
    this.#commit(line.shape, line.text, line.number, line.time, line.bytes);
  }

  #commit(shape: Shape, text: string, number: number, time: number, bytes: number): void {
    if (shape.state === 'rejected') {
      this.skipped.vector += 1;
      this.#options.table.releaseIfUnused(shape);
      return;
    }
    this.#options.window.commit(shape, text, number, time, bytes);
    this.#options.onCommit(shape, text, number, time);
  }
}
