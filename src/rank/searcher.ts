/** What a search does, however it finds its candidates: row-searcher.ts, glance-searcher.ts. */
import type { Window, WindowLine } from '../window/window.ts';
import type { EventOfShape } from './grouping.ts';
import type { PhraseRanking } from './ranking.ts';
import type { Measure, Why } from './why.ts';

/** What else is told of what is found. */
export interface FindOptions {
  /** With `all`, lines of each shape at most. */
  readonly linesMax?: number | undefined;
  /** Why it scores what it does. */
  readonly explain?: boolean | undefined;
  /** When the lines of each event came, where the window keeps that. */
  readonly when?: boolean | undefined;
  /** Told, phrase by phrase, what scores were measured by. */
  readonly onMeasures?: ((measures: readonly Measure[]) => void) | undefined;
}

export interface Searcher {
  /**
   * The k best events of each phrase, best first, newer line first among equals.
   * @param all - the k best shapes instead, with their lines, k of each shape at most
   * @param onMoment - called once, at the moment of which the answer is
   * @throws {ImesdeError} what reading shapes throws
   */
  find(
    phrases: readonly PhraseRanking[],
    k: number,
    all: boolean,
    onMoment?: () => void,
    options?: FindOptions,
  ): Promise<FoundEvent[][]>;
  /** Nothing is read any more: what waits for readings ends with this error. */
  fail(error: Error): void;
}

/** An event that was found, by its best shape, with what is told of it, as it was then. */
export interface FoundEvent {
  readonly score: number;
  /** What the score was made of: comparable among streams, as the score is not. */
  readonly raw: number;
  /** What its best shape says, values masked; undefined of a vector from outside. */
  readonly key: string | undefined;
  /** Lines of the event. */
  readonly count: number;
  /** When the first of them came. */
  readonly first: number;
  /** When the last of them came. */
  readonly last: number;
  /** Lines of the event by time, in slots of the same length from the first to the last. */
  readonly when?: readonly number[] | undefined;
  /** Where it was asked for. */
  readonly why?: Why | undefined;
  /** The line that speaks for it: its newest, or the newest that holds the phrase's literals. */
  readonly line: WindowLine;
  /** Newest first, each with its own score; empty where only one is asked for. */
  readonly lines: readonly FoundLine[];
}

export interface FoundLine extends WindowLine {
  readonly score: number;
  readonly raw: number;
  readonly why?: Why | undefined;
}

/** What is told of a shape, as it was when the question began. */
export interface ShapeLines {
  /** The same for shapes of one event; each its own where every line is asked for. */
  readonly event: number | string;
  readonly key: string | undefined;
  /** Lines of the event. */
  readonly count: number;
  /** When the first of them came. */
  readonly first: number;
  readonly last: number;
  readonly when?: readonly number[] | undefined;
  readonly line: WindowLine;
  readonly lines: readonly WindowLine[];
}

/**
 * Takes down what is told of some shapes of the window.
 * @param keyOf - what a shape says
 * @param linesMax - of each shape; 0 where only one is asked for
 * @param times - by event, its lines by time
 */
export function linesOfShapes(
  shapes: readonly number[],
  events: ReadonlyMap<number, EventOfShape>,
  window: Window,
  keyOf: (shape: number) => string | undefined,
  linesMax: number,
  times?: ReadonlyMap<number | string, readonly number[]>,
): Map<number, ShapeLines> {
  const taken = new Map<number, ShapeLines & { lines: WindowLine[] }>();
  for (const shape of shapes) {
    const { event, count, first, last } = events.get(shape)!;
    const [when, key] = [times?.get(event), keyOf(shape)];
    const line = window.newestOf(shape);
    taken.set(shape, { event, key, count, first, last, when, line, lines: [] });
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
