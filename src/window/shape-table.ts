/** The shapes that are known now, each with its row. */
import assert from 'node:assert';
import type { ShapeJob } from '../embed/pool.ts';
import type { Rows } from '../ring/rows.ts';

/** Lines whose variable parts are masked away are one shape; its vector is in its row. */
export class Shape {
  /** Undefined for a vector that came from outside: no other line can have this shape. */
  readonly key: string | undefined;
  readonly row: number;
  /** `rejected`: its vector was NaN, infinite or zero, so its lines are skipped and counted. */
  state: 'embedding' | 'ready' | 'rejected' = 'embedding';
  job: ShapeJob | undefined;
  /** Lines of the window, or of all that was read where only each shape's newest line is kept. */
  windowLines = 0;
  /** Lines that were read and wait to commit. They keep the row as those of the window do. */
  waitingLines = 0;
  newestText = '';
  /** 1-based line number. */
  newestNumber = 0;
  /** Milliseconds of the wall clock. */
  newestTime = 0;
  /** Memory of the newest text. */
  newestBytes = 0;
  /** The newest text may still be a slice of the chunk it came in. */
  isSliced = false;
  /** What each watched phrase scores here, by the watch's place; filled at the commit point. */
  watchScores: number[] | undefined;
  /** Neighbours in the order of newest lines, where only those are kept. */
  older: Shape | undefined;
  newer: Shape | undefined;

  constructor(key: string | undefined, row: number) {
    this.key = key;
    this.row = row;
  }
}

export class ShapeTable {
  readonly #shapes = new Map<string, Shape>();
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  get(key: string): Shape | undefined {
    return this.#shapes.get(key);
  }

  /**
   * A new shape with a row of its own.
   * @param key - must be flat, since it stays: no slice of a larger string
   * @returns undefined where every row is leased
   */
  create(key: string | undefined): Shape | undefined {
    const row = this.#rows.lease();
    if (row === undefined) return undefined;
    const shape = new Shape(key, row);
    if (key !== undefined) this.#shapes.set(key, shape);
    return shape;
  }

  /** Forgets a shape and frees its row once no line has it and no worker writes it. */
  releaseIfUnused(shape: Shape): void {
    if (shape.windowLines > 0 || shape.waitingLines > 0) return;
    if (shape.state === 'embedding') {
      if (shape.job?.state === 'sent') return; // The worker's answer releases it.
      if (shape.job !== undefined) shape.job.state = 'cancelled';
    }
    if (shape.key !== undefined) {
      assert(this.#shapes.get(shape.key) === shape);
      this.#shapes.delete(shape.key);
    }
    this.#rows.free(shape.row);
  }
}
