import assert from 'node:assert';

/**
 * Who may write which row. A row is leased, written, read for as long as its shape lives, and
 * freed. Freed rows are taken before rows that were never used, so the memory that is touched grows
 * only with the rows needed at one time; among the freed ones the oldest comes first, so that a
 * scan under way seldom sees one rewritten.
 */
export class Rows {
  /**
   * Bumped with each lease of a row, and by `outdate`; wraps around. Whoever keeps a row number over
   * time keeps its generation too, and compares for equality.
   */
  readonly generations: Uint32Array;
  readonly #freed: Int32Array;
  #freedHead = 0;
  #freedCount = 0;
  #unused = 0;

  constructor(options: { rowCount: number; firstGeneration?: number }) {
    this.generations = new Uint32Array(options.rowCount).fill(options.firstGeneration ?? 0);
    this.#freed = new Int32Array(options.rowCount);
  }

  get rowCount(): number {
    return this.generations.length;
  }

  /** Rows under lease. */
  get leasedCount(): number {
    return this.#unused - this.#freedCount;
  }

  /** @returns a row to write, or undefined where all are leased */
  lease(): number | undefined {
    const row = this.#take();
    if (row !== undefined) this.generations[row]! += 1;
    return row;
  }

  /** Whoever kept the number of this row can't go by it any more, though nobody leased it anew. */
  outdate(row: number): void {
    this.generations[row]! += 1;
  }

  /** Gives a row back that nobody writes or reads any more. */
  free(row: number): void {
    assert(row >= 0 && row < this.#unused && this.#freedCount < this.#unused);
    this.#freed[(this.#freedHead + this.#freedCount) % this.rowCount] = row;
    this.#freedCount += 1;
  }

  #take(): number | undefined {
    if (this.#freedCount > 0) {
      const row = this.#freed[this.#freedHead]!;
      this.#freedHead = (this.#freedHead + 1) % this.rowCount;
      this.#freedCount -= 1;
      return row;
    }
    if (this.#unused === this.rowCount) return undefined;
    this.#unused += 1;
    return this.#unused - 1;
  }
}
