/** Which shape numbers and rows are in use, and who holds them: no number twice, nothing left over. */
import assert from 'node:assert';
import type { Readings } from '../../src/embed/readings.ts';
import type { ShapeTable } from '../../src/window/shape-table.ts';

export class Ledger {
  /** Shapes that the table knows. */
  readonly shapes = new Set<number>();
  lastCreated = -1;
  readonly holds = new Map<number, number>();
  readonly pins = new Map<number, number>();
  readonly kept = new Map<number, number>();
  /** Rows that a worker has, or will have once more. */
  readonly rowsUnderWay = new Set<number>();
  readonly #table: ShapeTable;
  readonly #onForget: (key: string | undefined) => void;

  /** Puts itself before the methods of the two that give and take. */
  constructor(table: ShapeTable, readings: Readings, onForget: (key: string | undefined) => void) {
    this.#table = table;
    this.#onForget = onForget;
    const create = table.create.bind(table);
    table.create = (key, facts) => {
      const shape = create(key, facts);
      assert(!this.shapes.has(shape), `shape number ${shape} is used twice`);
      assert(
        !this.pins.has(shape),
        `the reading of shape ${shape} was pinned before there was one`,
      );
      this.shapes.add(shape);
      this.lastCreated = shape;
      return shape;
    };
    before(readings, 'forget', (shape) => {
      this.#forget(shape);
    });
    before(table, 'hold', (shape) => {
      this.#change(this.holds, shape, 1);
    });
    before(table, 'unhold', (shape) => {
      this.#change(this.holds, shape, -1);
    });
    before(readings, 'pin', (shape) => {
      this.#change(this.pins, shape, 1);
    });
    before(readings, 'unpin', (shape) => {
      this.#change(this.pins, shape, -1);
    });
    before(readings, 'keep', (shape) => {
      this.#change(this.kept, shape, 1);
    });
    before(readings, 'letGo', (shape) => {
      this.#change(this.kept, shape, -1);
    });
  }

  sent(rows: readonly number[]): void {
    for (const row of rows) this.rowsUnderWay.add(row);
  }

  done(rows: readonly number[]): void {
    for (const row of rows) assert(this.rowsUnderWay.delete(row), `row ${row} was not under way`);
  }

  #forget(shape: number): void {
    assert(this.shapes.delete(shape), `shape ${shape} was forgotten twice`);
    assert(!this.holds.has(shape), `shape ${shape} was forgotten while it was held`);
    const key = this.#table.keys[shape];
    // The row of a vector from outside is pinned until its shape is forgotten.
    const pinsLeft = this.pins.get(shape) ?? 0;
    assert(pinsLeft <= (key === undefined ? 1 : 0), `shape ${shape} was forgotten while pinned`);
    assert(
      !this.kept.has(shape),
      `shape ${shape} was forgotten while a line waits for its reading`,
    );
    this.pins.delete(shape);
    this.#onForget(key);
  }

  #change(counts: Map<number, number>, shape: number, step: 1 | -1): void {
    assert(this.shapes.has(shape), `there is no shape ${shape} to hold or to let go`);
    const count = (counts.get(shape) ?? 0) + step;
    assert(count >= 0, `shape ${shape} was let go more often than it was held`);
    if (count === 0) counts.delete(shape);
    else counts.set(shape, count);
  }
}

function before<Name extends string>(
  target: Record<Name, (shape: number) => void>,
  name: Name,
  look: (shape: number) => void,
): void {
  const real = target[name].bind(target);
  target[name] = (shape) => {
    look(shape);
    real(shape);
  };
}
