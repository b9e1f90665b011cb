/** What a search does, however it finds its candidates: row-searcher.ts, glance-searcher.ts. */
import type { Window, WindowLine } from '../window/window.ts';
import type { EventOfShape } from './grouping.ts';
import type { PhraseRanking } from './ranking.ts';

export interface Searcher {
  /**
   * The k best events of each phrase, best first, newer line first among equals.
   * @param all - the k best shapes instead, with their lines, k of each shape at most
   * @param onMoment - called once, at the moment of which the answer is
   * @param linesMax - with `all`, lines of each shape at most
   * @throws {ImesdeError} what reading shapes throws
   */
  find(
    phrases: readonly PhraseRanking[],
    k: number,
    all: boolean,
    onMoment?: () => void,
    linesMax?: number,
  ): Promise<FoundEvent[][]>;
  /** Nothing is read any more: what waits for readings ends with this error. */
  fail(error: Error): void;
}

/** An event that was found, by its best shape, with what is told of it, as it was then. */
export interface FoundEvent {
  readonly score: number;
  /** Lines of the event. */
  readonly count: number;
  /** When the first of them came. */
  readonly first: number;
  /** The line that speaks for it: its newest, or the newest that holds the phrase's literals. */
  readonly line: WindowLine;
  /** Newest first, each with its own score; empty where only one is asked for. */
  readonly lines: readonly (WindowLine & { readonly score: number })[];
}

/** What is told of a shape, as it was when the question began. */
export interface ShapeLines {
  /** The same for shapes of one event; each its own where every line is asked for. */
  readonly event: number | string;
  /** Lines of the event. */
  readonly count: number;
  /** When the first of them came. */
  readonly first: number;
  readonly line: WindowLine;
  readonly lines: readonly WindowLine[];
}

/**
 * Takes down what is told of some shapes of the window.
 * @param linesMax - of each shape; 0 where only one is asked for
 */
export function linesOfShapes(
  shapes: readonly number[],
  events: ReadonlyMap<number, EventOfShape>,
  window: Window,
  linesMax: number,
): Map<number, ShapeLines> {
  const taken = new Map<number, ShapeLines & { lines: WindowLine[] }>();
  for (const shape of shapes) {
    taken.set(shape, { ...events.get(shape)!, line: window.newestOf(shape), lines: [] });
  }
  if (linesMax === 0) return taken;
  for (const { shape, text, number, time } of window.linesOf(new Set(shapes))) {
    const { lines } = taken.get(shape)!;
    if (lines.length < linesMax) lines.push({ text, number, time });
  }
  return taken;
}

/** @param best - best first @returns the first k of different events */
export function firstOfEvents<T extends { readonly event: number | string }>(
  best: Iterable<T>,
  k: number,
): T[] {
  const seen = new Set<number | string>();
  const first: T[] = [];
  for (const one of best) {
    if (first.length === k) break;
    if (seen.has(one.event)) continue;
    seen.add(one.event);
    first.push(one);
  }
  return first;
}
