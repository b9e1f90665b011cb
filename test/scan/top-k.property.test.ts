import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HighestValues, TopK } from '../../src/scan/top-k.ts';
import { holds } from '../helpers/properties.ts';

const scores = fc.oneof(
  fc.constantFrom(-1, 0, 0.5, 1, -Infinity, Infinity),
  fc.double({ noNaN: true, min: -1, max: 1 }),
);
const ties = fc.oneof(fc.constantFrom(0, 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1), fc.nat());
const entries = fc.array(fc.tuple(scores, ties), { maxLength: 80 });

it('TopK keeps what a sort would put first, in its order', () => {
  holds(
    fc.property(entries, fc.nat({ max: 90 }), (all, k) => {
      const best = new TopK(k);
      for (const [row, [score, tie]] of all.entries()) best.push(row, score, tie);
      const sorted = all
        .map(([score, tie], row) => ({ row, score, tie }))
        .sort((a, b) => compare(b.score, a.score) || compare(b.tie, a.tie) || a.row - b.row);
      const wanted = sorted.slice(0, k);
      const threshold = k === 0 ? Infinity : all.length < k ? -Infinity : wanted.at(-1)!.score;
      expect(compare(best.threshold, threshold)).toBe(0);
      expect(best.drain().map(({ row }) => row)).toEqual(wanted.map(({ row }) => row));
    }),
    2_000,
  );
});

it('HighestValues knows what a sort would put last of the best', () => {
  holds(
    fc.property(fc.array(scores, { maxLength: 80 }), fc.integer({ min: 1, max: 40 }), (all, k) => {
      const highest = new HighestValues(k);
      for (const value of all) highest.push(value);
      const sorted = [...Float32Array.from(all)].sort((a, b) => compare(b, a));
      expect(compare(highest.threshold, sorted[k - 1] ?? -Infinity)).toBe(0);
    }),
    1_000,
  );
});

/** Infinity - Infinity is no order. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
