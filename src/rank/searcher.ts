/** What a search does, however it finds its candidates: row-searcher.ts, glance-searcher.ts. */
import type { Window, WindowLine } from '../window/window.ts';
import type { PhraseRanking } from './ranking.ts';

export interface Searcher {
  /**
   * The k best shapes of each phrase, best first, newer line first among equals.
   * @param all - with their lines, k of each shape at most
   * @param onMoment - called once, at the moment of which the answer is
   * @throws {ImesdeError} what reading shapes throws
   */
  find(
    phrases: readonly PhraseRanking[],
    k: number,
    all: boolean,
    onMoment: () => void,
  ): Promise<FoundShape[][]>;
  /** Nothing is read any more: what waits for readings ends with this error. */
  fail(error: Error): void;
}

/** A shape that was found, with what is told of it, as it was then. */
export interface FoundShape {
  readonly score: number;
  /** Lines that have this shape. */
  readonly count: number;
  /** The line that speaks for it: its newest, or the newest that holds the phrase's literals. */
  readonly line: WindowLine;
  /** Newest first, each with its own score; empty where only one is asked for. */
  readonly lines: readonly (WindowLine & { readonly score: number })[];
}

/** What is told of a shape, as it was when the question began. */
export interface ShapeLines {
  readonly count: number;
  readonly line: WindowLine;
  readonly lines: readonly WindowLine[];
}

/**
 * Takes down what is told of some shapes.
 * @param linesMax - of each shape; 0 where only the newest is asked for
 */
export function linesOfShapes(
  shapes: Iterable<number>,
  window: Window,
  counts: Uint32Array,
  linesMax: number,
): Map<number, ShapeLines> {
  const taken = new Map<number, ShapeLines & { lines: WindowLine[] }>();
  for (const shape of shapes) {
    taken.set(shape, { count: counts[shape]!, line: window.newestOf(shape), lines: [] });
  }
  if (linesMax === 0) return taken;
  for (const { shape, text, number, time } of window.linesOf(new Set(taken.keys()))) {
    const { lines } = taken.get(shape)!;
    if (lines.length < linesMax) lines.push({ text, number, time });
  }
  return taken;
}
