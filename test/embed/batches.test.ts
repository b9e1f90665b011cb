import { describe, expect, it } from 'vitest';
import { planRuns } from '../../src/embed/batches.ts';

/** What batches.ts says a run costs. */
function costOf(runs: readonly (readonly number[])[], lengths: readonly number[]): number {
  return runs.reduce(
    (sum, run) => sum + 7 + run.length * Math.max(...run.map((index) => lengths[index]!)),
    0,
  );
}

function randomLengths(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return 2 + Math.floor((state / 2 ** 32) ** 3 * 60);
  });
}

/** Every way to cut the texts, sorted by length, into runs. */
function cheapestCut(sorted: readonly number[]): number {
  let cheapest = Infinity;
  for (let cuts = 0; cuts < 2 ** (sorted.length - 1); cuts += 1) {
    const runs: number[][] = [[0]];
    for (let i = 1; i < sorted.length; i += 1) {
      if ((cuts >> (i - 1)) & 1) runs.push([i]);
      else runs.at(-1)!.push(i);
    }
    cheapest = Math.min(cheapest, costOf(runs, sorted));
  }
  return cheapest;
}

describe('planRuns', () => {
  it('plans no run for no text', () => {
    expect(planRuns([])).toEqual([]);
  });

  it('puts every text into one run', () => {
    const lengths = randomLengths(300, 1);
    const runs = planRuns(lengths);
    const indices = runs.flat().sort((a, b) => a - b);
    expect(indices).toEqual([...lengths.keys()]);
    expect(Math.max(...runs.map((run) => run.length))).toBeLessThanOrEqual(16);
  });

  it('puts texts of like length together: no run reaches into another', () => {
    const lengths = randomLengths(100, 2);
    const runs = planRuns(lengths).map((run) => run.map((index) => lengths[index]!));
    for (const [i, run] of runs.entries()) {
      const next = runs[i + 1];
      if (next !== undefined) expect(Math.max(...run)).toBeLessThanOrEqual(Math.min(...next));
    }
  });

  it('finds the cheapest cut', () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const lengths = randomLengths(9, seed);
      const sorted = [...lengths].sort((a, b) => a - b);
      expect(costOf(planRuns(lengths), lengths)).toBe(cheapestCut(sorted));
    }
  });

  it('leaves a long text alone rather than padding short ones to its length', () => {
    expect(planRuns([5, 100, 5]).map((run) => run.length)).toEqual([2, 1]);
  });
});
