/**
 * What a baseline had and this has not, and what has grown far beyond its rate: by the log-likelihood
 * ratio of two shares (Dunning, Computational Linguistics 19(1), 1993), which is sound for rare events
 * too, where a chi-squared test is not. Lines come in bursts and not one by one, as the test assumes:
 * so only what is beyond all doubt is told, and only where the share has changed several times over.
 */
import type { GroupCount, Tally } from './tally.ts';

/** Chance that an unchanged event is told: 1 in 10,000 (chi-squared, one degree of freedom). */
const ratioMin = 15.13;
const growthMin = 3;

/** A group of the baseline that is gone, or has grown far beyond its rate. */
export interface Change {
  readonly kind: 'gone' | 'grown';
  readonly counted: GroupCount;
  /** Lines that the baseline's share would have made of what was read now. */
  readonly expected: number;
  /** The log-likelihood ratio, above 15. */
  readonly ratio: number;
}

/** @returns most remarkable first */
export function changesOf(tally: Tally): Change[] {
  const changes: Change[] = [];
  for (const counted of tally.all()) {
    if (counted.before === 0) continue;
    const expected = (counted.before * tally.now) / tally.before;
    const isGone = counted.now === 0;
    if (!isGone && counted.now < growthMin * expected) continue;
    const ratio = likelihoodRatio(counted.before, tally.before, counted.now, tally.now);
    if (ratio < ratioMin) continue;
    changes.push({ kind: isGone ? 'gone' : 'grown', counted, expected, ratio });
  }
  return changes.sort((one, other) => other.ratio - one.ratio);
}

/**
 * −2 ln λ of `hits` among `count` lines as against `otherHits` among `otherCount`, if both were of one
 * share; 0 or more.
 */
export function likelihoodRatio(
  hits: number,
  count: number,
  otherHits: number,
  otherCount: number,
): number {
  const share = (hits + otherHits) / (count + otherCount);
  const part = (seen: number, expected: number): number =>
    seen === 0 ? 0 : seen * Math.log(seen / expected);
  return (
    2 *
    (part(hits, count * share) +
      part(count - hits, count * (1 - share)) +
      part(otherHits, otherCount * share) +
      part(otherCount - otherHits, otherCount * (1 - share)))
  );
}
