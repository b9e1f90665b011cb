import { describe, expect, it } from 'vitest';
import { commitAll, factsOf, linesOf, makeWindow, noFacts } from '../helpers/window-bench.ts';

describe('ShapeWindow', () => {
  it('keeps the newest line and the count of each shape', () => {
    const parts = makeWindow({ keep: 'shapes' });
    commitAll(parts, 'abacab');
    expect(linesOf(parts, 'abc')).toEqual(['6b', '5a', '4c']);
    expect(factsOf(parts, 'a')).toEqual({ count: 3, newest: '5a', time: 1_005 });
    expect(parts.window).toMatchObject({ lineCount: 6, shapeCount: 3, byteCount: 3 });
    expect(parts.window).toMatchObject({ evictedCount: 0, evictedThrough: 0 });
  });

  it('has no bound on lines', () => {
    const parts = makeWindow({ keep: 'shapes', lines: 1 });
    commitAll(
      parts,
      Array.from({ length: 5_000 }, () => 'a'),
    );
    expect(parts.window).toMatchObject({ lineCount: 5_000, evictedCount: 0 });
  });

  it('evicts the shape seen longest ago, with all of its lines', () => {
    const parts = makeWindow({ keep: 'shapes', shapes: 2 });
    commitAll(parts, 'aabac');
    expect(parts.moves).toEqual(['+a', '+b', '-b', '+c']);
    expect(linesOf(parts, 'abc')).toEqual(['5c', '4a']);
    expect(parts.window).toMatchObject({ lineCount: 4, evictedCount: 1, evictedThrough: 3 });
    commitAll(parts, 'd', 6);
    expect(parts.window).toMatchObject({ lineCount: 2, evictedCount: 4, evictedThrough: 4 });
    expect(parts.forgotten).toEqual(['b', 'a']);
  });

  it('evicts for rows too, which only some shapes take', () => {
    const parts = makeWindow({ keep: 'shapes', rows: 2 });
    commitAll(parts, 'AbBAcdC');
    expect(parts.moves).toEqual(['+A', '+b', '+B', '+c', '+d', '-b', '-B', '+C']);
    expect(linesOf(parts, 'AbBcdC')).toEqual(['7C', '6d', '5c', '4A']);
    commitAll(parts, 'efghi', 8);
    expect(parts.window).toMatchObject({ shapeCount: 9, evictedCount: 2, evictedThrough: 3 });
  });

  it('evicts for bytes too, when a known shape grows, but never the newest line', () => {
    const parts = makeWindow({ keep: 'shapes', bytes: 8 });
    commitAll(parts, ['aaaa', 'bbbb']);
    const shape = parts.table.get('aaaa')!;
    parts.window.commit(shape, 'a'.repeat(6), 3, 0, 6);
    expect(parts.moves).toEqual(['+aaaa', '+bbbb', '-bbbb']);
    expect(parts.window).toMatchObject({
      byteCount: 6,
      shapeCount: 1,
      lineCount: 2,
      evictedCount: 1,
    });
    parts.window.commit(shape, 'a'.repeat(99), 4, 0, 99);
    expect(parts.window).toMatchObject({ byteCount: 99, shapeCount: 1, lineCount: 3 });
  });

  it('starts a shape anew that comes back after it was evicted', () => {
    const parts = makeWindow({ keep: 'shapes', shapes: 1 });
    commitAll(parts, 'aaba');
    expect(parts.moves).toEqual(['+a', '-a', '+b', '-b', '+a']);
    expect(factsOf(parts, 'a')).toMatchObject({ count: 1, newest: '4a' });
    expect(parts.window).toMatchObject({ lineCount: 1, evictedCount: 3 });
  });

  it('keeps texts as they were when it copies them out of their chunks', () => {
    const parts = makeWindow({ keep: 'shapes' });
    const texts = Array.from(
      { length: 1_000 },
      (_, i) => `${i} ${i % 2 === 0 ? 'é日\u{1f600}' : 'ascii'}`,
    );
    for (const [index, text] of texts.entries()) {
      const shape = parts.table.create(text, noFacts);
      const bytes = text.length * (index % 2 === 0 ? 2 : 1);
      parts.window.commit(shape, text, index + 1, 0, bytes);
    }
    const kept = linesOf(parts, texts).reverse();
    expect(kept).toEqual(texts.map((text, index) => `${index + 1}${text}`));
  });
});
