/** What a question must be answered, by the book. */
import type { PlainPhrase, PlainStream } from './plain-ranking.ts';
import { chance } from './plain-ranking.ts';
import type { PlainLine, PlainWindow, ShapeView } from './plain-window.ts';

export interface Question {
  readonly phrases: readonly string[];
  readonly k: number;
  /** Every line of a shape, not only its newest. */
  readonly all: boolean;
}

/** What is told of a line. */
export type ToldLine = Pick<PlainLine, 'text' | 'number' | 'time'>;

export interface PlainFound {
  readonly score: number;
  readonly count: number;
  readonly newest: ToldLine;
  /** Newest first. */
  readonly lines: readonly ToldLine[];
}

export interface PlainAnswer {
  readonly found: readonly PlainFound[];
  /** Keys of the shapes that are read for it. */
  readonly candidates: readonly string[];
}

/** Of which the best are read: at least so many, and of those that differ in one word at most so many. */
export interface CandidateBounds {
  readonly min: number;
  readonly likeMax: number;
}

interface Scored {
  readonly view: ShapeView;
  readonly score: number;
}

/** The best by glance are read, and the readings rank. */
export function answerOf(
  window: PlainWindow,
  phrase: PlainPhrase,
  { k, all }: Question,
  stream: PlainStream,
  { min, likeMax }: CandidateBounds,
): PlainAnswer {
  const count = Math.max(Math.round(min * (1 + stream.prose)), 2 * k);
  const views = window.shapes();
  const texts = views.filter(({ shape }) => shape.key !== undefined);
  const vectors = views.filter(({ shape }) => shape.key === undefined);
  const byGlance = best(texts, ({ shape }) => phrase.foldedGlance(shape, stream));
  const byCosine = best(vectors, ({ shape }) => phrase.scanned(shape));
  const chosen = choose(byGlance, count, Math.max(likeMax, k));
  const nearest = byCosine.slice(0, count).map(({ view }) => view);
  const readable = [...chosen, ...nearest].filter(({ shape }) => shape.vector !== undefined);
  const ranked = best(readable, ({ shape }) => phrase.raw(shape, stream));
  const found = ranked.slice(0, k).map(({ view, score }) => ({
    ...told(window, view, all ? k : 0),
    score: chance(score, ranked[0]!.score, stream.prose),
  }));
  return { found, candidates: chosen.map(({ shape }) => shape.key!) };
}

/** The nearest of all that are read. */
export function nearestTo(
  window: PlainWindow,
  phrase: PlainPhrase,
  { k, all }: Question,
): PlainFound[] {
  return best(window.shapes(), ({ shape }) => phrase.scanned(shape))
    .slice(0, k)
    .map(({ view, score }) => ({ ...told(window, view, all ? k : 0), score }));
}

/** Best first, and among equals the one with the newer line. */
function best(views: readonly ShapeView[], scoreOf: (view: ShapeView) => number): Scored[] {
  return views
    .map((view) => ({ view, score: scoreOf(view) }))
    .sort((a, b) => b.score - a.score || b.view.newest.number - a.view.newest.number);
}

function told(window: PlainWindow, { shape, count, newest }: ShapeView, linesMax: number) {
  const own = window.lines().filter((line) => line.shape === shape);
  return { count, newest, lines: own.reverse().slice(0, linesMax) };
}

/** Of shapes that differ in one word only the best few, as long as there are others. */
function choose(scored: readonly Scored[], count: number, likeMax: number): ShapeView[] {
  const pick = (width: number): { kept: ShapeView[]; isComplete: boolean } => {
    const looked = scored.slice(0, width * count).map(({ view }) => view);
    const seen = new Map<string, number>();
    const kept: ShapeView[] = [];
    const left: ShapeView[] = [];
    for (const view of looked) {
      const patterns = patternsOf(view.shape.key!);
      const isOneMore = patterns.some((pattern) => (seen.get(pattern) ?? 0) >= likeMax);
      (isOneMore || kept.length === count ? left : kept).push(view);
      if (isOneMore || kept.at(-1) !== view) continue;
      for (const pattern of patterns) seen.set(pattern, (seen.get(pattern) ?? 0) + 1);
    }
    const isComplete = kept.length === count || looked.length < width * count;
    return { kept: [...kept, ...left].slice(0, count), isComplete };
  };
  const near = pick(4);
  return near.isComplete ? near.kept : pick(64).kept;
}

/** What a key shares with those that differ from it in one word. */
function patternsOf(key: string): string[] {
  const words = key.split(' ');
  if (words.length < 3) return [];
  return words.map((_, place) => words.with(place, '*').join(' '));
}
