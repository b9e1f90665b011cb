/** What a search gives: shapes with scores → lines. */
import type { Shape } from '../window/shape-table.ts';
import type { Window } from '../window/window.ts';
import type { FoundShape } from './searcher.ts';

/** A line that answers a phrase. */
export interface Match {
  /** The phrase. */
  readonly query: string;
  /** Higher is better: a chance from 0 to 1, or with `rank: 'cosine'` from -1 to 1. */
  readonly score: number;
  /** Lines that have this shape, where each shape is told once. */
  readonly count?: number;
  /** 1-based number of the line in the input. */
  readonly line: number;
  /** Arrival, in milliseconds since 1970. */
  readonly time: number;
  readonly text: string;
}

export interface SearchOptions {
  /** Leaves out what scores less. */
  readonly minScore?: number | undefined;
  /** Every line of a shape, not only its newest. */
  readonly all?: boolean | undefined;
  /** Wait until what was ingested before is committed (default), or see what is committed now. */
  readonly wait?: boolean | undefined;
}

/**
 * @param found - best first
 * @param k - matches at most
 */
export function matchesOf(
  query: string,
  found: readonly FoundShape[],
  k: number,
  window: Window,
  { minScore = -Infinity, all = false }: SearchOptions,
): Match[] {
  const answers = found.filter(({ score }) => score >= minScore);
  if (!all) {
    return answers.map(({ shape, score }) => ({
      query,
      score,
      count: shape.windowLines,
      line: shape.newestNumber,
      time: shape.newestTime,
      text: shape.newestText,
    }));
  }
  const scores = new Map<Shape, number>(answers.map(({ shape, score }) => [shape, score]));
  const matches: Match[] = [];
  for (const { shape, text, number, time } of window.linesOf(new Set(scores.keys()))) {
    matches.push({ query, score: scores.get(shape) ?? 0, line: number, time, text });
  }
  // Stable: among equals the newer line stays first.
  return matches.sort((a, b) => b.score - a.score).slice(0, k);
}
