/**
 * What the model has said of shapes, and what it reads next. A reading lies in a row of the ring;
 * only this class leases rows. When there is no free row, the reading that was used longest ago goes.
 * One that is pinned never does; one that is kept for a waiting line only where an urgent one needs
 * its row, or else lines that wait could take all rows from the line that all of them wait for.
 * Three queues, first come first served but where it says otherwise:
 *
 *   urgent    a line at the commit point or a question waits for it
 *   foreseen  a line that was read will probably need it; in the order of lines, or of promise
 *   ahead     nobody needs it yet: taken only by a worker that would be idle
 */
import assert from 'node:assert';
import type { Rows } from '../ring/rows.ts';
import type { ShapeJob, ShapeSource } from './pool.ts';
import { RequestQueue } from './request-queue.ts';

export interface ReadingsOptions {
  readonly rows: Rows;
  /** Rows that only urgent readings may take: so that what was foreseen never bars the way. */
  readonly urgentRows: number;
  /** What the model reads of a shape. */
  readonly textOf: (shape: number) => string;
  /** There is something to take. */
  readonly onWanted: () => void;
  /** Readings arrived, or came to nothing; called once for a worker's answer. */
  readonly onRead: () => void;
  /** A shape whose reading is under way must keep its number until that has arrived. */
  readonly hold: (shape: number) => void;
  readonly unhold: (shape: number) => void;
}

/** Told once; the row is -1 where the model's vector was NaN, infinite or zero. */
export type ReadingListener = (shape: number, row: number) => void;

const noRow = -1;
/** The model gave no vector. */
const rejected = -2;
/** A worker has it. */
const underWay = -3;

/** Shapes read ahead in one message: somebody who comes meanwhile waits for no more. */
const aheadShapesMax = 8;

export class Readings implements ShapeSource {
  /** Readings made. */
  madeCount = 0;
  /** Shapes of which the model gave no vector. */
  rejectedCount = 0;
  readonly #options: ReadingsOptions;
  readonly #urgent = new RequestQueue();
  readonly #foreseen = new RequestQueue();
  #ahead = new Set<number>();
  /** By shape: its row, or what becomes of it. */
  readonly #rows = new Map<number, number>();
  /** Readings that may be forgotten, the one used longest ago first. */
  readonly #forgettable = new Set<number>();
  readonly #pins = new Map<number, number>();
  /** The one that a line needs next first; whose line has just left, last. */
  readonly #kept = new Map<number, number>();
  readonly #listeners = new Map<number, ReadingListener[]>();
  #isWaking = false;

  constructor(options: ReadingsOptions) {
    this.#options = options;
  }

  get waitingCount(): number {
    return this.#urgent.size + this.#foreseen.size;
  }

  /** @returns the row of its reading, or undefined */
  rowOf(shape: number): number | undefined {
    const row = this.#rows.get(shape);
    return row !== undefined && row >= 0 ? row : undefined;
  }

  isRejected(shape: number): boolean {
    return this.#rows.get(shape) === rejected;
  }

  /** Whether there is a reading, or one is under way. */
  isKnown(shape: number): boolean {
    return this.#rows.has(shape);
  }

