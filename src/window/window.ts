/**
 * The window: the newest lines, each with its shape; what a query sees. Two kinds keep different
 * things: line-window.ts every line, shape-window.ts the newest line and the count of each shape.
 */
import type { Shape } from './shape-table.ts';

export interface WindowOptions {
  /** Lines held, see --window; a ShapeWindow has no use for it. */
  readonly maxLines: number;
  /** Shapes held, see --rows. */
  readonly maxShapes: number;
  /** Text held, see --window-bytes. The newest line is kept however long it is. */
  readonly maxBytes: number;
  /** The first line of a shape entered. Called after older lines had to make room. */
  readonly onEnter: (shape: Shape) => void;
  /** The last line of a shape left. */
  readonly onLeave: (shape: Shape) => void;
}

/** A line of the window. */
export interface WindowLine {
  readonly text: string;
  readonly number: number;
  readonly time: number;
}

export interface Window {
  /** Lines in the window. */
  readonly lineCount: number;
  readonly shapeCount: number;
  /** Bytes of text, as V8 keeps it. */
  readonly byteCount: number;
  /** Lines that were in the window and had to leave. */
  readonly evictedCount: number;
  /** Number of the newest line that a query no longer finds since it had to leave; 0 if none. */
  readonly evictedThrough: number;
  /** Takes in the next line and evicts what no longer fits; the oldest lines go first. */
  commit(shape: Shape, text: string, number: number, time: number, bytes: number): void;
  /** Lines of some shapes, newest first; those that the window keeps. */
  linesOf(shapes: ReadonlySet<Shape>): Iterable<WindowLine & { readonly shape: Shape }>;
}
