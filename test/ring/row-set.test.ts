import { describe, expect, it } from 'vitest';
import { RowSet } from '../../src/ring/row-set.ts';

describe('RowSet', () => {
  it('keeps its members dense, whichever is deleted', () => {
    const set = new RowSet(8);
    for (const row of [5, 1, 7, 0]) set.add(row);
    set.delete(1);
    expect([...set.rows.subarray(0, set.size)].sort()).toEqual([0, 5, 7]);
    set.delete(0);
    set.delete(5);
    expect([...set.rows.subarray(0, set.size)]).toEqual([7]);
    set.add(1);
    set.delete(7);
    set.delete(1);
    expect(set.size).toBe(0);
  });

  it('refuses to add a member twice and to delete what is no member', () => {
    const set = new RowSet(4);
    set.add(2);
    expect(() => {
      set.add(2);
    }).toThrow();
    expect(() => {
      set.delete(3);
    }).toThrow();
    set.delete(2);
    expect(() => {
      set.delete(2);
    }).toThrow();
  });

  it('holds the same members as a plain set over many changes', () => {
    const set = new RowSet(50);
    const model = new Set<number>();
    let state = 7;
    for (let i = 0; i < 2_000; i += 1) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      const row = (state >>> 10) % 50;
      if (model.delete(row)) set.delete(row);
      else {
        model.add(row);
        set.add(row);
      }
      expect(set.size).toBe(model.size);
    }
    expect(new Set(set.rows.subarray(0, set.size))).toEqual(model);
  });

  it('says which rows are members', () => {
    const set = new RowSet(4);
    set.add(2);
    set.add(0);
    set.delete(2);
    expect([0, 1, 2, 3].map((row) => set.has(row))).toEqual([true, false, false, false]);
  });
});
