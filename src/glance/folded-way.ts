/**
 * One thing that a phrase asks for, at one moment: everything that depends on one wordpiece alone is
 * added up, so that a glance at each of many shapes is quick. Keys are looked at only where a
 * wordpiece is suspect: it may be a word that contradicts the phrase, or begin one.
 */
import { contradictionPenalty, type Opposites } from './opposites.ts';
import { shapeWords } from './shape-words.ts';
import type { Suspects } from './suspects.ts';
import { tokenFound, wholeWeight } from './token-found.ts';
import { penaltyOf, type PhraseTrouble } from './trouble.ts';

export interface FoldedParts {
  /** Float32[pieces, 2 + tokens]: idf, idf · Σ w c, then r · c for each token that counts. */
  readonly folded: Float32Array;
  /** μ of glance-way.ts. */
  readonly mean: number;
  /** The tokens that count, and their weights. */
  readonly active: readonly number[];
  readonly weights: Float64Array;
  readonly trouble: PhraseTrouble;
  /** See prose.ts. */
  readonly prose: number;
  readonly opposites: Opposites;
  /** Looked at, all that are in the window. */
  readonly suspects: Suspects;
}

export class FoldedWay {
  readonly mean: number;
  readonly #parts: FoldedParts;
  readonly #best: Float64Array;

  constructor(parts: FoldedParts) {
    this.mean = parts.mean;
    this.#parts = parts;
    this.#best = new Float64Array(parts.active.length);
  }

  /** See FoldedPhrase. */
  score(pieces: Uint16Array, start: number, count: number, trouble: number, key: string): number {
    const { folded, suspects, active, weights, prose, opposites } = this.#parts;
    const { bits } = suspects;
    const penalty = penaltyOf(this.#parts.trouble, trouble, prose);
    const tokenCount = active.length;
    if (count === 0 || tokenCount === 0) return -penalty;
    const best = this.#best;
    const width = tokenCount + 2;
    let whole = 0;
    let idfs = 0;
    let suspicion = 0;
    let at = pieces[start]! * width;
    for (let i = 0; i < tokenCount; i += 1) best[i] = folded[at + 2 + i]!;
    for (let j = start; ;) {
      idfs += folded[at]!;
      whole += folded[at + 1]!;
      suspicion |= bits[pieces[j]!]!;
      j += 1;
      if (j === start + count) break;
      at = pieces[j]! * width;
      for (let i = 0; i < tokenCount; i += 1) {
        const met = folded[at + 2 + i]!;
        if (met > best[i]!) best[i] = met;
      }
    }
    const isOpposed =
      suspects.areAmong(pieces, start, count, suspicion) && opposites.look(shapeWords(key));
    const { contradicted } = opposites;
    let found = 0;
    for (let i = 0; i < tokenCount; i += 1) {
      found += weights[i]! * tokenFound(best[i]!, isOpposed && contradicted[active[i]!] === 1);
    }
    const wholeScore = wholeWeight * (whole / idfs - this.mean);
    return found + wholeScore - penalty - (isOpposed ? contradictionPenalty : 0);
  }
}
