/**
 * Where shapes are read only when it pays: the best of all by glance are chosen while the window
 * stays as it is, the model reads those that it has not read yet, and the readings rank. An answer
 * is of the moment when it began; it does not depend on what happens to be read already.
 */
import type { ReadingListener, Readings } from '../embed/readings.ts';
import type { DocumentFrequencies } from '../glance/document-frequencies.ts';
import { likeCandidatesMax } from '../shared/limits.ts';
import { Slices } from '../shared/slices.ts';
import { Turns } from '../shared/turns.ts';
import type { Committer } from '../window/committer.ts';
import type { ShapeTable } from '../window/shape-table.ts';
import type { Window } from '../window/window.ts';
import type { Background } from './background.ts';
import { candidateCount, chooseBest } from './candidates.ts';
import { timesOfEvents } from './event-times.ts';
import { glanceAtAll } from './glance-scan.ts';
import type { Grouping } from './grouping.ts';
import type { PhraseRanking, ShapeSaid, Stream } from './ranking.ts';
import type { RowSearcher } from './row-searcher.ts';
import { extraOf, linesHolding, type HeldLiterals } from './literals-held.ts';
import { whyOf, type Measure } from './why.ts';
import type { Parts } from './parts.ts';
import {
  firstOfEvents,
  linesOfShapes,
  type FindOptions,
  type FoundEvent,
  type FoundLine,
  type Searcher,
  type ShapeLines,
} from './searcher.ts';

export interface GlanceSearcherOptions {
  readonly table: ShapeTable;
  readonly window: Window;
  readonly frequencies: DocumentFrequencies;
  readonly background: Background;
  readonly readings: Readings;
  readonly committer: Pick<Committer, 'keepStill' | 'letGo' | 'drain'>;
  readonly grouping: Grouping;
  /** Of vectors that came from outside: they have no words to glance at. */
  readonly rawSearcher: Pick<RowSearcher, 'nearest'>;
}

/** A phrase's candidates, at the moment of the question. */
interface Question {
  readonly phrase: PhraseRanking;
  /** Shapes to be read, best by glance first. */
  readonly shapes: readonly number[];
  /** Raw scores: of vectors from outside at once, of others as their readings come. */
  readonly raws: Map<number, number>;
  /** Shapes that are nearer to what is not meant. */
  readonly unlikes: Set<number>;
  /** What shapes score beyond that, for a line that holds the phrase's literals. */
  readonly held: ReadonlyMap<number, HeldLiterals>;
  readonly taken: ReadonlyMap<number, ShapeLines>;
  /** By shape, where it was asked why: of vectors from outside at once, of others once they rank. */
  readonly parts: Map<number, Parts> | undefined;
}

export class GlanceSearcher implements Searcher {
  readonly #options: GlanceSearcherOptions;
  /** One choice of candidates after the other, with a turn for commits between them. */
  readonly #turns = new Turns();
  readonly #rejects = new Set<(error: Error) => void>();
  #failure: Error | undefined;

  constructor(options: GlanceSearcherOptions) {
    this.#options = options;
  }

