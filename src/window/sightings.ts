/**
 * When the lines of each shape came: the first and the last, and how they lie in between, by the
 * times that they carry themselves, and by line numbers where these are no good.
 */
import { lineTime } from '../shared/line-time.ts';
import { SlotCounts } from './slot-counts.ts';

/** What lines are told apart by. */
export type Axis = 'time' | 'line';

const capacityFirst = 1_024;
/** By time only where so many of the lines carry one, */
const timedShareMin = 0.5;
/** and not nearly all lie in one of so many slots: of a few lines the clock was wrong, perhaps. */
const slotShareMax = 0.95;
const slotsMin = 16;

export class Sightings {
  readonly #byTime = new SlotCounts();
  readonly #byNumber = new SlotCounts();
  /** By shape: the number of its first line; */
  #firstNumbers = new Float64Array(capacityFirst);
  /** the earliest and the latest time that its lines carry, NaN where none does. */
  #firstTimes = new Float64Array(capacityFirst).fill(NaN);
  #lastTimes = new Float64Array(capacityFirst).fill(NaN);
  /** The time of the line before, for one that carries none. */
  #time = NaN;
  /** By shape: lines that came before any time was known. */
  readonly #untimed = new Map<number, number>();
  #lineCount = 0;
  #timedCount = 0;

  /** A line came. @param now - when, in milliseconds since 1970: for times without a year */
  note(shape: number, text: string, number: number, now: number): void {
    if (shape >= this.#firstNumbers.length) this.#grow(shape);
    if (this.#firstNumbers[shape] === 0) this.#firstNumbers[shape] = number;
    this.#lineCount += 1;
    this.#byNumber.add(shape, number);
    const time = lineTime(text, now);
    if (time !== undefined) this.#noteTime(shape, time);
    if (Number.isNaN(this.#time)) this.#untimed.set(shape, (this.#untimed.get(shape) ?? 0) + 1);
    else this.#byTime.add(shape, this.#time);
  }

  get axis(): Axis {
    const isTimed = this.#timedCount > 0 && this.#timedCount >= this.#lineCount * timedShareMin;
    return isTimed && !this.#isInOneSlot() ? 'time' : 'line';
  }

  /** How the lines lie along that axis. */
  get slots(): SlotCounts {
    return this.axis === 'time' ? this.#byTime : this.#byNumber;
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
    this.#byTime.forget(shape);
    this.#byNumber.forget(shape);
    this.#untimed.delete(shape);
  }

  #isInOneSlot(): boolean {
    if (this.#byTime.slotCount < slotsMin) return false;
    const counts: number[] = [];
    for (let shape = 0; shape < this.#firstNumbers.length; shape += 1) {
      this.#byTime.addTo(counts, shape);
    }
    let sum = 0;
    let most = 0;
    for (const count of counts) {
      sum += count;
      most = Math.max(most, count);
    }
    return most > sum * slotShareMax;
  }

  #noteTime(shape: number, time: number): void {
    this.#timedCount += 1;
    this.#time = time;
    for (const [untimed, count] of this.#untimed) this.#byTime.add(untimed, time, count);
    this.#untimed.clear();
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
