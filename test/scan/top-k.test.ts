import { describe, expect, it } from 'vitest';
import { HighestValues, TopK } from '../../src/scan/top-k.ts';
import { seeded } from './vectors.ts';

describe('TopK', () => {
  it.each([0, 1, 2, 7, 100, 1000, 2000])('keeps the best %d of 1,000, best first', (k) => {
    const random = seeded(k);
    // Few different scores and tie breaks, so that ties are many.
    const all = Array.from({ length: 1000 }, (_, row) => ({
      row,
      score: Math.floor(random() * 20) / 20,
      tie: Math.floor(random() * 5),
    }));
    const best = new TopK(k);
    for (const { row, score, tie } of all) best.push(row, score, tie);
    const expected = all
      .sort((a, b) => b.score - a.score || b.tie - a.tie || a.row - b.row)
      .slice(0, k)
      .map(({ row, score }) => ({ row, score }));
    expect(best.drain()).toEqual(expected);
  });

  it('tells tie breaks past 2³¹ and 2³² apart', () => {
    const best = new TopK(3);
    const ties = [2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 32 + 1];
    for (const [row, tie] of ties.entries()) best.push(row, 0.5, tie);
    expect(best.drain().map(({ row }) => row)).toEqual([3, 2, 1]);
  });

  it('is empty once drained', () => {
    const best = new TopK(2);
    best.push(1, 0.5, 0);
    best.drain();
    expect(best.drain()).toEqual([]);
    best.push(2, 0.1, 0);
    expect(best.drain()).toEqual([{ row: 2, score: 0.1 }]);
  });
});

describe('HighestValues', () => {
  it.each([1, 2, 10, 333])('knows the %dth highest at every step', (capacity) => {
    const random = seeded(capacity);
    const highest = new HighestValues(capacity);
    const seen: number[] = [];
    for (let i = 0; i < 600; i += 1) {
      const value = Math.fround(Math.floor(random() * 200) / 100 - 1);
      highest.push(value);
      seen.push(value);
      seen.sort((a, b) => b - a);
      expect(highest.threshold).toBe(seen[capacity - 1] ?? -Infinity);
    }
  });
});
