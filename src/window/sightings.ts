/**
 * When the lines of each shape came: the first and the last, and how they lie in between. By the
 * times that the lines carry themselves, or, where few of the first lines do, by line numbers.
 */
import { lineTime } from '../shared/line-time.ts';
import { SlotCounts } from './slot-counts.ts';

/** What lines are told apart by. */
export type Axis = 'time' | 'line';

/** So many lines are looked at before the axis is chosen. */
const linesToChoose = 256;
const capacityFirst = 1_024;

interface Sighting {
  readonly shape: number;
  readonly time: number;
  readonly number: number;
}

export class Sightings {
  /** By time, unless fewer than half of the first lines carry one. */
  axis: Axis = 'time';
  readonly slots = new SlotCounts();
  /** By shape: the number of its first line; */
  #firstNumbers = new Float64Array(capacityFirst);
  /** the earliest and the latest time that its lines carry, NaN where none does. */
  #firstTimes = new Float64Array(capacityFirst).fill(NaN);
  #lastTimes = new Float64Array(capacityFirst).fill(NaN);
  /** Lines that came before the axis was chosen; undefined from then on. */
  #waiting: Sighting[] | undefined = [];
  /** The time of the line before, for one that carries none. */
  #time = NaN;

  /** A line came. @param now - when, in milliseconds since 1970: for times without a year */
  note(shape: number, text: string, number: number, now: number): void {
    if (shape >= this.#firstNumbers.length) this.#grow(shape);
    if (this.#firstNumbers[shape] === 0) this.#firstNumbers[shape] = number;
    const time = this.axis === 'time' ? (lineTime(text, now) ?? NaN) : NaN;
    if (!Number.isNaN(time)) this.#noteTime(shape, time);
    if (this.#waiting === undefined) {
      this.slots.add(shape, this.axis === 'time' ? this.#time : number);
      return;
    }
    this.#waiting.push({ shape, time, number });
    if (this.#waiting.length === linesToChoose) this.settle();
  }

  /** Chooses the axis, if that is still to be done: there are no more lines than this. */
  settle(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    const timed = waiting.filter(({ time }) => !Number.isNaN(time));
    if (timed.length * 2 < waiting.length) this.axis = 'line';
    let before = timed[0]?.time ?? NaN;
    for (const { shape, time, number } of waiting) {
      if (!Number.isNaN(time)) before = time;
      this.slots.add(shape, this.axis === 'time' ? before : number);
    }
  }

  /** The number of a shape's first line. */
  firstNumberOf(shape: number): number {
    return this.#firstNumbers[shape] ?? 0;
  }

  /** The earliest time that its lines carry, or NaN. */
  firstTimeOf(shape: number): number {
    return this.#firstTimes[shape] ?? NaN;
  }

  /** The latest, or NaN. */
  lastTimeOf(shape: number): number {
    return this.#lastTimes[shape] ?? NaN;
  }

  /** The shape left the window: its number may be another's next. */
  forget(shape: number): void {
    if (shape >= this.#firstNumbers.length) return;
    this.#firstNumbers[shape] = 0;
    this.#firstTimes[shape] = NaN;
    this.#lastTimes[shape] = NaN;
    this.slots.forget(shape);
    this.#waiting = this.#waiting?.filter((sighting) => sighting.shape !== shape);
  }

  #noteTime(shape: number, time: number): void {
    this.#time = time;
    // Not Math.min: there may be none so far.
    if (!(this.#firstTimes[shape]! <= time)) this.#firstTimes[shape] = time;
    if (!(this.#lastTimes[shape]! >= time)) this.#lastTimes[shape] = time;
  }

  #grow(shape: number): void {
    const capacity = Math.max(shape + 1, this.#firstNumbers.length * 2);
    const larger = (old: Float64Array, filling: number): Float64Array<ArrayBuffer> => {
      const next = new Float64Array(capacity).fill(filling);
      next.set(old);
      return next;
    };
    this.#firstNumbers = larger(this.#firstNumbers, 0);
    this.#firstTimes = larger(this.#firstTimes, NaN);
    this.#lastTimes = larger(this.#lastTimes, NaN);
  }
}
