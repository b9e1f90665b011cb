import { describe, expect, it } from 'vitest';
import { CountTable } from '../../src/events/count-table.ts';
import { SeenCounts } from '../../src/events/seen-counts.ts';
import { randomNumbers } from './streams.ts';

describe('CountTable', () => {
  it('counts as a map does, whatever comes and goes', () => {
    const random = randomNumbers(11);
    const table = new CountTable();
    const map = new Map<number, number>();
    for (let i = 0; i < 60_000; i += 1) {
      // Few segments, so that they fill, and keys that begin alike.
      const key = (Math.floor(random() * 3) * 2 ** 29 + Math.floor(random() * 3_000)) | 0;
      const count = map.get(key) ?? 0;
      if (random() < (i < 30_000 ? 0.6 : 0.4)) {
        expect(table.increment(key)).toBe(count + 1);
        map.set(key, count + 1);
      } else {
        expect(table.decrement(key)).toBe(count > 0);
        map.set(key, Math.max(0, count - 1));
      }
    }
    for (const [key, count] of map) expect(table.count(key)).toBe(count);
  });

  it('counts beyond a byte', () => {
    const table = new CountTable();
    for (let i = 1; i <= 1_000; i += 1) expect(table.increment(5)).toBe(i);
    for (let i = 999; i >= 0; i -= 1) {
      expect(table.decrement(5)).toBe(true);
      expect(table.count(5)).toBe(i);
    }
    expect(table.decrement(5)).toBe(false);
  });

  it('takes no memory before it counts', () => {
    expect(new CountTable().bytes).toBe(0);
  });
});

describe('SeenCounts', () => {
  it('counts what was seen, and forgets it in any order', () => {
    const seen = new SeenCounts(10_000);
    expect(seen.count(7)).toBe(0);
    expect([seen.add(7), seen.add(7), seen.add(7)]).toEqual([1, 2, 3]);
    seen.remove(7);
    expect(seen.count(7)).toBe(2);
    seen.remove(7);
    seen.remove(7);
    expect(seen.count(7)).toBe(0);
    expect(seen.add(7)).toBe(1);
  });

  it('counts one too many, at most, where two keys share a bit', () => {
    const seen = new SeenCounts(1);
    for (const key of [1, 2, 3]) expect(seen.add(key)).toBeLessThanOrEqual(2);
    for (const key of [2, 1, 3]) seen.remove(key);
    for (const key of [1, 2, 3]) expect(seen.count(key)).toBe(0);
  });

  it('takes less than a byte for a key that was seen once', () => {
    const seen = new SeenCounts(100_000);
    expect(seen.bytes / 100_000).toBeLessThan(1);
  });
});
