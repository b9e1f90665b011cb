/** Bounds grow by a fifth each: a quantile is known to within 20 %, from 1 µs to about 4 h. */
const growth = 1.2;
const firstBoundMs = 0.001;
const bucketCount = 128;

/** How long lines took from arrival to commit, in constant memory. */
export class LatencyHistogram {
  readonly #counts = new Float64Array(bucketCount);
  #total = 0;

  /** @param ms - of each of `count` lines */
  record(ms: number, count: number): void {
    const bucket = Math.ceil(
      Math.log(Math.max(ms, firstBoundMs) / firstBoundMs) / Math.log(growth),
    );
    const index = Math.min(bucket, bucketCount - 1);
    this.#counts[index] = (this.#counts[index] ?? 0) + count;
    this.#total += count;
  }

  /**
   * @param share - 0.5 for the median
   * @returns the upper bound in milliseconds of the bucket that holds it; 0 without any line
   */
  quantile(share: number): number {
    let seen = 0;
    for (const [index, count] of this.#counts.entries()) {
      seen += count;
      if (count > 0 && seen >= share * this.#total) return firstBoundMs * growth ** index;
    }
    return 0;
  }
}
