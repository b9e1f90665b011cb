/** What answers a question: a threshold decides, and how many are told. */
import { nameOf, questionsOf, type Asked as AskedFor, type Marks } from '../rank/asked.ts';
import { timeOfLine } from '../shared/line-time.ts';
import { matchesOf, type Match, type SearchOptions } from '../rank/match.ts';
import type { PhraseRanking } from '../rank/ranking.ts';
import type { FoundEvent, Searcher } from '../rank/searcher.ts';
import type { Measure } from '../rank/why.ts';
import { glancedCandidatesMin, topDefault, topMax } from '../shared/limits.ts';
import type { Committer } from '../window/committer.ts';

/** What a question is to find, and how much of it to tell. */
export interface QuestionOptions extends SearchOptions {
  /** The nearest, so many, whatever they score; by default up to five that answer, or all lines. */
  readonly top?: number | undefined;
  /** Only lines from then on, by their own time where they carry one, in milliseconds since 1970. */
  readonly since?: number | undefined;
}

type Asked = Pick<QuestionOptions, 'wait' | 'explain'> & { readonly minScore: number };

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
  /** What the scores are measured by; of an empty window a best of 0. */
  readonly measure: Measure;
}

const unmeasured: Measure = { best: 0, prose: 0 };

/** So many shapes are looked at first where all that answer are asked for, and so many times more. */
const shapesFirst = topDefault * 50;
const wider = 4;
/** Among so many times as many shapes as answer, hardly one beyond them does. */
const enough = 4;
/** Of so many events the shapes are read for any question: to look at all of them costs no reading. */
const eventsSince = glancedCandidatesMin / 2;

/** What questions need of an engine. */
export interface QuestionsOptions {
  readonly open: (asked: readonly AskedFor[]) => Promise<PhraseRanking[]>;
  readonly committer: Pick<Committer, 'committedAll' | 'lastNumber'>;
  readonly searcher: Searcher;
  /** The least score that answers unless told otherwise. */
  readonly minScore: number;
}

export class Questions {
  readonly #options: QuestionsOptions;

  constructor(options: QuestionsOptions) {
    this.#options = options;
  }

  /** The nearest events, or lines, to each phrase; the last line that the answer knows of. */
  async nearest(
    phrases: readonly string[],
    k: number,
    options: SearchOptions & { readonly since?: number | undefined },
  ): Promise<{
    readonly matches: Match[][];
    readonly line: number;
    readonly measures: readonly Measure[];
  }> {
    const { searcher, committer } = this.#options;
    const rankings = await this.#begin(questionsOf(phrases, options), options.wait ?? true);
    let line = 0;
    let measures: readonly Measure[] = [];
    const { all = false, minScore, since, explain, when } = options;
    // Those that are too old make room for others: as many are looked at as a question may read.
    const count = since === undefined ? k : Math.min(topMax, Math.max(2 * k, eventsSince));
    const onMoment = (): void => {
      line = committer.lastNumber;
    };
    const found = await searcher.find(rankings, count, all, onMoment, {
      explain,
      when,
      onMeasures: (told) => {
        measures = told;
      },
    });
    const matches = found.map((events, i) =>
      matchesOf(rankings[i]?.phrase ?? '', events, count, { all, minScore, when })
        .filter((match) => isFrom(since, match))
        .slice(0, k),
    );
    return { matches, line, measures };
  }

  async answers(
    phrases: readonly string[],
    options: QuestionOptions,
  ): Promise<{ readonly answers: Answer[]; readonly line: number }> {
    const { top, all, wait, since, explain, when, like, unlike } = options;
    const { minScore = this.#options.minScore } = options;
    if (all === true && top === undefined) {
      const questions = questionsOf(phrases, options);
      const { found, line, measures } = await this.#everyShape(questions, {
        minScore,
        wait,
        explain,
      });
      const names = questions.map(nameOf);
      const answers = found.map((shapes, i) =>
        answerOfLines(names[i] ?? '', shapes, {
          minScore,
          since,
          measure: measures[i] ?? unmeasured,
        }),
      );
      return { answers, line };
    }
    const asked = { all, wait, since, explain, when, like, unlike };
    const { matches, line, measures } = await this.nearest(phrases, top ?? topDefault, asked);
    const answers = matches.map((found, i) =>
      answerOf(found, options, this.#options.minScore, measures[i] ?? unmeasured),
    );
    return { answers, line };
  }

