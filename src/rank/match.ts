/** What a search gives: events with scores → lines. */
import type { Waiting } from '../shared/until-aborted.ts';
import type { WindowLine } from '../window/window.ts';
import type { Marks } from './asked.ts';
import type { FoundEvent } from './searcher.ts';
import type { Why } from './why.ts';

/** A line that answers a phrase. */
export interface Match {
  /** The phrase. */
  readonly query: string;
  /** Higher is better: a chance from 0 to 1, or with `rank: 'cosine'` from -1 to 1. */
  readonly score: number;
  /** What the score was made of: other than scores, comparable among streams. Undefined in watches. */
  readonly raw?: number;
  /** What its shape says, values masked: the same for the same shape anywhere; where it has one. */
  readonly shape?: string | undefined;
  /** Lines of the event, where each event is told once. */
  readonly count?: number | undefined;
  /** When the first of them came, in milliseconds since 1970; only where there are several. */
  readonly first?: number | undefined;
  /** When the last of them came; only where there are several, and where asked for. */
  readonly last?: number | undefined;
  /** The lines of the event by time, in slots of the same length from the first to the last; where asked for. */
  readonly when?: readonly number[] | undefined;
  /** 1-based number of the line in the input. */
  readonly line: number;
  /** Arrival, in milliseconds since 1970. */
  readonly time: number;
  readonly text: string;
  /** Why it scores what it does; where asked for. */
  readonly why?: Why | undefined;
}

/** What a search is to find, and what to tell of it. */
export interface SearchOptions extends Marks, Waiting {
  /** Leaves out what scores less. */
  readonly minScore?: number | undefined;
  /** Every line, not only the one that says best what its event is. */
  readonly all?: boolean | undefined;
  /** Wait until what was ingested before is committed (default), or see what is committed now. */
  readonly wait?: boolean | undefined;
  /** Tell why each scores what it does. */
  readonly explain?: boolean | undefined;
  /** Tell when the last line of each event came, and where every line is kept, when all did. */
  readonly when?: boolean | undefined;
}

/**
 * @param found - best first
 * @param k - matches at most
 */
export function matchesOf(
  query: string,
  found: readonly FoundEvent[],
  k: number,
  {
    minScore = -Infinity,
    all = false,
    when: tellsWhen = false,
  }: Pick<SearchOptions, 'minScore' | 'all' | 'when'>,
): Match[] {
  const matches: Match[] = [];
  for (const { score, raw, key: shape, count, first, last, when, why, line, lines } of found) {
    if (!(score >= minScore)) continue;
    const times = { first, ...(tellsWhen && { last, when }) };
    if (!all)
      matches.push({
        query,
        score,
        raw,
        shape,
        count,
        ...(count > 1 ? times : {}),
        ...place(line),
        ...(why && { why }),
      });
    for (const one of lines) {
      if (!(one.score >= minScore)) continue;
      matches.push({
        query,
        score: one.score,
        raw: one.raw,
        ...place(one),
        ...(one.why && { why: one.why }),
      });
    }
  }
  if (!all) return matches;
  matches.sort((a, b) => b.score - a.score || b.line - a.line);
  return matches.slice(0, k);
}

function place({ number, time, text }: WindowLine): Pick<Match, 'line' | 'time' | 'text'> {
  return { line: number, time, text };
}
