/** A real window over a real table of shapes, with the bookkeeping that a test looks at. */
import { LineWindow } from '../../src/window/line-window.ts';
import { ShapeTable, type ShapeFacts } from '../../src/window/shape-table.ts';
import { ShapeWindow } from '../../src/window/shape-window.ts';
import type { Window } from '../../src/window/window.ts';

/** Of a shape whose words nobody looks at. */
export const noFacts: ShapeFacts = { pieces: new Uint16Array(), count: 0, trouble: 0 };

export interface Bounds {
  readonly keep?: 'lines' | 'shapes';
  readonly lines?: number;
  readonly shapes?: number;
  /** Of shapes that take a row: those whose keys begin with a capital letter. */
  readonly rows?: number;
  readonly bytes?: number;
  readonly firstPlace?: number;
}

export interface WindowParts {
  readonly window: Window;
  readonly table: ShapeTable;
  /** `+key` for each shape that entered, `-key` for each that left, in order. */
  readonly moves: string[];
  /** Keys of the shapes that were forgotten, in order. */
  readonly forgotten: string[];
}

/** @param onForget - called with the number, before the shape's key is gone */
export function makeWindow(
  bounds: Bounds = {},
  onForget: (shape: number) => void = () => undefined,
): WindowParts {
  const { keep = 'lines', lines = 1_000, shapes = 1_000, rows = 1_000, bytes = 1e9 } = bounds;
  const moves: string[] = [];
  const forgotten: string[] = [];
  const keyOf = (shape: number): string => table.keys[shape] ?? '';
  const table = new ShapeTable({
    onForget: (shape) => {
      forgotten.push(keyOf(shape));
      onForget(shape);
    },
  });
  const options = {
    maxLines: lines,
    maxShapes: shapes,
    maxRows: rows,
    takesRow: (shape: number) => /^[A-Z]/.test(keyOf(shape)),
    maxBytes: bytes,
    firstPlace: bounds.firstPlace ?? 0,
    onEnter: (shape: number) => {
      moves.push(`+${keyOf(shape)}`);
    },
    onLeave: (shape: number) => {
      moves.push(`-${keyOf(shape)}`);
      table.forgetIfUnused(shape);
    },
  };
  const window =
    keep === 'lines' ? new LineWindow(table, options) : new ShapeWindow(table, options);
  return { window, table, moves, forgotten };
}

/** Commits lines, each a key as its text. */
export function commitAll(parts: WindowParts, keys: Iterable<string>, firstNumber = 1): void {
  let number = firstNumber;
  for (const key of keys) {
    const shape = parts.table.get(key) ?? parts.table.create(key, noFacts);
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

/** What is known of a key's shape that is in the window: how many lines, and its newest. */
export function factsOf(
  { table, window }: WindowParts,
  key: string,
): { count: number; newest: string; time: number } {
  const shape = table.get(key);
  if (shape === undefined) throw new Error(`${key} is not known`);
  const { text, number, time } = window.newestOf(shape);
  if (window.newestNumberOf(shape) !== number) throw new Error(`two numbers for ${key}`);
  return { count: table.windowLines[shape]!, newest: `${number}${text}`, time };
}
