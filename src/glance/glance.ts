/**
 * The glance: what the word table says of a shape and a phrase, without the model. On the scale of
 * T, the raw score of a reading (rank/meaning.ts), to within .06 (standard deviation). A phrase that
 * names several things is met by each of them (parts.ts): s is the best of its ways.
 */
import type { Frequencies } from './document-frequencies.ts';
import type { FoldedWay } from './folded-way.ts';
import type { GlanceWay } from './glance-way.ts';
import type { LookedAt } from './looked-at.ts';

/** A phrase, ready for glances. */
export class GlancePhrase {
  readonly ways: readonly GlanceWay[];

  constructor(ways: readonly GlanceWay[]) {
    this.ways = ways;
  }

  /**
   * s of a shape that was looked at: for single shapes, as they come.
   * @param means - by way: what the shapes of the stream have in common with it, see glance-way.ts
   */
  score(shape: LookedAt, means: ArrayLike<number>): number {
    let best = -Infinity;
    for (let i = 0; i < this.ways.length; i += 1) {
      best = Math.max(best, this.ways[i]!.score(shape, means[i]!));
    }
    return best;
  }

  /**
   * The same for the frequencies of one moment, made quick for many shapes; in steps, since it
   * takes some milliseconds.
   */
  *fold(frequencies: Frequencies): Generator<undefined, FoldedPhrase> {
    const ways: FoldedWay[] = [];
    for (const way of this.ways) ways.push(yield* way.fold(frequencies));
    return new FoldedPhrase(ways);
  }
}

/** A phrase at one moment. */
export class FoldedPhrase {
  readonly ways: readonly FoldedWay[];

  constructor(ways: readonly FoldedWay[]) {
    this.ways = ways;
  }

  /**
   * s of the shape whose wordpieces are `count` from `start` on.
   */
  score(pieces: Uint16Array, start: number, count: number, trouble: number, key: string): number {
    const { ways } = this;
    let best = ways[0]!.score(pieces, start, count, trouble, key);
    for (let i = 1; i < ways.length; i += 1) {
      best = Math.max(best, ways[i]!.score(pieces, start, count, trouble, key));
    }
    return best;
  }
}
