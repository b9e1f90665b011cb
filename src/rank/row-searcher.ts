/** Where every shape is read: the scan finds the nearest rows, which are then ranked. */
import type { RowSet } from '../ring/row-set.ts';
import type { Rows } from '../ring/rows.ts';
import type { VectorRing } from '../ring/vector-ring.ts';
import { Scanner } from '../scan/scanner.ts';
import { candidatesMin } from '../shared/limits.ts';
import { nextTurn } from '../shared/next-turn.ts';
import type { ShapeTable } from '../window/shape-table.ts';
import type { Window } from '../window/window.ts';
import type { PhraseRanking } from './ranking.ts';
import { linesOfShapes, type FoundShape, type Searcher } from './searcher.ts';

export interface RowSearcherOptions {
  readonly ring: VectorRing;
  readonly rows: Rows;
  readonly table: ShapeTable;
  readonly window: Window;
  /** Rows of shapes in the window. */
  readonly inWindow: RowSet;
  /** By row. */
  readonly shapeOfRow: Uint32Array;
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

  /** Sees the shapes in the window when it begins; those that leave meanwhile are left out. */
  async find(
    phrases: readonly PhraseRanking[],
    k: number,
    all: boolean,
    onMoment: () => void,
  ): Promise<FoundShape[][]> {
    const { window, table } = this.#options;
    const found = await this.nearest(phrases, Math.max(candidatesMin, 2 * k));
    onMoment();
    return found.map((candidates, index) => {
      const phrase = phrases[index]!;
      const best = candidates.slice(0, k);
      const shapes = best.map(({ shape }) => shape);
      const taken = linesOfShapes(shapes, window, table.windowLines, all ? k : 0);
      const score = phrase.score.bind(phrase);
      return best.map(({ shape, cosine }) => {
        const { count, line, lines } = taken.get(shape)!;
        const own = score(cosine, candidates[0]!.cosine);
        return { score: own, count, line, lines: lines.map((one) => ({ ...one, score: own })) };
      });
    });
  }

  fail(): void {
    // What is in the window is read.
  }

  /** The nearest shapes of the set to each phrase, best first, newer line first among equals. */
  async nearest(
    phrases: readonly Pick<PhraseRanking, 'vector'>[],
    count: number,
  ): Promise<{ shape: number; row: number; cosine: number }[][]> {
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
