/** A real window over real rows and shapes, with the bookkeeping that a test looks at. */
import { RowSet } from '../../src/ring/row-set.ts';
import { Rows } from '../../src/ring/rows.ts';
import { LineWindow } from '../../src/window/line-window.ts';
import { ShapeTable, type Shape } from '../../src/window/shape-table.ts';
import { ShapeWindow } from '../../src/window/shape-window.ts';
import type { Window } from '../../src/window/window.ts';

export interface Bounds {
  readonly keep?: 'lines' | 'shapes';
  readonly lines?: number;
  readonly rows?: number;
  readonly bytes?: number;
  /** Rows beyond those of the window, for shapes on their way. */
  readonly spareRows?: number;
}

export interface WindowParts {
  readonly window: Window;
  readonly rows: Rows;
  readonly table: ShapeTable;
  readonly inWindow: RowSet;
  /** `+key` for each shape that entered, `-key` for each that left, in order. */
  readonly moves: string[];
}

export function makeWindow(bounds: Bounds = {}): WindowParts {
  const { keep = 'lines', lines = 1_000, rows: maxShapes = 1_000, bytes = 1e9 } = bounds;
  const rows = new Rows({ rowCount: maxShapes + (bounds.spareRows ?? 8) });
  const table = new ShapeTable(rows);
  const inWindow = new RowSet(rows.rowCount);
  const moves: string[] = [];
  const options = {
    maxLines: lines,
    maxShapes,
    maxBytes: bytes,
    onEnter: (shape: Shape) => {
      inWindow.add(shape.row);
      moves.push(`+${shape.key ?? ''}`);
    },
    onLeave: (shape: Shape) => {
      inWindow.delete(shape.row);
      moves.push(`-${shape.key ?? ''}`);
      table.releaseIfUnused(shape);
    },
  };
  const window = keep === 'lines' ? new LineWindow(options) : new ShapeWindow(options);
  return { window, rows, table, inWindow, moves };
}

/** Commits lines, each a key as its text, as if its shape had been embedded at once. */
export function commitAll(parts: WindowParts, keys: Iterable<string>, firstNumber = 1): void {
  let number = firstNumber;
  for (const key of keys) {
    let shape = parts.table.get(key);
    if (shape === undefined) {
      shape = parts.table.create(key);
      if (shape === undefined) throw new Error('every row is leased');
      shape.state = 'ready';
    }
    parts.window.commit(shape, key, number, 1_000 + number, key.length);
    number += 1;
  }
}

/** All lines that the window gives for all shapes it knows of these keys, newest first. */
export function linesOf(parts: WindowParts, keys: Iterable<string>): string[] {
  const shapes = [...keys]
    .map((key) => parts.table.get(key))
    .filter((shape) => shape !== undefined);
  return [...parts.window.linesOf(new Set(shapes))].map(({ text, number }) => `${number}${text}`);
}
