/** Where every shape is read: the scan finds the nearest rows, which are then ranked. */
import type { RowSet } from '../ring/row-set.ts';
import type { Rows } from '../ring/rows.ts';
import type { VectorRing } from '../ring/vector-ring.ts';
import { kMax, Scanner } from '../scan/scanner.ts';
import { candidatesMin } from '../shared/limits.ts';
import { nextTurn } from '../shared/next-turn.ts';
import { noFrequencies } from '../glance/document-frequencies.ts';
import type { Committer } from '../window/committer.ts';
import type { Window } from '../window/window.ts';
import { timesOfEvents } from './event-times.ts';
import { noStream, noWords, type PhraseRanking } from './ranking.ts';
import type { Grouping } from './grouping.ts';
import {
  firstOfEvents,
  linesOfShapes,
  type FindOptions,
  type FoundEvent,
  type Searcher,
} from './searcher.ts';
import { whyOf, type Why } from './why.ts';

export interface RowSearcherOptions {
  readonly ring: VectorRing;
  readonly rows: Rows;
  readonly committer: Pick<Committer, 'keepStill' | 'letGo'>;
  readonly grouping: Grouping;
  readonly window: Window;
  /** Rows of shapes in the window. */
  readonly inWindow: RowSet;
  /** By row. */
  readonly shapeOfRow: Uint32Array;
}

/** How many times more shapes are looked at where too few events were among them. */
const wider = 8;

/** A shape of the window, and how near it is. */
export interface NearShape {
  readonly shape: number;
  readonly row: number;
  readonly cosine: number;
}

export class RowSearcher implements Searcher {
  readonly #options: RowSearcherOptions;
  readonly #scanner: Scanner;
  /** By row, for the order of equal scores. */
  readonly #newestNumbers: Float64Array;

  constructor(options: RowSearcherOptions) {
    this.#options = options;
    this.#newestNumbers = new Float64Array(options.rows.rowCount);
    this.#scanner = new Scanner({ ring: options.ring, generations: options.rows.generations });
  }

  /** Of the moment when it began: lines wait meanwhile. */
  async find(
    phrases: readonly PhraseRanking[],
    k: number,
    all: boolean,
    onMoment?: () => void,
    options: FindOptions = {},
  ): Promise<FoundEvent[][]> {
    const { committer } = this.#options;
    committer.keepStill();
    onMoment?.();
    try {
      const found = await this.nearest(phrases, Math.max(candidatesMin, 2 * k));
      const lists: FoundEvent[][] = [];
      const bests = found.map(([first]) => ({ best: first?.cosine ?? 0, prose: 0 }));
      options.onMeasures?.(bests);
      for (const [index, phrase] of phrases.entries()) {
        lists.push(await this.#findFor(phrase, found[index] ?? [], k, all, options));
      }
      return lists;
    } finally {
      committer.letGo();
    }
  }

  fail(): void {
    // What is in the window is read.
  }

  /** Looks further where the nearest shapes are of few events. */
  async #findFor(
    phrase: PhraseRanking,
    nearest: readonly NearShape[],
    k: number,
    all: boolean,
    options: FindOptions,
  ): Promise<FoundEvent[]> {
    let candidates = nearest;
    for (;;) {
      const found = await this.#tell(phrase, candidates, k, all, options);
      const { length } = candidates;
      if (
        (all && phrase.isUnlike === undefined) ||
        found.length === k ||
        length === this.#options.inWindow.size ||
        length === kMax
      ) {
        return found;
      }
      [candidates = []] = await this.nearest([phrase], Math.min(kMax, length * wider));
    }
  }

  async #tell(
    phrase: PhraseRanking,
    candidates: readonly NearShape[],
    k: number,
    all: boolean,
    { linesMax = k, explain = false, when = false }: FindOptions,
  ): Promise<FoundEvent[]> {
    const { window, grouping } = this.#options;
    const left = candidates.filter(
      ({ row, cosine }) => phrase.isUnlike?.(row, noWords, noStream, cosine) !== true,
    );
    const shapes = left.map(({ shape }) => shape);
    const events = all ? grouping.alone(shapes) : await grouping.of(shapes, noFrequencies);
    const taken = linesOfShapes(
      all ? shapes.slice(0, k) : shapes,
      events,
      window,
      (shape) => grouping.keyOf(shape),
      all ? linesMax : 0,
      when && !all ? await timesOfEvents(events, window) : undefined,
    );
    const best = candidates[0]?.cosine ?? 0;
    const told = left.slice(0, all ? k : undefined).map(({ shape, row, cosine }) => {
      const score = phrase.score(cosine, best, 0);
      const { lines, line, ...event } = taken.get(shape)!;
      const whyFor = (text: string): Why | undefined => {
        if (!explain) return undefined;
        const parts = phrase.explain(row, noWords, noStream);
        return whyOf(phrase, parts, text, cosine, { best, prose: 0 });
      };
      const linesTold = lines.map((one) => ({
        ...one,
        score,
        raw: cosine,
        why: whyFor(one.text),
      }));
      return { ...event, score, raw: cosine, line, why: whyFor(line.text), lines: linesTold };
    });
    return firstOfEvents(told, k);
  }

  /** The nearest shapes of the set to each phrase, best first, newer line first among equals. */
  async nearest(
    phrases: readonly Pick<PhraseRanking, 'vector'>[],
    count: number,
  ): Promise<NearShape[][]> {
    const { inWindow, shapeOfRow, window } = this.#options;
    if (inWindow.size === 0) return phrases.map(() => []);
    const scan = this.#scanner.begin({
      queries: phrases.map(({ vector }) => vector),
      rows: inWindow.rows,
      rowCount: inWindow.size,
      k: count,
      tieBreak: this.#newestNumbers,
    });
    while (!scan.step()) await nextTurn();
    for (let i = 0; i < inWindow.size; i += 1) {
      const row = inWindow.rows[i]!;
      this.#newestNumbers[row] = window.newestNumberOf(shapeOfRow[row]!);
    }
    return scan.finish().map((candidates) =>
      candidates
        .filter(({ row }) => inWindow.has(row)) // Its shape may have left, and nobody leased it since.
        .map(({ row, score }) => ({ shape: shapeOfRow[row]!, row, cosine: score })),
    );
  }
}
