import { describe, expect, it } from 'vitest';
import { planRuns } from '../../src/embed/batches.ts';

describe('planRuns', () => {
  it('plans no run for no text', () => {
    expect(planRuns([])).toEqual([]);
  });

  it('puts every text into one run, texts of like length together', () => {
    const lengths = Array.from({ length: 500 }, (_, i) => 2 + ((i * 7_919) % 255));
    const runs = planRuns(lengths);
    expect(runs.flat().sort((a, b) => a - b)).toEqual([...lengths.keys()]);
    for (const run of runs) {
      const inRun = run.map((index) => lengths[index]!);
      const padded = Math.max(...inRun) * run.length;
      const tokens = inRun.reduce((sum, length) => sum + length, 0);
      expect(run.length).toBeLessThanOrEqual(16);
      expect(run.length === 1 || padded <= 1_024).toBe(true);
      expect((padded - tokens) / padded).toBeLessThanOrEqual(0.15);
    }
  });

  it('wastes few runs on texts of one length', () => {
    expect(planRuns(new Array<number>(40).fill(20)).map((run) => run.length)).toEqual([16, 16, 8]);
  });

  it('gives a text longer than a run may be one of its own', () => {
    expect(planRuns([5_000, 5_000])).toEqual([[0], [1]]);
  });
});