  /** The events nearest to each phrase, best first: all that answer, those that come near, and more. */
  async events(
    phrases: readonly string[],
    minScore = this.#options.minScore,
    wait = true,
    marks: Marks = {},
  ): Promise<Match[][]> {
    const { searcher } = this.#options;
    const rankings = await this.#begin(questionsOf(phrases, marks), wait);
    const find = (k: number): Promise<FoundEvent[][]> =>
      searcher.find(rankings, k, false, undefined, { explain: true });
    const found = await shapesAnswering(find, minScore / 2);
    return found.map((events, i) => matchesOf(rankings[i]?.phrase ?? '', events, Infinity, {}));
  }

  /** @returns by number of a line that answers any of the phrases: for how many it stands */
  async lines(
    phrases: readonly string[],
    { minScore = this.#options.minScore, wait, ...marks }: SearchOptions,
  ): Promise<Map<number, number>> {
    const { found } = await this.#everyShape(questionsOf(phrases, marks), { minScore, wait });
    return linesAnswering(found, minScore);
  }

  async #everyShape(
    questions: readonly AskedFor[],
    { minScore, wait = true, explain }: Asked,
  ): Promise<{
    readonly found: FoundEvent[][];
    readonly line: number;
    readonly measures: readonly Measure[];
  }> {
    const { searcher, committer } = this.#options;
    const rankings = await this.#begin(questions, wait);
    let line = 0;
    let measures: readonly Measure[] = [];
    const onMeasures = (told: readonly Measure[]): void => {
      measures = told;
    };
    const onMoment = (): void => {
      line = committer.lastNumber;
    };
    const found = await shapesAnswering(
      (k) =>
        searcher.find(rankings, k, true, onMoment, { linesMax: Infinity, explain, onMeasures }),
      minScore,
    );
    return { found, line, measures };
  }

  async #begin(asked: readonly AskedFor[], wait: boolean): Promise<PhraseRanking[]> {
    const rankings = await this.#options.open(asked);
    if (wait) await this.#options.committer.committedAll();
    return rankings;
  }
}

function isFrom(since: number | undefined, { text, time }: Match): boolean {
  return since === undefined || timeOfLine(text, time) >= since;
}

/** @param found - best first, whatever they score */
function answerOf(
  found: readonly Match[],
  { top, minScore }: QuestionOptions,
  minScoreDefault: number,
  measure: Measure,
): Answer {
  const least = minScore ?? minScoreDefault;
  const told = found.map((match) => withMinScore(match, least));
  const answering = told.filter(({ score }) => score >= least);
  const matches = top !== undefined && minScore === undefined ? told : answering;
  return { matches, answers: answering.length, minScore: least, nearest: told, measure };
}

/** Why a match scores what it does also says what was needed. */
function withMinScore(match: Match, minScore: number): Match {
  return match.why === undefined ? match : { ...match, why: { ...match.why, minScore } };
}

/** @param shapes - with all their lines, best first */
function answerOfLines(
  query: string,
  shapes: readonly FoundEvent[],
  {
    minScore,
    since,
    measure,
  }: {
    readonly minScore: number;
    readonly since: number | undefined;
    readonly measure: Measure;
  },
): Answer {
  const all = matchesOf(query, shapes, Infinity, { minScore, all: true });
  const matches = all.flatMap((match) =>
    isFrom(since, match) ? [withMinScore(match, minScore)] : [],
  );
  const nearest = shapes
    .map(({ score, raw, key, count, line }) => {
      const { number, time, text } = line;
      return { query, score, raw, shape: key, count, line: number, time, text };
    })
    .filter((match) => isFrom(since, match))
    .slice(0, topDefault);
  return { matches, answers: matches.length, minScore, nearest, measure };
}

/**
 * All shapes that answer, and some more: looks further as long as many of those that were looked at
 * do.
 * @param find - the k best shapes of each phrase, best first
 */
async function shapesAnswering(
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
function linesAnswering(
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
