/**
 * The glance: what the word table says of a shape and a phrase, without the model. On the scale of
 * T, the raw score of a reading (rank/meaning.ts), to within .06 (standard deviation). A phrase that
 * names several things is met by each of them (parts.ts): s is the best of its ways. Examples of what
 * is meant are ways too (together.ts).
 */
import type { Frequencies } from './document-frequencies.ts';
import type { FoldedWay } from './folded-way.ts';
import type { GlanceWay } from './glance-way.ts';
import type { LookedAt } from './looked-at.ts';
import { together } from './together.ts';

/** What is not meant. */
export interface Unlike<W> {
  readonly way: W;
  /** See together.ts. */
  readonly allowance: number;
}

/** A phrase, ready for glances. */
export class GlancePhrase {
  /** Of the phrase itself, then those of its examples. */
  readonly ways: readonly GlanceWay[];
  readonly #phraseCount: number;
  readonly #unlikes: readonly Unlike<GlanceWay>[];

  constructor(
    phrase: readonly GlanceWay[],
    examples: readonly GlanceWay[] = [],
    unlikes: readonly Unlike<GlanceWay>[] = [],
  ) {
    this.ways = [...phrase, ...examples];
    this.#phraseCount = phrase.length;
    this.#unlikes = unlikes;
  }

  /**
   * s of a shape that was looked at: for single shapes, as they come. What is not meant is left out
   * of it: that is for the reading to say.
   * @param means - by way: what the shapes of the stream have in common with it, see glance-way.ts
   */
  score(shape: LookedAt, means: ArrayLike<number>): number {
    let phrase = -Infinity;
    let example = -Infinity;
    for (let i = 0; i < this.ways.length; i += 1) {
      const score = this.ways[i]!.score(shape, means[i]!);
      if (i < this.#phraseCount) phrase = Math.max(phrase, score);
      else example = Math.max(example, score);
    }
    return together(phrase, example);
  }

  /**
   * The same for the frequencies of one moment, made quick for many shapes; in steps, since it
   * takes some milliseconds.
   */
  *fold(frequencies: Frequencies): Generator<undefined, FoldedPhrase> {
    const ways: FoldedWay[] = [];
    for (const way of this.ways) ways.push(yield* way.fold(frequencies));
    const unlikes: Unlike<FoldedWay>[] = [];
    for (const { way, allowance } of this.#unlikes) {
      unlikes.push({ way: yield* way.fold(frequencies), allowance });
    }
    return new FoldedPhrase(ways, this.#phraseCount, unlikes);
  }
}

/** A phrase at one moment. */
export class FoldedPhrase {
  /** Of the phrase itself, then those of its examples. */
  readonly ways: readonly FoldedWay[];
  readonly #phraseCount: number;
  readonly #unlikes: readonly Unlike<FoldedWay>[];

  constructor(
    ways: readonly FoldedWay[],
    phraseCount: number,
    unlikes: readonly Unlike<FoldedWay>[],
  ) {
    this.ways = ways;
    this.#phraseCount = phraseCount;
    this.#unlikes = unlikes;
  }

  /**
   * s of the shape whose wordpieces are `count` from `start` on; lower by as much as what is not
   * meant lies above it, so that what will not be told stands behind what may be.
   */
  score(pieces: Uint16Array, start: number, count: number, trouble: number, key: string): number {
    let phrase = -Infinity;
    let example = -Infinity;
    for (let i = 0; i < this.ways.length; i += 1) {
      const score = this.ways[i]!.score(pieces, start, count, trouble, key);
      if (i < this.#phraseCount) phrase = Math.max(phrase, score);
      else example = Math.max(example, score);
    }
    const asked = together(phrase, example);
    let above = 0;
    for (const { way, allowance } of this.#unlikes) {
      const unlike = way.score(pieces, start, count, trouble, key) - allowance;
      above = Math.max(above, unlike - asked);
    }
    return asked - above;
  }
}
