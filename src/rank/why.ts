/**
 * Why a line scored what it did: the parts of its raw score, for people to check. What is printed has
 * these very keys.
 */
import type { PhraseRanking } from './ranking.ts';
import type { Parts } from './parts.ts';

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
