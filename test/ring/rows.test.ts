import { describe, expect, it } from 'vitest';
import { Rows } from '../../src/ring/rows.ts';

describe('Rows', () => {
  it('leases each row once, then none', () => {
    const rows = new Rows({ rowCount: 3 });
    expect([rows.lease(), rows.lease(), rows.lease()].sort()).toEqual([0, 1, 2]);
    expect(rows.lease()).toBeUndefined();
    expect(rows.leasedCount).toBe(3);
  });

  it('reuses the row that was freed first', () => {
    const rows = new Rows({ rowCount: 2 });
    const [first, second] = [rows.lease()!, rows.lease()!];
    rows.free(second);
    rows.free(first);
    expect(rows.lease()).toBe(second);
    expect(rows.lease()).toBe(first);
  });

  it('touches no row that was never used while a freed one is left', () => {
    const rows = new Rows({ rowCount: 1_000 });
    for (let i = 0; i < 100; i += 1) rows.free(rows.lease()!);
    expect(rows.lease()).toBe(0);
  });

  it('tells a row that was leased anew by its generation', () => {
    const rows = new Rows({ rowCount: 1 });
    const row = rows.lease()!;
    const generation = rows.generations[row];
    rows.free(row);
    expect(rows.generations[row]).toBe(generation);
    rows.lease();
    expect(rows.generations[row]).not.toBe(generation);
  });

  it.each([
    ['2³¹', 2 ** 31],
    ['2³²', 2 ** 32],
  ])('tells generations apart on both sides of %s', (_, border) => {
    const rows = new Rows({ rowCount: 1, firstGeneration: border - 3 });
    const seen = new Set<number>();
    for (let i = 0; i < 6; i += 1) {
      const row = rows.lease()!;
      seen.add(rows.generations[row]!);
      rows.free(row);
    }
    expect(seen.size).toBe(6);
  });

  it('refuses to take a row back that it never leased, or more rows than it leased', () => {
    const rows = new Rows({ rowCount: 4 });
    expect(() => {
      rows.free(0);
    }).toThrow();
    const row = rows.lease()!;
    rows.free(row);
    expect(() => {
      rows.free(row);
    }).toThrow();
  });

  it('never leases a row twice at one time, over many leases', () => {
    const rows = new Rows({ rowCount: 7 });
    const leased: number[] = [];
    let state = 42;
    for (let i = 0; i < 2_000; i += 1) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      if ((state >>> 12) % 2 === 0) {
        const row = rows.lease();
        if (row === undefined) expect(leased).toHaveLength(7);
        else {
          expect(leased.includes(row)).toBe(false);
          leased.push(row);
        }
      } else if (leased.length > 0) {
        rows.free(leased.splice((state >>> 16) % leased.length, 1)[0]!);
      }
      expect(rows.leasedCount).toBe(leased.length);
    }
  });
});
