/** Bounded heaps over typed arrays: the best of many, without an object for each. */

/** A row with its score. */
export interface ScanMatch {
  readonly row: number;
  /** Dot product of the two L2-normalised vectors, unitless, -1 to 1; higher is better. */
  readonly score: number;
}

/** The `capacity` highest of the values seen, as float32; the lowest of them is the root. */
export class HighestValues {
  readonly #values: Float32Array;
  #size = 0;

  constructor(capacity: number) {
    this.#values = new Float32Array(capacity);
  }

  /** The lowest value kept once as many were seen as are kept; -Infinity before. */
  get threshold(): number {
    return this.#size === this.#values.length ? this.#values[0]! : -Infinity;
  }

  push(value: number): void {
    const values = this.#values;
    if (this.#size < values.length) {
      let i = this.#size;
      this.#size += 1;
      for (let parent; i > 0 && values[(parent = (i - 1) >> 1)]! > value; i = parent) {
        values[i] = values[parent]!;
      }
      values[i] = value;
    } else if (value > values[0]!) {
      this.#replaceRoot(value);
    }
  }

  #replaceRoot(value: number): void {
    const values = this.#values;
    const size = this.#size;
    let i = 0;
    for (let child = 1; child < size; child = 2 * i + 1) {
      if (child + 1 < size && values[child + 1]! < values[child]!) child += 1;
      if (values[child]! >= value) break;
      values[i] = values[child]!;
      i = child;
    }
    values[i] = value;
  }
}

/** The `capacity` best rows: by score, then by tie break (higher first), then by row number. */
export class TopK {
  readonly #scores: Float64Array;
  readonly #ties: Float64Array;
  readonly #rows: Int32Array;
  #size = 0;

  constructor(capacity: number) {
    this.#scores = new Float64Array(capacity);
    this.#ties = new Float64Array(capacity);
    this.#rows = new Int32Array(capacity);
  }

  /** What a row must score to get in, if it wins a tie; -Infinity while there is room. */
  get threshold(): number {
    return this.#size < this.#rows.length ? -Infinity : (this.#scores[0] ?? Infinity);
  }

  push(row: number, score: number, tie: number): void {
    if (this.#size < this.#rows.length) {
      this.#place(this.#size, row, score, tie);
      this.#size += 1;
      this.#rise(this.#size - 1);
    } else if (this.#size > 0 && this.#isWorse(0, row, score, tie)) {
      this.#place(0, row, score, tie);
      this.#sink();
    }
  }

  /** Empties the heap, best first. */
  drain(): ScanMatch[] {
    const matches = new Array<ScanMatch>(this.#size);
    while (this.#size > 0) {
      const last = this.#size - 1;
      matches[last] = { row: this.#rows[0]!, score: this.#scores[0]! };
      this.#copy(last, 0);
      this.#size = last;
      this.#sink();
    }
    return matches;
  }

  #isWorse(i: number, row: number, score: number, tie: number): boolean {
    if (this.#scores[i]! !== score) return this.#scores[i]! < score;
    if (this.#ties[i]! !== tie) return this.#ties[i]! < tie;
    return this.#rows[i]! > row;
  }

  #isWorseThan(i: number, other: number): boolean {
    return this.#isWorse(i, this.#rows[other]!, this.#scores[other]!, this.#ties[other]!);
  }

  #rise(from: number): void {
    for (let i = from; i > 0;) {
      const parent = (i - 1) >> 1;
      if (!this.#isWorseThan(i, parent)) return;
      this.#swap(i, parent);
      i = parent;
    }
  }

  #sink(): void {
    for (let i = 0, child = 1; child < this.#size; i = child, child = 2 * i + 1) {
      if (child + 1 < this.#size && this.#isWorseThan(child + 1, child)) child += 1;
      if (!this.#isWorseThan(child, i)) return;
      this.#swap(i, child);
    }
  }

  #place(i: number, row: number, score: number, tie: number): void {
    this.#rows[i] = row;
    this.#scores[i] = score;
    this.#ties[i] = tie;
  }

  #copy(from: number, to: number): void {
    this.#place(to, this.#rows[from]!, this.#scores[from]!, this.#ties[from]!);
  }

  #swap(a: number, b: number): void {
    const row = this.#rows[a]!;
    const score = this.#scores[a]!;
    const tie = this.#ties[a]!;
    this.#copy(b, a);
    this.#place(b, row, score, tie);
  }
}
