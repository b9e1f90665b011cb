/** A query's way: scan for candidates, rank them anew, attach the shapes. */
import type { RowSet } from '../ring/row-set.ts';
import type { Rows } from '../ring/rows.ts';
import { Scanner } from '../scan/scanner.ts';
import type { VectorRing } from '../ring/vector-ring.ts';
import { candidatesMin } from '../shared/limits.ts';
import { nextTurn } from '../shared/next-turn.ts';
import type { Shape } from '../window/shape-table.ts';
import type { PhraseRanking } from './ranking.ts';

export interface SearcherOptions {
  readonly ring: VectorRing;
  readonly rows: Rows;
  /** Rows of shapes in the window. */
  readonly inWindow: RowSet;
  /** By row. */
  readonly shapeOfRow: readonly (Shape | undefined)[];
}

export interface FoundShape {
  readonly shape: Shape;
  readonly score: number;
}

/** How long a search keeps the thread before it lets reading and answering go on. */
const sliceMs = 2;

export class Searcher {
  readonly #options: SearcherOptions;
  readonly #scanner: Scanner;
  /** By row, for the order of equal scores. */
  readonly #newestNumbers: Float64Array;

  constructor(options: SearcherOptions) {
    this.#options = options;
    this.#newestNumbers = new Float64Array(options.rows.rowCount);
    this.#scanner = new Scanner({ ring: options.ring, generations: options.rows.generations });
  }

  /**
   * The k best shapes of each phrase, best first, newer line first among equals. Sees the shapes in
   * the window when it begins; those that leave meanwhile are left out.
   */
  async find(phrases: readonly PhraseRanking[], k: number): Promise<FoundShape[][]> {
    const { inWindow, rows, shapeOfRow } = this.#options;
    if (inWindow.size === 0) return phrases.map(() => []);
    const scan = this.#scanner.begin({
      queries: phrases.map((phrase) => phrase.vector),
      rows: inWindow.rows,
      rowCount: inWindow.size,
      k: Math.max(candidatesMin, 2 * k),
      tieBreak: this.#newestNumbers,
    });
    while (!scan.step()) await nextTurn();
    for (let i = 0; i < inWindow.size; i += 1) {
      const row = inWindow.rows[i]!;
      this.#newestNumbers[row] = shapeOfRow[row]?.newestNumber ?? 0;
    }
    const candidates = scan.finish();
    const found: FoundShape[][] = [];
    for (const [index, phrase] of phrases.entries()) {
      const list = (candidates[index] ?? []).map(({ row }) => ({
        row,
        generation: rows.generations[row],
      }));
      const raws: { shape: Shape; raw: number }[] = [];
      let sliceEnd = performance.now() + sliceMs;
      for (const { row, generation } of list) {
        const shape = shapeOfRow[row];
        if (shape === undefined || rows.generations[row] !== generation) continue;
        raws.push({ shape, raw: phrase.raw(row) });
        if (performance.now() < sliceEnd) continue;
        await nextTurn();
        sliceEnd = performance.now() + sliceMs;
      }
      raws.sort((a, b) => b.raw - a.raw || b.shape.newestNumber - a.shape.newestNumber);
      const best = raws[0]?.raw;
      found.push(
        raws.slice(0, k).map(({ shape, raw }) => ({ shape, score: phrase.score(raw, best) })),
      );
    }
    return found;
  }
}
