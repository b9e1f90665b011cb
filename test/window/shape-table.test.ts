import { describe, expect, it } from 'vitest';
import { DocumentFrequencies } from '../../src/glance/document-frequencies.ts';
import { ShapeTable } from '../../src/window/shape-table.ts';
import { noFacts } from '../helpers/window-bench.ts';

function makeTable() {
  const forgotten: number[] = [];
  const table = new ShapeTable({ onForget: (shape) => forgotten.push(shape) });
  return { table, forgotten };
}

function facts(trouble: number, ...pieces: number[]) {
  return { pieces: Uint16Array.from(pieces), count: pieces.length, trouble };
}

describe('ShapeTable', () => {
  it('finds a shape by its key', () => {
    const { table } = makeTable();
    const [a, b] = [table.create('a', noFacts), table.create('b', noFacts)];
    expect([table.get('a'), table.get('b'), table.get('c')]).toEqual([a, b, undefined]);
    expect([table.keys[a], table.keys[b]]).toEqual(['a', 'b']);
  });

  it('finds no shape of a vector from outside, though there are many', () => {
    const { table } = makeTable();
    const [one, other] = [table.create(undefined, noFacts), table.create(undefined, noFacts)];
    expect(one).not.toBe(other);
    expect(table.keys[one]).toBeUndefined();
  });

  it('knows what a shape was made with, also where many more come', () => {
    const { table } = makeTable();
    const shapes = Array.from({ length: 5_000 }, (_, i) =>
      table.create(`k${i}`, facts((i % 3) / 2, ...Array<number>(i % 33).fill(i))),
    );
    for (const [i, shape] of shapes.entries()) {
      expect(table.troubleOf(shape)).toBe((i % 3) / 2);
      expect(table.pieceCounts[shape]).toBe(i % 33);
      const start = table.pieceStarts[shape]!;
      const pieces = table.arena.pieces.subarray(start, start + (i % 33));
      expect(pieces.every((piece) => piece === i)).toBe(true);
    }
  });

  it('keeps holds and counts where it grows', () => {
    const { table, forgotten } = makeTable();
    const first = table.create('first', noFacts);
    table.hold(first);
    table.windowLines[first] = 3;
    table.newest[first] = 7;
    for (let i = 0; i < 3_000; i += 1) table.create(`k${i}`, noFacts);
    expect([table.windowLines[first], table.newest[first]]).toEqual([3, 7]);
    table.windowLines[first] = 0;
    table.forgetIfUnused(first);
    expect(forgotten).toEqual([]);
    table.unhold(first);
    expect(forgotten).toEqual([first]);
  });

  it('uses the number of a shape again only when nothing needs it any more', () => {
    const { table, forgotten } = makeTable();
    const shape = table.create('a', noFacts);
    table.windowLines[shape] = 1;
    table.hold(shape);
    table.hold(shape);
    table.unhold(shape);
    table.forgetIfUnused(shape); // Held, and in the window.
    table.windowLines[shape] = 0;
    table.forgetIfUnused(shape); // Held.
    expect([table.get('a'), table.create('b', noFacts)]).toEqual([shape, shape + 1]);
    table.windowLines[shape] = 1;
    table.unhold(shape); // In the window.
    expect([table.get('a'), table.create('c', noFacts)]).toEqual([shape, shape + 2]);
    expect(forgotten).toEqual([]);
    table.windowLines[shape] = 0;
    table.forgetIfUnused(shape);
    expect(forgotten).toEqual([shape]);
    expect(table.get('a')).toBeUndefined();
    expect(table.create('d', noFacts)).toBe(shape);
    expect(table.get('d')).toBe(shape);
    expect(table.end).toBe(3);
  });

  it('refuses to be let go more often than it was held', () => {
    const { table } = makeTable();
    const shape = table.create('a', noFacts);
    expect(() => {
      table.unhold(shape);
    }).toThrow();
  });

  it('tells who forgets while the shape is still what it was', () => {
    const keys: unknown[] = [];
    const table: ShapeTable = new ShapeTable({
      onForget: (shape) => keys.push(table.keys[shape], table.get('a')),
    });
    const shape = table.create('a', noFacts);
    table.forgetIfUnused(shape);
    expect(keys).toEqual(['a', shape]);
    expect(table.keys[shape]).toBeUndefined();
  });

  it('counts a shape in and out of the frequencies with all its pieces', () => {
    const { table } = makeTable();
    const frequencies = new DocumentFrequencies();
    table.create('other', facts(0, 9, 9, 9, 9, 9));
    const shape = table.create('a', facts(0, 5, 6, 5));
    table.countIn(frequencies, shape);
    expect([5, 6, 9].map((piece) => frequencies.count(piece))).toEqual([1, 1, 0]);
    table.countOut(frequencies, shape);
    expect([5, 6].map((piece) => frequencies.count(piece))).toEqual([0, 0]);
    expect(frequencies.shapeCount).toBe(0);
  });

  it(
    'has memory for the shapes of one time, not for all that ever were: a million',
    { timeout: 60_000 },
    () => {
      const { table, forgotten } = makeTable();
      const pieces = new Uint16Array(32);
      const kept: number[] = [];
      let settled = 0;
      for (let i = 0; i < 1_000_000; i += 1) {
        if (kept.length === 1_000) table.forgetIfUnused(kept.splice(i % 7, 1)[0]!);
        kept.push(table.create(`shape ${i}`, { pieces, count: (i * 7) % 33, trouble: 0 }));
        if (i === 100_000) settled = table.arena.byteLength;
      }
      expect(forgotten).toHaveLength(999_000);
      expect(table.end).toBe(1_000);
      expect(table.windowLines).toHaveLength(1_024);
      expect(table.arena.byteLength).toBe(settled);
      expect(settled).toBeLessThan(256 * 1_024);
    },
  );
});
