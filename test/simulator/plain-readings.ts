/**
 * Who waits for which reading, which are made, and which goes where there is no room for another: in
 * plain arrays, each looked through from its begin.
 */
import type { ReadingListener } from '../../src/embed/readings.ts';

export interface PlainReadingsOptions {
  readonly rowCount: number;
  /** Rows that are left to those who wait already. */
  readonly urgentRows: number;
}

/** What is known of a shape: its reading is kept, a worker has it, or the model gave none. */
type Known = 'kept' | 'under way' | 'rejected';

/** Read ahead at once. */
const aheadMax = 8;

export class PlainReadings {
  madeCount = 0;
  rejectedCount = 0;
  readonly known = new Map<number, Known>();
  readonly #options: PlainReadingsOptions;
  /** In the order in which somebody came to wait for them. */
  #urgent: number[] = [];
  #foreseen: { readonly shape: number; readonly promise: number }[] = [];
  #ahead: number[] = [];
  /** Once for each who pinned. */
  readonly #pins: number[] = [];
  /** How many lines wait; the shape whose line has left last is the last. */
  #lines: { readonly shape: number; readonly count: number }[] = [];
  readonly #listeners = new Map<number, ReadingListener[]>();
  /** When each was made, let go or asked for last. */
  readonly #usedAt = new Map<number, number>();
  #uses = 0;

  constructor(options: PlainReadingsOptions) {
    this.#options = options;
  }

  get waitingCount(): number {
    return this.#urgent.length + this.#foreseen.length;
  }

  want(shape: number): void {
    if (this.known.has(shape) || this.#urgent.includes(shape)) return;
    this.#foreseen = this.#foreseen.filter((one) => one.shape !== shape);
    this.#urgent.push(shape);
  }

  foresee(shape: number, promise: number): void {
    const isWaiting = this.#urgent.includes(shape);
    if (this.known.has(shape) || isWaiting) return;
    if (this.#foreseen.some((one) => one.shape === shape)) return;
    this.#foreseen.push({ shape, promise });
  }

  readAhead(shapes: readonly number[]): void {
    this.#ahead = [...new Set(shapes)];
  }

  listen(shape: number, listener: ReadingListener): void {
    const known = this.known.get(shape);
    if (known === 'kept' || known === 'rejected') {
      this.#use(shape);
      return;
    }
    this.#listeners.set(shape, [...(this.#listeners.get(shape) ?? []), listener]);
    this.want(shape);
  }

  stopListening(shape: number, listener: ReadingListener): void {
    const others = (this.#listeners.get(shape) ?? []).filter((other) => other !== listener);
    if (others.length > 0) this.#listeners.set(shape, others);
    else this.#listeners.delete(shape);
  }

  giveUp(): void {
    this.#urgent = this.#urgent.filter((shape) => !this.#listeners.has(shape));
    this.#listeners.clear();
  }

  pin(shape: number): void {
    this.#pins.push(shape);
  }

  unpin(shape: number): void {
    this.#pins.splice(this.#pins.indexOf(shape), 1);
    this.#use(shape);
  }

  keep(shape: number): void {
    const place = this.#lines.findIndex((one) => one.shape === shape);
    if (place === -1) this.#lines.push({ shape, count: 1 });
    else this.#lines[place] = { shape, count: this.#lines[place]!.count + 1 };
  }

  letGo(shape: number): void {
    const { count } = this.#lines.find((one) => one.shape === shape)!;
    this.#lines = this.#lines.filter((one) => one.shape !== shape);
    if (count > 1) {
      this.#lines.push({ shape, count: count - 1 });
      return;
    }
    this.#use(shape);
    this.cancel(shape);
  }

  cancel(shape: number): void {
    this.#foreseen = this.#foreseen.filter((one) => one.shape !== shape);
    if (this.#listeners.has(shape)) return;
    this.#urgent = this.#urgent.filter((one) => one !== shape);
  }

  /** @returns whether there is a row for a vector from outside */
  leaseRaw(shape: number): boolean {
    if (!this.#hasRoom(this.#options.urgentRows)) return false;
    this.known.set(shape, 'kept');
    return true;
  }

  reject(shape: number): void {
    this.known.set(shape, 'rejected');
  }

  forget(shape: number): void {
    this.cancel(shape);
    this.#ahead = this.#ahead.filter((one) => one !== shape);
    while (this.#pins.includes(shape)) this.#pins.splice(this.#pins.indexOf(shape), 1);
    this.known.delete(shape);
    this.#usedAt.delete(shape);
  }

  /** @returns the shapes that are read next */
  take(count: number): number[] {
    const taken: number[] = [];
    const send = (shape: number, reserve: number): boolean => {
      if (!this.#hasRoom(reserve)) return false;
      this.known.set(shape, 'under way');
      taken.push(shape);
      return true;
    };
    for (const shape of [...this.#urgent]) {
      if (taken.length === count || !send(shape, 0)) break;
      this.#urgent.shift();
    }
    const { urgentRows } = this.#options;
    const byPromise = this.#foreseen.toSorted((a, b) => b.promise - a.promise);
    for (const one of byPromise) {
      if (taken.length === count || !send(one.shape, urgentRows)) break;
      this.#foreseen.splice(this.#foreseen.indexOf(one), 1);
    }
    if (taken.length > 0) return taken;
    for (const shape of [...this.#ahead]) {
      if (taken.length === Math.min(count, aheadMax)) break;
      if (!this.known.has(shape) && !send(shape, urgentRows)) break;
      this.#ahead.shift();
    }
    return taken;
  }

  done(shapes: readonly number[], stored: ArrayLike<number>): void {
    for (const [i, shape] of shapes.entries()) {
      this.madeCount += 1;
      if (stored[i] !== 1) this.rejectedCount += 1;
      this.known.set(shape, stored[i] === 1 ? 'kept' : 'rejected');
      this.#listeners.delete(shape);
      this.#use(shape);
    }
  }

  #use(shape: number): void {
    this.#usedAt.set(shape, (this.#uses += 1));
  }

  /**
   * Makes room for a reading where there is none: the one used longest ago goes, of those that nobody
   * holds on to. For who waits already, where nothing else helps, one that a later line waits for.
   * @param reserve - so much must be left, or could be
   */
  #hasRoom(reserve: number): boolean {
    const taken = [...this.known].filter(([, known]) => known !== 'rejected');
    const free = this.#options.rowCount - taken.length;
    const kept = taken.filter(([, known]) => known === 'kept').map(([shape]) => shape);
    const unpinned = kept.filter((shape) => !this.#pins.includes(shape));
    const waitedFor = this.#lines.map(({ shape }) => shape);
    const idle = unpinned.filter((shape) => !waitedFor.includes(shape));
    if (free + idle.length > reserve) {
      const byUse = idle.sort((a, b) => this.#usedAt.get(a)! - this.#usedAt.get(b)!);
      if (free === 0) this.known.delete(byUse[0]!);
      return true;
    }
    if (reserve > 0) return false;
    const last = waitedFor.findLast((shape) => unpinned.includes(shape));
    if (last !== undefined) this.known.delete(last);
    return last !== undefined;
  }
}
