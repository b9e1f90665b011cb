import assert from 'node:assert';

const absent = -1;

/** A set of rows, kept dense so that a scan reads exactly the rows in use. Order is arbitrary. */
export class RowSet {
  /** The members are rows[0] … rows[size - 1]. */
  readonly rows: Int32Array;
  size = 0;
  readonly #positions: Int32Array;

  constructor(rowCount: number) {
    this.rows = new Int32Array(rowCount);
    this.#positions = new Int32Array(rowCount).fill(absent);
  }

  has(row: number): boolean {
    return this.#positions[row] !== absent;
  }

  add(row: number): void {
    assert(this.#positions[row] === absent);
    this.#positions[row] = this.size;
    this.rows[this.size] = row;
    this.size += 1;
  }

  delete(row: number): void {
    const position = this.#positions[row]!;
    assert(position !== absent);
    this.size -= 1;
    const last = this.rows[this.size]!;
    this.rows[position] = last;
    this.#positions[last] = position;
    this.#positions[row] = absent;
  }
}
