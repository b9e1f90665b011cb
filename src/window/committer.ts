/**
 * The way of a line from the reader into the window. Lines commit in input order, each once all that
 * must be known of it is known (the gate says so); only there do they enter the window, evict older
 * ones and get judged. At any moment: read = waiting + in the window + evicted + skipped.
 */
import { performance } from 'node:perf_hooks';
import type { LineBatch } from '../input/line-batch.ts';
import type { Masker } from '../shape/masker.ts';
import { flatCopy } from '../shared/flat-copy.ts';
import * as limits from '../shared/limits.ts';
import { nextTurn } from '../shared/next-turn.ts';
import { CommitQueue, type WaitingLine } from './commit-queue.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import type { ShapeFacts, ShapeTable } from './shape-table.ts';
import type { Window } from './window.ts';

/**
 * What to do when lines wait too long for readings: hold the input back, let them pass unread, or
 * drop them.
 */
export type OverloadPolicy = 'block' | 'screen' | 'drop-oldest';

/** `skip`: the model has no vector for its shape, without which it can't be found. */
export type Verdict = 'commit' | 'wait' | 'skip';

/** Decides when a line may commit: where every shape is read, or where a watch must be sure. */
export interface CommitGate {
  /**
   * Whether a line of this shape, the next to commit, can do so now; where it has to wait, the
   * committer is told when that may have changed.
   */
  verdict(shape: number, text: string): Verdict;
  /** A line of this shape was read and waits behind others. */
  foresee(shape: number, text: string): void;
  /** A line of this shape left the queue, or its shape is needed no more. */
  leave(shape: number): void;
  /** A line entered the window, perhaps without the reading that it should have waited for. */
  judge(shape: number, text: string, number: number, time: number): void;
}

export interface CommitterBounds {
  readonly waitingLinesMax: number;
  readonly waitingBytesMax: number;
  /** Lines handled without giving other work of the thread a turn: about 2 ms of it. */
  readonly sliceLines: number;
  /** How long a line may wait for its reading where the policy is not to block. */
  readonly patienceMs: number;
}

export interface CommitterOptions {
  readonly masker: Pick<Masker, 'key'>;
  /** What the masker is given of a record of several lines; without it the whole. */
  readonly tellingText?: ((text: string) => string) | undefined;
  /** What a new shape is made with, from its key. */
  readonly factsOf: (key: string) => ShapeFacts;
  readonly table: ShapeTable;
  readonly window: Window;
  readonly gate: CommitGate;
  readonly onOverload: OverloadPolicy;
  /** A line entered the window, and was judged. */
  readonly onCommit?: ((text: string, number: number, time: number) => void) | undefined;
  /** For tests, which want small ones. */
  readonly bounds?: CommitterBounds;
}

const boundsDefault: CommitterBounds = {
  waitingLinesMax: limits.waitingLinesMax,
  waitingBytesMax: limits.waitingBytesMax,
  sliceLines: 1_000,
  patienceMs: limits.patienceMs,
};
/** Of new shapes, which take some 20 µs each, fewer make a slice. */
const newShapeLines = 12;

export class Committer {
  /** Lines read, skipped ones included. */
  readCount = 0;
  readonly skipped: Record<'empty' | 'overload' | 'vector', number> & { filtered?: number } = {
    /** Nothing but white space. */
    empty: 0,
    /** Given up under --on-overload drop-oldest. */
    overload: 0,
    /** The model's vector was NaN, infinite or zero. */
    vector: 0,
  };
  /** Lines in the window, or evicted, that passed unread under --on-overload screen. */
  screenedCount = 0;
  /** Lines whose shape was known when they were read. */
  knownCount = 0;
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
  /** Questions that want the window to stay as it is. */
  #stills = 0;
  #patience: NodeJS.Timeout | undefined;

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

