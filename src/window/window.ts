/**
 * The window: the newest lines, each with its shape; what a query sees. Two kinds keep different
 * things: line-window.ts every line, shape-window.ts the newest line and the count of each shape.
 */

import type { PhraseLiterals } from '../glance/phrase-literals.ts';

export interface WindowOptions {
  /** Lines held, see --window. */
  readonly maxLines: number;
  /** Shapes held. */
  readonly maxShapes: number;
  /** Shapes held that take a row for as long as they are here, see --rows. */
  readonly maxRows: number;
  readonly takesRow: (shape: number) => boolean;
  /** Text held, see --window-bytes. The newest line is kept however long it is. */
  readonly maxBytes: number;
  /** The first line of a shape entered. Called after older lines had to make room. */
  readonly onEnter: (shape: number) => void;
  /** The last line of a shape left. */
  readonly onLeave: (shape: number) => void;
}

/** A line of the window. */
export interface WindowLine {
  readonly text: string;
  readonly number: number;
  readonly time: number;
}

export interface Window {
  /** Whether `linesOf` tells every line, or of most shapes only the newest. */
  readonly keepsEveryLine: boolean;
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
  commit(shape: number, text: string, number: number, time: number, bytes: number): void;
  /** The newest line of a shape that is in the window. */
  newestOf(shape: number): WindowLine;
  /** Number of that line. */
  newestNumberOf(shape: number): number;
  /** Lines that say so are kept beside the newest of their shape; before the first line comes. */
  keepFor?(literals: PhraseLiterals): void;
  /** Lines of some shapes, newest first; those that the window keeps. */
  linesOf(
    shapes: Pick<ReadonlySet<number>, 'has'>,
  ): Iterable<WindowLine & { readonly shape: number }>;
}
