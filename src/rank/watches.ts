/** The watched phrases: judges each line at the commit point. */
import type { Shape } from '../window/shape-table.ts';
import type { PhraseRanking } from './ranking.ts';

export interface Watch {
  readonly phrase: string;
  readonly ranking: PhraseRanking;
  /** The least score that answers. */
  readonly minScore: number;
  /** Place of its score in Shape.watchScores; a place is never used again. */
  readonly place: number;
}

/** A watch that a line answers, and how well. */
export interface WatchHit {
  readonly watch: Watch;
  readonly score: number;
}

export class Watches {
  #watches: readonly Watch[] = [];
  #nextPlace = 0;

  get all(): readonly Watch[] {
    return this.#watches;
  }

  add(ranking: PhraseRanking, minScore: number): Watch {
    const watch = { phrase: ranking.phrase, ranking, minScore, place: this.#nextPlace };
    this.#nextPlace += 1;
    this.#watches = [...this.#watches, watch];
    return watch;
  }

  /** @returns whether it was there */
  remove(watch: Watch): boolean {
    const { length } = this.#watches;
    this.#watches = this.#watches.filter((other) => other !== watch);
    return this.#watches.length < length;
  }

  /**
   * Raw scores are kept with the shape, verdicts are not: what counts as a match may change with
   * what the window has seen. A known shape costs a comparison for each watch.
   * @returns the watches that a line of the shape answers, best first
   */
  judge(shape: Shape): readonly WatchHit[] {
    let hits: WatchHit[] | undefined;
    const scores = (shape.watchScores ??= []);
    for (const watch of this.#watches) {
      let raw = scores[watch.place];
      if (raw === undefined) {
        raw = watch.ranking.raw(shape.row);
        scores[watch.place] = raw;
        watch.ranking.observe(raw);
      }
      const score = watch.ranking.score(raw);
      if (score >= watch.minScore) (hits ??= []).push({ watch, score });
    }
    return hits?.sort((a, b) => b.score - a.score) ?? noHits;
  }
}

const noHits: readonly WatchHit[] = [];
