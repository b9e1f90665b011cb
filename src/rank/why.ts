/**
 * Why a line scored what it did: the parts of its raw score, for people to check. What is printed has
 * these very keys.
 */
import type { PhraseRanking } from './ranking.ts';

/** A word of the phrase, and what it met in a shape. */
export interface WordMet {
  readonly word: string;
  /** How much of the phrase it is: 0 to 1, 1 over all words. */
  readonly weight: number;
  /** The nearest word of the shape; undefined where it has none. */
  readonly met: string | undefined;
  /** How near that is: 0 to 1, which the same word reaches, and one that means the same. */
  readonly strength: number;
  /** The shape says the contrary of it; else undefined. */
  readonly contradicted?: true | undefined;
}

/** Whether phrase and shape speak of trouble: 0, one half or 1, how plainly. */
export interface TroubleMet {
  readonly phrase: number;
  readonly line: number;
}

/** What a reading says of a phrase. By cosine there is `whole` alone. */
export interface Parts {
  /** Of a phrase that names several things, the one that was met best; else undefined. */
  readonly part?: string | undefined;
  /** In the order of the phrase; without those that look for nothing. */
  readonly words: readonly WordMet[];
  /** What the words amount to, up to .7. */
  readonly coverage?: number | undefined;
  /** The cosine of the two texts, as far as it goes beyond what the stream's texts share. */
  readonly whole: number;
  readonly trouble?: TroubleMet | undefined;
  /** What is taken off where only one of the two speaks of trouble; 0 or more. */
  readonly troublePenalty?: number | undefined;
  /** What is taken off where the line says the contrary; 0 or more. */
  readonly contradictionPenalty?: number | undefined;
  /** What examples of what is meant add, or take; undefined where none were given. */
  readonly examples?: number | undefined;
}

/** Of a line. */
export interface Why extends Parts {
  /** Numbers and such of the phrase that the line holds; undefined where the phrase has none. */
  readonly literals?: readonly string[] | undefined;
  /** The sum of all that. */
  readonly sum: number;
  /** What the sum is measured by: what it comes to in the best lines of this stream; undefined by cosine. */
  readonly yardstick?: number | undefined;
  /** The least score that answers, where that was said. */
  readonly minScore?: number | undefined;
}

/** The stream, as far as scores depend on it beside readings. */
export interface Measure {
  /** The best raw score, as PhraseRanking.score takes it. */
  readonly best: number;
  readonly prose: number;
}

/** @param raw - of the line, with what its literals are worth */
export function whyOf(
  phrase: PhraseRanking,
  parts: Parts,
  text: string,
  raw: number,
  { best, prose }: Measure,
): Why {
  return {
    ...parts,
    literals: phrase.literals?.heldIn(text),
    sum: raw,
    yardstick: phrase.yardstickOf(best, prose),
  };
}