  async find(
    phrases: readonly PhraseRanking[],
    k: number,
    all: boolean,
    onMoment?: () => void,
    options: FindOptions = {},
  ): Promise<FoundEvent[][]> {
    const { table, frequencies, background, committer } = this.#options;
    const questions: Question[] = [];
    const frozen = await this.#turns.run(async () => {
      committer.keepStill();
      onMoment?.();
      const moment = { frequencies: frequencies.freeze(), background: background.freeze() };
      try {
        for (const phrase of phrases) {
          questions.push(await this.#ask(phrase, k, all, moment, options));
        }
      } finally {
        committer.letGo();
      }
      return moment;
    });
    try {
      await this.#compare(questions, frozen);
      await this.#explain(questions, k, frozen);
    } finally {
      for (const { taken } of questions) for (const shape of taken.keys()) table.unhold(shape);
      committer.drain(); // Vectors from outside may wait for rows that are free now.
    }
    const measures = questions.map((question) => measureOf(question, frozen));
    options.onMeasures?.(measures);
    return questions.map((question, i) => rank(question, k, measures[i]!));
  }

  fail(error: Error): void {
    this.#failure ??= error;
    this.#options.readings.giveUp();
    for (const reject of this.#rejects) reject(error);
  }

  /** Chooses what is to be read for a phrase, and holds it. */
  async #ask(
    phrase: PhraseRanking,
    k: number,
    all: boolean,
    frozen: Stream,
    { linesMax = k, explain = false, when = false }: FindOptions,
  ): Promise<Question> {
    const { table, window, rawSearcher, grouping } = this.#options;
    const count = candidateCount(k, frozen.frequencies.proseDegree);
    const scores = await glanceAtAll(table, phrase.glance!, frozen.frequencies);
    const held = await linesHolding(phrase, window);
    for (const [shape, { extra }] of held) scores[shape]! += extra;
    const shapes = await chooseBest({
      scores,
      count,
      likeMax: Math.max(likeCandidatesMax, k),
      table,
      eventOf: (shape) => grouping.openEventOf(shape),
      numberOf: (shape) => window.newestNumberOf(shape),
    });
    const raws = new Map<number, number>();
    const parts = explain ? new Map<number, Parts>() : undefined;
    const [nearest = []] = await rawSearcher.nearest([phrase], count);
    const question = { phrase, raws, unlikes: new Set<number>(), parts };
    for (const { shape, row } of nearest) {
      compare(question, shape, row, table.saidOf(shape), frozen);
      parts?.set(shape, phrase.explain(row, table.saidOf(shape), frozen));
    }
    const chosen = [...shapes, ...raws.keys()];
    for (const shape of chosen) table.hold(shape);
    const events = all ? grouping.alone(chosen) : await grouping.of(chosen, frozen.frequencies);
    const times = when && !all ? await timesOfEvents(events, window) : undefined;
    const taken = linesOfShapes(
      chosen,
      events,
      window,
      (shape) => table.keys[shape],
      all ? linesMax : 0,
      times,
    );
    return { ...question, shapes, held, taken };
  }

  /** Resolves when every reading has come and was compared. */
  async #compare(questions: readonly Question[], frozen: Stream): Promise<void> {
    const { table } = this.#options;
    const wanted = questions.map((question) => ({ question, shapes: question.shapes }));
    await this.#read(wanted, (question, shape, row) => {
      compare(question, shape, row, table.saidOf(shape), frozen);
    });
  }

  /** Looks once more at the readings of what will be told: few of those that were compared. */
  async #explain(questions: readonly Question[], k: number, frozen: Stream): Promise<void> {
    const { table } = this.#options;
    const wanted = questions.flatMap((question) => {
      const { parts } = question;
      if (parts === undefined) return [];
      const told = firstOfEvents(toTell(question, inOrder(question)), k).map(({ shape }) => shape);
      return [{ question, shapes: told.filter((shape) => !parts.has(shape)) }];
    });
    await this.#read(wanted, ({ phrase, parts }, shape, row) => {
      parts?.set(shape, phrase.explain(row, table.saidOf(shape), frozen));
    });
  }

  /**
   * Resolves when every reading has come, or has been found to be none.
   * @param onReading - told of each, while it is there
   */
  async #read(
    wanted: readonly { readonly question: Question; readonly shapes: readonly number[] }[],
    onReading: (question: Question, shape: number, row: number) => void,
  ): Promise<void> {
    const { readings } = this.#options;
    if (this.#failure !== undefined) throw this.#failure;
    const askers = new Map<number, Question[]>();
    for (const { question, shapes } of wanted) {
      for (const shape of shapes) {
        const others = askers.get(shape);
        if (others === undefined) askers.set(shape, [question]);
        else others.push(question);
      }
    }
    const waiting = new Set(askers.keys());
    if (waiting.size === 0) return;
    let reject: (error: Error) => void = () => undefined;
    let listener: ReadingListener = () => undefined;
    const done = new Promise<void>((resolve, onReject) => {
      reject = onReject;
      listener = (shape, row) => {
        for (const question of row < 0 ? [] : askers.get(shape)!) onReading(question, shape, row);
        waiting.delete(shape);
        if (waiting.size === 0) resolve();
      };
    });
    this.#rejects.add(reject);
    void listenInSlices(askers.keys(), (shape) => {
      if (waiting.has(shape)) readings.listen(shape, listener);
    });
    try {
      await done;
    } finally {
      this.#rejects.delete(reject);
      // Where that failed: their numbers may be others' soon.
      for (const shape of waiting) readings.stopListening(shape, listener);
      waiting.clear();
    }
  }
}

function compare(
  { phrase, raws, unlikes }: Pick<Question, 'phrase' | 'raws' | 'unlikes'>,
  shape: number,
  row: number,
  said: ShapeSaid,
  stream: Stream,
): void {
  const raw = phrase.raw(row, said, stream);
  raws.set(shape, raw);
  if (phrase.isUnlike?.(row, said, stream, raw) === true) unlikes.add(shape);
}

/** Those that are read already are compared at once, which takes some 20 µs each. */
async function listenInSlices(
  shapes: Iterable<number>,
  listen: (shape: number) => void,
): Promise<void> {
  const slices = new Slices();
  for (const shape of shapes) {
    listen(shape);
    if (slices.isOver) await slices.next();
  }
}

/** A candidate, with what is told of it. */
interface Ranked extends ShapeLines {
  readonly shape: number;
  /** The raw score of its reading. */
  readonly own: number;
  /** The same with what its line holds beyond. */
  readonly raw: number;
}

function inOrder({ raws, held, taken }: Question): Ranked[] {
  const order = [...raws].map(([shape, raw]) => {
    const { extra, line } = held.get(shape) ?? { extra: 0, line: taken.get(shape)!.line };
    return { ...taken.get(shape)!, line, shape, own: raw, raw: raw + extra };
  });
  return order.sort((one, other) => other.raw - one.raw || other.line.number - one.line.number);
}

function toTell({ unlikes }: Question, order: readonly Ranked[]): readonly Ranked[] {
  return unlikes.size === 0 ? order : order.filter(({ shape }) => !unlikes.has(shape));
}

/** What its scores are measured by; of an empty window 0. */
function measureOf(
  { raws, held }: Question,
  { frequencies: { proseDegree: prose } }: Stream,
): Measure {
  let best = -Infinity;
  for (const [shape, raw] of raws) best = Math.max(best, raw + (held.get(shape)?.extra ?? 0));
  return { best: best === -Infinity ? 0 : best, prose };
}

function rank(question: Question, k: number, { best, prose }: Measure): FoundEvent[] {
  const { phrase } = question;
  const order = inOrder(question);
  return firstOfEvents(toTell(question, order), k).map(
    ({ shape, own, raw, line, lines, ...event }) => {
      const parts = question.parts?.get(shape);
      const told = (text: string, rawOfLine: number): Pick<FoundLine, 'score' | 'raw' | 'why'> => ({
        raw: rawOfLine,
        score: phrase.score(rawOfLine, best, prose),
        why: parts && whyOf(phrase, parts, text, rawOfLine, { best, prose }),
      });
      return {
        ...event,
        ...told(line.text, raw),
        line,
        lines: lines.map((one) => ({ ...one, ...told(one.text, own + extraOf(phrase, one.text)) })),
      };
    },
  );
}
