import { describe, expect, it } from 'vitest';
import { changesOf, likelihoodRatio } from '../../src/news/changes.ts';
import { Tally } from '../../src/news/tally.ts';

function tallyOf(groups: readonly (readonly [before: number, now: number])[]): Tally {
  const tally = new Tally();
  for (const [group, [before, now]] of groups.entries()) {
    const first = (): { line: number; time: number; text: string } => ({
      line: 1,
      time: 0,
      text: '',
    });
    for (let i = 0; i < before; i += 1) tally.count(group, true, first);
    for (let i = 0; i < now; i += 1) tally.count(group, false, first);
  }
  return tally;
}

function kinds(groups: readonly (readonly [number, number])[]): string[] {
  return changesOf(tallyOf(groups)).map(({ kind, counted }) => `${kind} ${counted.group}`);
}

describe('what has changed', () => {
  it('is measured by the log-likelihood ratio', () => {
    // Of 110 in 31,777 and 2,442 in 1,044,467; summed here term by term.
    const cells: [number, number][] = [
      [110, (2_552 / 1_076_244) * 31_777],
      [31_667, (1 - 2_552 / 1_076_244) * 31_777],
      [2_442, (2_552 / 1_076_244) * 1_044_467],
      [1_042_025, (1 - 2_552 / 1_076_244) * 1_044_467],
    ];
    const sum = cells.reduce((all, [seen, expected]) => all + seen * Math.log(seen / expected), 0);
    expect(likelihoodRatio(110, 31_777, 2_442, 1_044_467)).toBeCloseTo(2 * sum, 6);
    expect(likelihoodRatio(5, 100, 50, 1_000)).toBeCloseTo(0, 9);
    expect(likelihoodRatio(0, 100, 0, 1_000)).toBe(0);
  });

  it('is what a baseline had and this has not, beyond chance', () => {
    const steady = [1_000, 1_000] as const;
    expect(kinds([steady, [200, 0]])).toEqual(['gone 1']);
    expect(kinds([steady, [3, 0]])).toEqual([]);
  });

  it('is what has grown several times over, the most remarkable first', () => {
    const steady = [1_000, 1_000] as const;
    expect(kinds([steady, [10, 100], [10, 400], [10, 12]])).toEqual(['grown 2', 'grown 1']);
    // Beyond chance, but less than threefold.
    expect(kinds([steady, [100, 200]])).toEqual([]);
  });

  it('goes by shares: twice as long a log is no change', () => {
    expect(
      kinds([
        [1_000, 2_000],
        [50, 100],
        [7, 14],
      ]),
    ).toEqual([]);
  });

  it('is nothing of what the baseline did not have: that is new', () => {
    expect(
      kinds([
        [1_000, 1_000],
        [0, 500],
      ]),
    ).toEqual([]);
  });
});
