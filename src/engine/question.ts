/** What answers a question: a threshold decides, and how many are told. */
import { matchesOf, type Match } from '../rank/match.ts';
import type { FoundEvent } from '../rank/searcher.ts';
import { topDefault, topMax } from '../shared/limits.ts';

export interface QuestionOptions {
  /** The nearest, so many, whatever they score; by default up to five that answer, or all lines. */
  readonly top?: number | undefined;
  /** The least score that answers; given, nothing that scores less is told. */
  readonly minScore?: number | undefined;
  /** Every line, not only the one that says best what its event is. */
  readonly all?: boolean | undefined;
  /** Wait until what was ingested before is committed (default), or see what is committed now. */
  readonly wait?: boolean | undefined;
  /** Tell why each scores what it does. */
  readonly explain?: boolean | undefined;
  /** Tell when the lines of each event came; where every line is kept. */
  readonly when?: boolean | undefined;
}

/** Of one phrase. */
export interface Answer {
  /** What is to be told, best first. */
  readonly matches: readonly Match[];
  /** How many of them answer. */
  readonly answers: number;
  /** The least score that answers. */
  readonly minScore: number;
  /** The nearest events, best first, whether they answer or not. */
  readonly nearest: readonly Match[];
}

/** So many shapes are looked at first where all that answer are asked for, and so many times more. */
const shapesFirst = topDefault * 50;
const wider = 4;
/** Among so many times as many shapes as answer, hardly one beyond them does. */
const enough = 4;

/** @param found - best first, whatever they score */
export function answerOf(
  found: readonly Match[],
  { top, minScore }: QuestionOptions,
  minScoreDefault: number,
): Answer {
  const least = minScore ?? minScoreDefault;
  const told = found.map((match) => withMinScore(match, least));
  const answering = told.filter(({ score }) => score >= least);
  const matches = top !== undefined && minScore === undefined ? told : answering;
  return { matches, answers: answering.length, minScore: least, nearest: told };
}

/** Why a match scores what it does also says what was needed. */
function withMinScore(match: Match, minScore: number): Match {
  return match.why === undefined ? match : { ...match, why: { ...match.why, minScore } };
}

/** @param shapes - with all their lines, best first */
export function answerOfLines(
  query: string,
  shapes: readonly FoundEvent[],
  minScore: number,
): Answer {
  const matches = matchesOf(query, shapes, Infinity, { minScore, all: true }).map((match) =>
    withMinScore(match, minScore),
  );
  const nearest = shapes.slice(0, topDefault).map(({ score, count, line }) => {
    const { number, time, text } = line;
    return { query, score, count, line: number, time, text };
  });
  return { matches, answers: matches.length, minScore, nearest };
}

/**
 * All shapes that answer, and some more: looks further as long as many of those that were looked at
 * do.
 * @param find - the k best shapes of each phrase, best first
 */
export async function shapesAnswering(
  find: (k: number) => Promise<FoundEvent[][]>,
  minScore: number,
): Promise<FoundEvent[][]> {
  for (let k = shapesFirst; ; k = Math.min(topMax, k * wider)) {
    const found = await find(k);
    const most = Math.max(0, ...found.map((shapes) => countAnswering(shapes, minScore)));
    if (most * enough <= k || k === topMax) return found;
  }
}

function countAnswering(shapes: readonly FoundEvent[], minScore: number): number {
  return shapes.filter(({ score }) => score >= minScore).length;
}

/**
 * The lines that answer any of the phrases, by their numbers; of a shape whose lines are not all kept,
 * its newest stands for all.
 * @param found - of each phrase its shapes, with the lines that are kept
 * @returns by number of a line: for how many it stands
 */
export function linesAnswering(
  found: readonly (readonly FoundEvent[])[],
  minScore: number,
): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { lines, count } of found.flat()) {
    const answering = lines.filter(({ score }) => score >= minScore);
    const [newest] = lines;
    const standsForAll = lines.length < count && newest !== undefined && newest.score >= minScore;
    if (standsForAll) counts.set(newest.number, count);
    else for (const { number } of answering) counts.set(number, 1);
  }
  return counts;
}
