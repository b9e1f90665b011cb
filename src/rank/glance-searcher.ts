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
import { glanceAtAll } from './glance-scan.ts';
import type { Grouping } from './grouping.ts';
import type { PhraseRanking, ShapeSaid, Stream } from './ranking.ts';
import type { RowSearcher } from './row-searcher.ts';
import { extraOf, linesHolding, type HeldLiterals } from './literals-held.ts';
import {
  firstOfEvents,
  linesOfShapes,
  type FoundEvent,
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
    linesMax = k,
  ): Promise<FoundEvent[][]> {
    const { table, frequencies, background, committer } = this.#options;
    const questions: Question[] = [];
    const frozen = await this.#turns.run(async () => {
      committer.keepStill();
      onMoment?.();
      const moment = { frequencies: frequencies.freeze(), background: background.freeze() };
      try {
        for (const phrase of phrases) {
          questions.push(await this.#ask(phrase, k, all ? linesMax : 0, moment));
        }
      } finally {
        committer.letGo();
      }
      return moment;
    });
    try {
      await this.#read(questions, frozen);
    } finally {
      for (const { taken } of questions) for (const shape of taken.keys()) table.unhold(shape);
      committer.drain(); // Vectors from outside may wait for rows that are free now.
    }
    return questions.map((question) => rank(question, k, frozen));
  }

  fail(error: Error): void {
    this.#failure ??= error;
    this.#options.readings.giveUp();
    for (const reject of this.#rejects) reject(error);
  }

  /**
   * Chooses what is to be read for a phrase, and holds it.
   * @param linesMax - of each shape; 0 where each event is told once
   */
  async #ask(
    phrase: PhraseRanking,
    k: number,
    linesMax: number,
    frozen: Stream,
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
    const [nearest = []] = await rawSearcher.nearest([phrase], count);
    const question = { phrase, raws, unlikes: new Set<number>() };
    for (const { shape, row } of nearest)
      compare(question, shape, row, table.saidOf(shape), frozen);
    const chosen = [...shapes, ...raws.keys()];
    for (const shape of chosen) table.hold(shape);
    const events =
      linesMax > 0 ? grouping.alone(chosen) : await grouping.of(chosen, frozen.frequencies);
    const taken = linesOfShapes(chosen, events, window, linesMax);
    return { ...question, shapes, held, taken };
  }

  /** Resolves when every reading has come and was compared. */
  async #read(questions: readonly Question[], frozen: Stream): Promise<void> {
    const { table, readings } = this.#options;
    if (this.#failure !== undefined) throw this.#failure;
    const askers = new Map<number, Question[]>();
    for (const question of questions) {
      for (const shape of question.shapes) {
        const others = askers.get(shape);
        if (others === undefined) askers.set(shape, [question]);
        else others.push(question);
      }
    }
    const waiting = new Set(askers.keys());
    if (waiting.size === 0) return;
    let reject: (error: Error) => void = () => undefined;
    let onReading: ReadingListener = () => undefined;
    const done = new Promise<void>((resolve, onReject) => {
      reject = onReject;
      onReading = (shape, row) => {
        for (const question of row < 0 ? [] : askers.get(shape)!) {
          compare(question, shape, row, table.saidOf(shape), frozen);
        }
        waiting.delete(shape);
        if (waiting.size === 0) resolve();
      };
    });
    this.#rejects.add(reject);
    void listenInSlices(askers.keys(), (shape) => {
      if (waiting.has(shape)) readings.listen(shape, onReading);
    });
    try {
      await done;
    } finally {
      this.#rejects.delete(reject);
      // Where that failed: their numbers may be others' soon.
      for (const shape of waiting) readings.stopListening(shape, onReading);
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

function rank(
  { phrase, raws, unlikes, held, taken }: Question,
  k: number,
  { frequencies: { proseDegree } }: Stream,
): FoundEvent[] {
  const order = [...raws].map(([shape, raw]) => {
    const { extra, line } = held.get(shape) ?? { extra: 0, line: taken.get(shape)!.line };
    return { ...taken.get(shape)!, shape, line, own: raw, raw: raw + extra };
  });
  order.sort((one, other) => other.raw - one.raw || other.line.number - one.line.number);
  const best = order[0]?.raw ?? 0;
  const told = unlikes.size === 0 ? order : order.filter(({ shape }) => !unlikes.has(shape));
  return firstOfEvents(told, k).map(({ own, raw, count, first, line, lines }) => ({
    score: phrase.score(raw, best, proseDegree),
    count,
    first,
    line,
    lines: lines.map((one) => ({
      ...one,
      score: phrase.score(own + extraOf(phrase, one.text), best, proseDegree),
    })),
  }));
}
