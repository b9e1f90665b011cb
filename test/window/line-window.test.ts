import { describe, expect, it } from 'vitest';
import { commitAll, factsOf, linesOf, makeWindow } from '../helpers/window-bench.ts';

describe('LineWindow', () => {
  it('keeps every line, newest first', () => {
    const parts = makeWindow();
    commitAll(parts, 'abca');
    expect(linesOf(parts, 'abc')).toEqual(['4a', '3c', '2b', '1a']);
    expect(linesOf(parts, 'a')).toEqual(['4a', '1a']);
    expect(parts.window).toMatchObject({ lineCount: 4, shapeCount: 3, byteCount: 4 });
    expect(parts.window).toMatchObject({ evictedCount: 0, evictedThrough: 0 });
  });

  it('evicts the oldest line at the bound of lines, and a shape with its last line', () => {
    const parts = makeWindow({ lines: 3 });
    commitAll(parts, 'aabcd');
    expect(linesOf(parts, 'abcd')).toEqual(['5d', '4c', '3b']);
    expect(parts.moves).toEqual(['+a', '+b', '+c', '-a', '+d']);
    expect(parts.window).toMatchObject({ lineCount: 3, evictedCount: 2, evictedThrough: 2 });
    expect(parts.table.get('a')).toBeUndefined();
  });

  it('evicts down to the bound of shapes, oldest lines first', () => {
    const parts = makeWindow({ shapes: 2 });
    commitAll(parts, 'ababc');
    // a's second line is older than b's, so both of a's and what lies between must go.
    expect(linesOf(parts, 'abc')).toEqual(['5c', '4b']);
    expect(parts.window).toMatchObject({ shapeCount: 2, evictedCount: 3, evictedThrough: 3 });
    expect(parts.moves).toEqual(['+a', '+b', '-a', '+c']);
  });

  it('evicts down to the bound of rows too, which only some shapes take', () => {
    const parts = makeWindow({ rows: 2 });
    commitAll(parts, 'AbcBdC');
    expect(linesOf(parts, 'AbcBdC')).toEqual(['6C', '5d', '4B', '3c', '2b']);
    expect(parts.window).toMatchObject({ shapeCount: 5, evictedCount: 1, evictedThrough: 1 });
    commitAll(parts, 'D', 7);
    expect(linesOf(parts, 'bcBdCD')).toEqual(['7D', '6C', '5d']);
    commitAll(parts, 'efghi', 8);
    expect(parts.window).toMatchObject({ lineCount: 8, evictedCount: 4 });
  });

  it('evicts down to the bound of bytes, but keeps the newest line however long it is', () => {
    const parts = makeWindow({ bytes: 10 });
    commitAll(parts, ['aaaa', 'bbbb', 'cccc']);
    expect(parts.window).toMatchObject({ byteCount: 8, lineCount: 2, evictedCount: 1 });
    commitAll(parts, ['x'.repeat(50)], 4);
    expect(parts.window).toMatchObject({ byteCount: 50, lineCount: 1, evictedCount: 3 });
    commitAll(parts, ['y'], 5);
    expect(parts.window).toMatchObject({ byteCount: 1, lineCount: 1, evictedCount: 4 });
  });

  it('counts the lines of a shape and knows its newest', () => {
    const parts = makeWindow({ lines: 3 });
    commitAll(parts, 'aaaa');
    expect(factsOf(parts, 'a')).toEqual({ count: 3, newest: '4a', time: 1_004 });
  });

  it('keeps a shape whose last line is evicted by its own next one (bug: its row was freed)', () => {
    const parts = makeWindow({ lines: 1 });
    commitAll(parts, 'aa');
    expect(factsOf(parts, 'a')).toMatchObject({ count: 1, newest: '2a' });
    expect(parts.moves).toEqual(['+a']);
    expect(parts.forgotten).toEqual([]);

    const three = makeWindow({ lines: 3 });
    commitAll(three, 'abcabcabc');
    expect(three.moves).toEqual(['+a', '+b', '+c']);
    expect(three.window).toMatchObject({ lineCount: 3, shapeCount: 3, evictedCount: 6 });
    expect(three.forgotten).toEqual([]);
  });

  it('forgets shapes with their last lines, so that a stream of any length needs few numbers', () => {
    const parts = makeWindow({ lines: 5 });
    commitAll(
      parts,
      Array.from({ length: 1_000 }, (_, i) => `shape ${i}`),
    );
    expect(parts.table.end).toBe(6); // The next one is there before the oldest leaves.
    expect(parts.forgotten).toHaveLength(995);
    expect(parts.window).toMatchObject({ lineCount: 5, shapeCount: 5, evictedCount: 995 });
  });

  it('keeps the order while it grows, and when it grows after it has wrapped around', () => {
    const parts = makeWindow({ lines: 5_000, bytes: 3_000 });
    // Bytes bound it at first, so that the oldest line is in mid-buffer when it must grow.
    commitAll(
      parts,
      Array.from({ length: 700 }, () => 'aaaa'),
    );
    expect(parts.window.lineCount).toBe(700);
    commitAll(
      parts,
      Array.from({ length: 2_000 }, () => 'aaaa'),
      701,
    );
    expect(parts.window.lineCount).toBe(750);
    commitAll(
      parts,
      Array.from({ length: 2_900 }, () => 'b'),
      2_701,
    );
    const numbers = linesOf(parts, ['aaaa', 'b']).map((line) => parseInt(line, 10));
    expect(numbers).toHaveLength(parts.window.lineCount);
    expect(numbers[0]).toBe(5_600);
    expect(numbers.every((number, i) => i === 0 || number === numbers[i - 1]! - 1)).toBe(true);
    expect(parts.window.evictedThrough).toBe(5_600 - parts.window.lineCount);
  });

  it('holds line numbers past 2³² exactly', () => {
    const parts = makeWindow({ lines: 2 });
    commitAll(parts, 'abc', 2 ** 32);
    expect(linesOf(parts, 'abc')).toEqual([`${2 ** 32 + 2}c`, `${2 ** 32 + 1}b`]);
    expect(parts.window.evictedThrough).toBe(2 ** 32);
  });

  it.each(Array.from({ length: 9 }, (_, i) => 2 ** 32 - i))(
    'finds newest lines where their places wrap around at 2³², from place %d on',
    (firstPlace) => {
      const parts = makeWindow({ lines: 4, firstPlace });
      for (const [index, key] of Array.from('abacabdaab').entries()) {
        commitAll(parts, key, index + 1);
        const kept = Array.from('abacabdaab')
          .map((one, i) => ({ key: one, number: i + 1 }))
          .slice(Math.max(0, index - 3), index + 1);
        expect(linesOf(parts, 'abcd')).toEqual(
          kept.toReversed().map((line) => `${line.number}${line.key}`),
        );
        for (const one of new Set(kept.map((line) => line.key))) {
          const newest = kept.findLast((line) => line.key === one)!.number;
          const count = kept.filter((line) => line.key === one).length;
          expect(factsOf(parts, one)).toMatchObject({ count, newest: `${newest}${one}` });
        }
      }
    },
  );
});