  /**
   * Takes in a batch. Resolves when all of it was accepted, later where the queue is full, or once
   * the signal aborts: what was not accepted by then was not read.
   * @returns how many of its texts were accepted
   */
  async ingest(batch: LineBatch, signal?: AbortSignal): Promise<number> {
    const arrived = performance.now();
    this.#countFiltered(batch);
    let next = 0;
    while (next < batch.texts.length && signal?.aborted !== true) {
      const accepted = this.#accept(batch, next, arrived);
      if (accepted === next) await this.progress();
      else if (accepted < batch.texts.length) await nextTurn();
      next = accepted;
    }
    return next;
  }

  /** Lines that a filter left out; where there is none, there is no such count. */
  #countFiltered({ filtered = 0, texts, numbers }: LineBatch): void {
    if (filtered === 0) return;
    this.readCount += filtered;
    this.skipped.filtered = (this.skipped.filtered ?? 0) + filtered;
    const behind = numbers?.at(-1);
    if (texts.length === 0 && behind !== undefined) this.#lastRead = behind - 1;
  }

  /** One line whose shape is there already: of a vector from outside. */
  ingestReady(shape: number, text: string, number: number, time: number): void {
    this.readCount += 1;
    this.#lastRead = number;
    const bytes = text.length * 2;
    const verdict = this.#isEmpty ? this.#options.gate.verdict(shape, text) : 'wait';
    if (verdict !== 'wait') this.#commit(verdict, shape, text, number, time, bytes);
    else this.#wait({ shape, text, number, time, bytes, arrived: performance.now() });
  }

  /** Resolves when every line that was accepted by now is committed. */
  async committedAll(): Promise<void> {
    const target = this.#leftCount + this.#queue.length;
    while (this.#leftCount < target) await this.progress();
  }

  /** Resolves when lines were committed. */
  progress(): Promise<void> {
    return new Promise((resolve) => this.#progress.push(resolve));
  }

  /**
   * The window stays as it is until as many let go as keep it still: lines wait meanwhile. Whoever
   * keeps it does so for milliseconds, a slice at a time.
   */
  keepStill(): void {
    this.#stills += 1;
  }

  letGo(): void {
    this.#stills -= 1;
    if (this.#stills === 0) this.drain();
  }

  /** Commits what can be, oldest first, in slices: readings arrived, or the window may change again. */
  drain(): void {
    if (!this.#isDraining) this.#drainSlice();
  }

  /** Gives up waiting for anything. */
  stop(): void {
    clearTimeout(this.#patience);
  }

  /** Nothing waits, so that a line may commit as it comes. */
  get #isEmpty(): boolean {
    return this.#queue.length === 0 && this.#stills === 0;
  }

  /** @returns the index of the first line that was not accepted: where a slice ends, or it must wait */
  #accept(batch: LineBatch, start: number, arrived: number): number {
    const { masker, table, gate, tellingText } = this.#options;
    const { texts, told: read = texts, bytesPerChar, time, firstNumber, numbers } = batch;
    const isPlain = numbers === undefined && read === texts;
    const told = isPlain ? undefined : tellingText;
    const left = this.#leftCount;
    let index = start;
    let committed = 0;
    let work = 0;
    for (; index < texts.length && work < this.#bounds.sliceLines; index += 1) {
      const text = texts[index] ?? '';
      const said = read[index] ?? text;
      const key = masker.key(told === undefined ? said : told(said));
      work += 1;
      if (key === undefined) {
        this.skipped.empty += 1;
        continue;
      }
      if (this.#queue.length > 0 && !this.#makeRoom()) break; // Before the look-up: it may drop shapes.
      let shape = table.get(key);
      if (shape === undefined) {
        shape = table.create(key, this.#options.factsOf(key));
        work += newShapeLines;
      } else {
        this.knownCount += 1;
      }
      const bytes = text.length * bytesPerChar;
      const number = numbers?.[index] ?? firstNumber + index;
      const verdict = this.#isEmpty ? gate.verdict(shape, text) : 'wait';
      if (verdict !== 'wait') {
        this.#commit(verdict, shape, text, number, time, bytes);
        committed += 1;
      } else {
        // Where others are dropped around it, a line must not keep the chunk of all of them alive.
        const isFlat = this.#options.onOverload === 'drop-oldest';
        const kept = isFlat ? flatCopy(text, bytesPerChar) : text;
        this.#wait({ shape, text: kept, number, time, bytes, arrived });
      }
    }
    this.readCount += index - start;
    if (index > start) this.#lastRead = (numbers?.[index] ?? firstNumber + index) - 1;
    this.latency.record(performance.now() - arrived, committed);
    if (this.#leftCount > left) this.drain(); // What waited behind a dropped line may be ready.
    return index;
  }

  #wait(line: WaitingLine): void {
    this.#options.table.hold(line.shape);
    this.#options.gate.foresee(line.shape, line.text);
    this.#queue.push(line);
    this.#armPatience();
  }

  #makeRoom(): boolean {
    while (this.#isFull()) {
      if (this.#stills > 0 || this.#options.onOverload === 'block') return false;
      this.#giveUpOldest();
    }
    return true;
  }

  #isFull(): boolean {
    const { waitingLinesMax, waitingBytesMax } = this.#bounds;
    return this.#queue.length >= waitingLinesMax || this.#queue.byteCount >= waitingBytesMax;
  }

  /** The oldest waits no more; one that only waits for its turn to commit is not lost for it. */
  #giveUpOldest(): void {
    const line = this.#queue.first;
    if (line === undefined) return;
    const verdict = this.#options.gate.verdict(line.shape, line.text);
    if (verdict !== 'wait' || this.#options.onOverload === 'screen') {
      this.#commitFirst(verdict, performance.now());
      return;
    }
    this.#queue.shift();
    this.#leftCount += 1;
    this.skipped.overload += 1;
    this.#letLeave(line.shape);
  }

  #drainSlice(): void {
    const now = performance.now();
    let count = 0;
    for (; count < this.#bounds.sliceLines; count += 1) {
      const line = this.#queue.first;
      if (line === undefined || this.#stills > 0) break;
      const verdict = this.#options.gate.verdict(line.shape, line.text);
      if (verdict !== 'wait') this.#commitFirst(verdict, now);
      else if (this.#isPatient(line, now)) break;
      else this.#giveUpOldest();
    }
    this.#isDraining = count === this.#bounds.sliceLines;
    if (this.#isDraining) {
      setImmediate(() => {
        this.#drainSlice();
      });
    } else {
      this.#armPatience();
    }
    for (const resolve of this.#progress.splice(0)) resolve();
  }

  #isPatient(line: WaitingLine, now: number): boolean {
    return this.#options.onOverload === 'block' || now - line.arrived < this.#bounds.patienceMs;
  }

  /** Looks after the oldest line again when its time is up. */
  #armPatience(): void {
    const { first } = this.#queue;
    if (this.#options.onOverload === 'block' || this.#patience !== undefined) return;
    if (first === undefined || this.#stills > 0) return;
    const ms = first.arrived + this.#bounds.patienceMs - performance.now();
    this.#patience = setTimeout(
      () => {
        this.#patience = undefined;
        this.drain();
      },
      Math.max(1, ms),
    );
  }

  /** The oldest waiting line commits: it can, or, where its verdict is to wait, it passes unread. */
  #commitFirst(verdict: Verdict, now: number): void {
    const line = this.#queue.shift();
    if (line === undefined) return;
    this.#leftCount += 1;
    this.latency.record(now - line.arrived, 1);
    if (verdict === 'wait') this.screenedCount += 1;
    this.#commit(verdict, line.shape, line.text, line.number, line.time, line.bytes);
    this.#letLeave(line.shape);
  }

  #letLeave(shape: number): void {
    this.#options.gate.leave(shape);
    this.#options.table.unhold(shape);
  }

  #commit(
    verdict: Verdict,
    shape: number,
    text: string,
    number: number,
    time: number,
    bytes: number,
  ): void {
    const { gate, window, table } = this.#options;
    if (verdict === 'skip') {
      this.skipped.vector += 1;
      table.forgetIfUnused(shape);
      return;
    }
    window.commit(shape, text, number, time, bytes);
    gate.judge(shape, text, number, time);
    this.#options.onCommit?.(text, number, time);
  }
}
