/**
 * The rows that may be among a query's best, while bounds are all that is known of most of them.
 *
 * A row is kept as long as its upper bound reaches the (k + spare)th highest lower bound seen. The
 * spares are for rows that are leased anew before the scan ends: as long as the kth lower bound of
 * the rows that are left is no lower than that threshold, no row that was dropped can be among the
 * best k, so nothing has to be read again.
 */
import { chunkRows } from '../ring/layout.ts';
import type { QueryCode } from './query-code.ts';
import type { ScanKernel } from './scan-kernel.ts';
import { HighestValues, TopK } from './top-k.ts';
import type { ScanMatch } from './top-k.ts';

export interface CandidatesOptions {
  readonly query: QueryCode;
  readonly k: number;
  /** Rows beyond k that the threshold leaves room for. */
  readonly spare: number;
  /** Rows that the scan reads. */
  readonly rowCount: number;
}

/** Says whether a row is still what it was when the scan began. */
export type RowTest = (row: number) => boolean;

export class Candidates {
  readonly query: QueryCode;
  readonly #k: number;
  readonly #lowerBounds: HighestValues;
  #rows: Int32Array;
  #uppers: Float32Array;
  #lowers: Float32Array;
  /** Exact scores; NaN where not computed yet. */
  #scores: Float64Array;
  #count = 0;
  /** The kth highest lower bound of the rows that are still the same; -Infinity where they are fewer. */
  #bar = -Infinity;
  /** Before this position, all whose upper bound reaches the bar have their exact score. */
  #rescored = 0;

  constructor({ query, k, spare, rowCount }: CandidatesOptions) {
    this.query = query;
    this.#k = Math.min(k, rowCount);
    // With fewer rows than that there is no threshold: every row is a candidate.
    this.#lowerBounds = new HighestValues(Math.min(k + spare, rowCount + 1));
    const capacity = Math.min(2 * (this.#k + spare) + firstCandidates, rowCount);
    this.#rows = new Int32Array(capacity);
    this.#uppers = new Float32Array(capacity);
    this.#lowers = new Float32Array(capacity);
    this.#scores = new Float64Array(capacity);
  }

  /** A row whose upper bound is lower can't be among the best. */
  get threshold(): number {
    return this.#lowerBounds.threshold;
  }

  add(row: number, upper: number, margin: number): void {
    if (upper < this.#lowerBounds.threshold) return;
    if (this.#count === this.#rows.length) this.#makeRoom();
    const lower = upper - 2 * margin;
    this.#lowerBounds.push(lower);
    this.#rows[this.#count] = row;
    this.#uppers[this.#count] = upper;
    this.#lowers[this.#count] = lower;
    this.#scores[this.#count] = NaN;
    this.#count += 1;
  }

  /** Finds the bar anew. To be called once the last row was added, and again as it rises. */
  settle(isSame: RowTest): void {
    this.#dropPassed();
    const highest = new HighestValues(this.#k);
    for (let i = 0; i < this.#count; i += 1) {
      if (isSame(this.#rows[i]!)) highest.push(this.#lowers[i]!);
    }
    this.#bar = highest.threshold;
    this.#rescored = 0;
  }

  /**
   * Computes the exact scores of the next chunk: first of the likely best, those whose lower bound
   * reaches the bar, which raises it by about the error of the codes; then of all that are possible.
   * @returns whether all have theirs
   */
  rescoreSome(kernel: ScanKernel, isSame: RowTest, which: 'likely' | 'possible'): boolean {
    const bounds = which === 'likely' ? this.#lowers : this.#uppers;
    let size = 0;
    let i = this.#rescored;
    for (; i < this.#count && size < chunkRows; i += 1) {
      const row = this.#rows[i]!;
      if (bounds[i]! < this.#bar || !Number.isNaN(this.#scores[i]!) || !isSame(row)) continue;
      batchRows[size] = row;
      batchPositions[size] = i;
      size += 1;
    }
    if (size > 0) kernel.rescore(this.query, batchRows, size);
    for (let j = 0; j < size; j += 1) {
      const position = batchPositions[j]!;
      this.#scores[position] = kernel.scores[j]!;
      // As a float32 it may be rounded up; the slack of every upper bound is more than that.
      this.#lowers[position] = kernel.scores[j]!;
    }
    this.#rescored = i;
    return i === this.#count;
  }

  /**
   * The best k of the rows that are still the same, or undefined where so many changed that rows
   * which were dropped may be among them.
   */
  best(kernel: ScanKernel, isSame: RowTest, tieBreak: Float64Array): ScanMatch[] | undefined {
    // Once more: rows that changed since may have lowered the bar for some that were passed over.
    this.settle(isSame);
    if (this.#bar < this.threshold) return undefined;
    while (!this.rescoreSome(kernel, isSame, 'possible'));
    const best = new TopK(this.#k);
    for (let i = 0; i < this.#count; i += 1) {
      const row = this.#rows[i]!;
      if (this.#uppers[i]! < this.#bar || !isSame(row)) continue;
      best.push(row, this.#scores[i]!, tieBreak[row]!);
    }
    return best.drain();
  }

  /** Drops what the threshold has passed, and where that is too little, takes twice the room. */
  #makeRoom(): void {
    this.#dropPassed();
    if (this.#count * 2 <= this.#rows.length) return;
    const capacity = this.#rows.length * 2;
    this.#rows = grown(this.#rows, new Int32Array(capacity));
    this.#uppers = grown(this.#uppers, new Float32Array(capacity));
    this.#lowers = grown(this.#lowers, new Float32Array(capacity));
    this.#scores = grown(this.#scores, new Float64Array(capacity));
  }

  #dropPassed(): void {
    const { threshold } = this;
    let kept = 0;
    for (let i = 0; i < this.#count; i += 1) {
      if (this.#uppers[i]! < threshold) continue;
      this.#rows[kept] = this.#rows[i]!;
      this.#uppers[kept] = this.#uppers[i]!;
      this.#lowers[kept] = this.#lowers[i]!;
      this.#scores[kept] = this.#scores[i]!;
      kept += 1;
    }
    this.#count = kept;
  }
}

/** Room for the first rows of a scan, which are all candidates; it doubles where that is too little. */
const firstCandidates = 128;

/** What goes to the kernel at a time; nothing stays here between two calls. */
const batchRows = new Int32Array(chunkRows);
const batchPositions = new Int32Array(chunkRows);

function grown<T extends Int32Array | Float32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
