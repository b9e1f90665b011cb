/**
 * Where shapes are read only when it pays: the best of all by glance are chosen while the window
 * stays as it is, the model reads those that it has not read yet, and the readings rank. An answer
 * is of the moment when it began; it does not depend on what happens to be read already.
 */
import type { ReadingListener, Readings } from '../embed/readings.ts';
import type { DocumentFrequencies, Frequencies } from '../glance/document-frequencies.ts';
import type { FoldedPhrase, GlancePhrase } from '../glance/glance.ts';
import { glancedCandidatesMin, likeCandidatesMax } from '../shared/limits.ts';
import { nextTurn } from '../shared/next-turn.ts';
import type { Committer } from '../window/committer.ts';
import type { ShapeTable } from '../window/shape-table.ts';
import type { Window } from '../window/window.ts';
import { chooseBest } from './candidates.ts';
import type { PhraseRanking } from './ranking.ts';
import type { RowSearcher } from './row-searcher.ts';
import { linesOfShapes, type FoundShape, type Searcher, type ShapeLines } from './searcher.ts';

export interface GlanceSearcherOptions {
  readonly table: ShapeTable;
  readonly window: Window;
  readonly frequencies: DocumentFrequencies;
  readonly readings: Readings;
  readonly committer: Pick<Committer, 'keepStill' | 'letGo'>;
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
  readonly taken: ReadonlyMap<number, ShapeLines>;
}

/** How long a search keeps the thread before it lets reading and answering go on. */
const sliceMs = 2;
/** Shapes between two looks at the clock. */
const shapesAStep = 256;

export class GlanceSearcher implements Searcher {
  readonly #options: GlanceSearcherOptions;
  /** One choice of candidates after the other, with a turn for commits between them. */
  #turn: Promise<void> = Promise.resolve();
  readonly #rejects = new Set<(error: Error) => void>();
  #failure: Error | undefined;

  constructor(options: GlanceSearcherOptions) {
    this.#options = options;
  }

  async find(phrases: readonly PhraseRanking[], k: number, all: boolean): Promise<FoundShape[][]> {
    const { table, frequencies } = this.#options;
    const before = this.#turn;
    let end: () => void = () => undefined;
    this.#turn = new Promise((resolve) => {
      end = resolve;
    });
    await before;
    this.#options.committer.keepStill();
    const frozen = frequencies.freeze();
    const questions: Question[] = [];
    try {
      for (const phrase of phrases) questions.push(await this.#ask(phrase, k, all, frozen));
    } finally {
      this.#options.committer.letGo();
      end();
    }
    try {
      await this.#read(questions, frozen);
    } finally {
      for (const { taken } of questions) for (const shape of taken.keys()) table.unhold(shape);
    }
    return questions.map((question) => rank(question, k));
  }

  fail(error: Error): void {
    this.#failure ??= error;
    for (const reject of this.#rejects) reject(error);
  }

  /** Chooses what is to be read for a phrase, and holds it. */
  async #ask(
    phrase: PhraseRanking,
    k: number,
    all: boolean,
    frozen: Frequencies,
  ): Promise<Question> {
    const { table, window, rawSearcher } = this.#options;
    const count = Math.max(glancedCandidatesMin, 2 * k);
    const scores = await this.#glanceAtAll(phrase, frozen);
    const shapes = await chooseBest({
      scores,
      count,
      likeMax: Math.max(likeCandidatesMax, k),
      table,
      numberOf: (shape) => window.newestNumberOf(shape),
    });
    const raws = new Map<number, number>();
    const [nearest = []] = await rawSearcher.nearest([phrase], count);
    for (const { shape, row } of nearest) {
      raws.set(shape, phrase.raw(row, table.troubleOf(shape), frozen));
    }
    const chosen = [...shapes, ...raws.keys()];
    for (const shape of chosen) table.hold(shape);
    const taken = linesOfShapes(chosen, window, table.windowLines, all ? k : 0);
    return { phrase, shapes, raws, taken };
  }

  /** @returns by shape: s, or NaN for what is not in the window or has no words to glance at */
  async #glanceAtAll(phrase: PhraseRanking, frozen: Frequencies): Promise<Float32Array> {
    const { table } = this.#options;
    const folded = await foldInSlices(phrase.glance!, frozen);
    const scores = new Float32Array(table.end).fill(NaN);
    let sliceEnd = performance.now() + sliceMs;
    for (let from = 0; from < table.end; from += shapesAStep) {
      glanceAt(table, folded, from, Math.min(table.end, from + shapesAStep), scores);
      if (performance.now() < sliceEnd) continue;
      await nextTurn();
      sliceEnd = performance.now() + sliceMs;
    }
    return scores;
  }

  /** Resolves when every reading has come and was compared. */
  async #read(questions: readonly Question[], frozen: Frequencies): Promise<void> {
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
    let compare: ReadingListener = () => undefined;
    const done = new Promise<void>((resolve, onReject) => {
      reject = onReject;
      compare = (shape, row) => {
        for (const { phrase, raws } of row < 0 ? [] : askers.get(shape)!) {
          raws.set(shape, phrase.raw(row, table.troubleOf(shape), frozen));
        }
        waiting.delete(shape);
        if (waiting.size === 0) resolve();
      };
    });
    this.#rejects.add(reject);
    void listenInSlices(askers.keys(), (shape) => {
      if (waiting.has(shape)) readings.listen(shape, compare);
    });
    try {
      await done;
    } finally {
      this.#rejects.delete(reject);
      // Where that failed: their numbers may be others' soon.
      for (const shape of waiting) readings.stopListening(shape, compare);
      waiting.clear();
    }
  }
}

async function foldInSlices(glance: GlancePhrase, frozen: Frequencies): Promise<FoldedPhrase> {
  const folding = glance.fold(frozen);
  let sliceEnd = performance.now() + sliceMs;
  for (;;) {
    const step = folding.next();
    if (step.done === true) return step.value;
    if (performance.now() < sliceEnd) continue;
    await nextTurn();
    sliceEnd = performance.now() + sliceMs;
  }
}

/** Those that are read already are compared at once, which takes some 20 µs each. */
async function listenInSlices(
  shapes: Iterable<number>,
  listen: (shape: number) => void,
): Promise<void> {
  let sliceEnd = performance.now() + sliceMs;
  for (const shape of shapes) {
    listen(shape);
    if (performance.now() < sliceEnd) continue;
    await nextTurn();
    sliceEnd = performance.now() + sliceMs;
  }
}

function glanceAt(
  table: ShapeTable,
  folded: FoldedPhrase,
  from: number,
  to: number,
  scores: Float32Array,
): void {
  const { windowLines, pieceStarts, pieceCounts, keys } = table;
  const { pieces } = table.arena;
  for (let shape = from; shape < to; shape += 1) {
    if (windowLines[shape] === 0 || keys[shape] === undefined) continue;
    const count = pieceCounts[shape]!;
    scores[shape] = folded.score(pieces, pieceStarts[shape]!, count, table.troubleOf(shape));
  }
}

function rank({ phrase, raws, taken }: Question, k: number): FoundShape[] {
  const order = [...raws].sort(
    ([one, rawOfOne], [other, rawOfOther]) =>
      rawOfOther - rawOfOne || taken.get(other)!.newest.number - taken.get(one)!.newest.number,
  );
  const best = order[0]?.[1] ?? 0;
  return order
    .slice(0, k)
    .map(([shape, raw]) => ({ score: phrase.score(raw, best), ...taken.get(shape)! }));
}