  /** Somebody waits for this shape's reading: it is read before others. */
  want(shape: number): void {
    if (this.#rows.has(shape)) return;
    this.#foreseen.delete(shape);
    this.#urgent.push(shape, 0);
    this.#wake();
  }

  /**
   * This shape's reading will probably be needed.
   * @param promise - the higher the sooner; 0 for the order in which they come
   */
  foresee(shape: number, promise: number): void {
    if (this.#rows.has(shape) || this.#urgent.has(shape)) return;
    this.#foreseen.push(shape, promise);
    this.#wake();
  }

  /** What to read where nothing else is wanted, in this order; replaces what was said before. */
  readAhead(shapes: readonly number[]): void {
    this.#ahead = new Set(shapes);
    if (shapes.length > 0) this.#wake();
  }

  /** Tells of a shape's reading: at once where it is there. It may be forgotten right after. */
  listen(shape: number, listener: ReadingListener): void {
    const row = this.#rows.get(shape);
    if (row === undefined || row === underWay) {
      const others = this.#listeners.get(shape);
      if (others === undefined) this.#listeners.set(shape, [listener]);
      else others.push(listener);
      this.want(shape);
      return;
    }
    this.#touch(shape);
    listener(shape, row === rejected ? noRow : row);
  }

  /** Whoever listened gives up. */
  stopListening(shape: number, listener: ReadingListener): void {
    const others = this.#listeners.get(shape)?.filter((other) => other !== listener) ?? [];
    if (others.length > 0) this.#listeners.set(shape, others);
    else this.#listeners.delete(shape);
  }

  /** A reading, the one that may yet come too, must stay until as many unpin as have pinned. */
  pin(shape: number): void {
    this.#pins.set(shape, (this.#pins.get(shape) ?? 0) + 1);
    this.#forgettable.delete(shape);
  }

  unpin(shape: number): void {
    this.#countDown(this.#pins, shape);
  }

  /** A line waits for this reading, or will: it stays while it can, until as many let go. */
  keep(shape: number): void {
    this.#kept.set(shape, (this.#kept.get(shape) ?? 0) + 1);
    this.#forgettable.delete(shape);
  }

  isKept(shape: number): boolean {
    return this.#kept.has(shape);
  }

  /** The last who lets go cancels it, or the model would read on in vain. */
  letGo(shape: number): void {
    this.#countDown(this.#kept, shape);
    if (!this.#kept.has(shape)) this.cancel(shape);
  }

  /** The vector from outside that was to be written there is none. */
  reject(shape: number): void {
    const row = this.rowOf(shape);
    assert(row !== undefined);
    this.#rows.set(shape, rejected);
    this.#options.rows.free(row);
    if (this.waitingCount > 0) this.#wake();
  }

  /** A row for a vector from outside; pinned. @returns undefined where there is none */
  leaseRaw(shape: number): number | undefined {
    const row = this.#lease(this.#options.urgentRows);
    if (row === undefined) return undefined;
    this.#rows.set(shape, row);
    this.pin(shape);
    return row;
  }

  /** Nobody waits for a shape any more, unless it is under way. */
  cancel(shape: number): void {
    this.#foreseen.delete(shape);
    if (!this.#listeners.has(shape)) this.#urgent.delete(shape);
  }

  /** No reading comes any more: nobody is told. */
  giveUp(): void {
    for (const shape of this.#listeners.keys()) this.#urgent.delete(shape);
    this.#listeners.clear();
  }

  /** The shape is no more. Nobody waits for its reading, and none is under way. */
  forget(shape: number): void {
    this.cancel(shape);
    this.#ahead.delete(shape); // Its number may be another's soon.
    this.#pins.delete(shape);
    this.#forgettable.delete(shape);
    assert(!this.#kept.has(shape));
    const row = this.#rows.get(shape);
    assert(row !== underWay && !this.#listeners.has(shape));
    this.#rows.delete(shape);
    if (row === undefined || row < 0) return;
    this.#options.rows.free(row);
    if (this.waitingCount > 0) this.#wake();
  }

  take(count: number): readonly ShapeJob[] {
    const jobs: ShapeJob[] = [];
    this.#takeFrom(this.#urgent, count, 0, jobs);
    this.#takeFrom(this.#foreseen, count, this.#options.urgentRows, jobs);
    if (jobs.length > 0) return jobs;
    for (const shape of this.#ahead) {
      if (jobs.length === Math.min(count, aheadShapesMax)) break;
      if (!this.#rows.has(shape)) {
        const job = this.#send(shape, this.#options.urgentRows);
        if (job === undefined) break;
        jobs.push(job);
      }
      this.#ahead.delete(shape);
    }
    return jobs;
  }

  /** A worker wrote these rows, or could not: stored has 1 or 0 for each. */
  done(jobs: readonly ShapeJob[], stored: Uint8Array): void {
    for (const [index, { shape, row }] of jobs.entries()) {
      this.madeCount += 1;
      if (stored[index] === 1) {
        this.#rows.set(shape, row);
      } else {
        this.#rows.set(shape, rejected);
        this.#options.rows.free(row);
        this.rejectedCount += 1;
      }
      const listeners = this.#listeners.get(shape) ?? [];
      this.#listeners.delete(shape);
      for (const listener of listeners) listener(shape, stored[index] === 1 ? row : noRow);
      this.#settle(shape);
    }
    this.#options.onRead();
    for (const { shape } of jobs) this.#options.unhold(shape);
  }

  #takeFrom(queue: RequestQueue, count: number, reserve: number, jobs: ShapeJob[]): void {
    while (jobs.length < count) {
      const shape = queue.first();
      if (shape === undefined) return;
      const job = this.#send(shape, reserve);
      if (job === undefined) return;
      queue.delete(shape);
      jobs.push(job);
    }
  }

  #send(shape: number, reserve: number): ShapeJob | undefined {
    const row = this.#lease(reserve);
    if (row === undefined) return undefined;
    this.#rows.set(shape, underWay);
    this.#options.hold(shape);
    return { shape, row, text: this.#options.textOf(shape) };
  }

  /** @param reserve - rows that must be left over */
  #lease(reserve: number): number | undefined {
    const { rows } = this.#options;
    const free = rows.rowCount - rows.leasedCount;
    const spare = free + this.#forgettable.size;
    if (spare <= reserve && !(reserve === 0 && this.#forgetLastKept())) return undefined;
    if (spare > 0 && free === 0) this.#forgetOldest();
    return rows.lease();
  }

  #forgetOldest(): void {
    const [oldest] = this.#forgettable;
    assert(oldest !== undefined);
    this.#forgettable.delete(oldest);
    this.#forgetReading(oldest);
  }

  /** Of those that are kept, the one that is needed last. @returns whether there was one */
  #forgetLastKept(): boolean {
    let last: number | undefined;
    for (const shape of this.#kept.keys()) {
      if (!this.#pins.has(shape) && this.rowOf(shape) !== undefined) last = shape;
    }
    if (last !== undefined) this.#forgetReading(last);
    return last !== undefined;
  }

  #forgetReading(shape: number): void {
    const row = this.rowOf(shape);
    assert(row !== undefined);
    this.#rows.delete(shape);
    this.#options.rows.free(row);
  }

  #countDown(counts: Map<number, number>, shape: number): void {
    const count = counts.get(shape);
    assert(count !== undefined);
    counts.delete(shape);
    if (count > 1) {
      counts.set(shape, count - 1);
      return;
    }
    this.#settle(shape);
    if (this.waitingCount > 0) this.#wake();
  }

  /** From now on the reading, if there is one, may be forgotten, unless somebody holds on to it. */
  #settle(shape: number): void {
    if (this.#pins.has(shape) || this.#kept.has(shape)) return;
    if (this.rowOf(shape) !== undefined) this.#forgettable.add(shape);
  }

  #touch(shape: number): void {
    if (this.#forgettable.delete(shape)) this.#forgettable.add(shape);
  }

  /** Once for all that is wanted in this turn: so that they go out in one message. */
  #wake(): void {
    if (this.#isWaking) return;
    this.#isWaking = true;
    queueMicrotask(() => {
      this.#isWaking = false;
      this.#options.onWanted();
    });
  }
}
