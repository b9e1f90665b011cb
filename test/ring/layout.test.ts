import { describe, expect, it } from 'vitest';
import { cacheLine, memoryBytesMax, ringLayout } from '../../src/ring/layout.ts';
import type { RingLayout } from '../../src/ring/layout.ts';
import { rowsMax } from '../../src/shared/limits.ts';

function offsets(layout: RingLayout): number[] {
  return Object.entries(layout)
    .filter(([name]) => name.endsWith('Offset'))
    .map(([, offset]) => offset as number);
}

describe('ringLayout', () => {
  it.each([1, 15, 64, 65, 384, 1024])(
    'keeps rows of %d dimensions on cache lines',
    (dimensions) => {
      const layout = ringLayout({ rowCount: 3, dimensions });
      expect(layout.stride).toBeGreaterThanOrEqual(dimensions);
      expect(layout.stride - dimensions).toBeLessThan(cacheLine);
      expect(layout.stride % cacheLine).toBe(0);
      for (const offset of offsets(layout)) expect(offset % cacheLine).toBe(0);
    },
  );

  it('gives each part its room, in order, without overlap', () => {
    const layout = ringLayout({ rowCount: 1000, dimensions: 384 });
    expect(layout.vectorsOffset).toBe(0);
    expect(layout.codesOffset).toBe(1000 * 384 * 4);
    expect(layout.codeBoundsOffset).toBe(layout.codesOffset + 1000 * 384);
    expect(layout.rowsOffset).toBe(layout.codeBoundsOffset + 1000 * 8);
    const ends = [...offsets(layout).slice(1), layout.byteLength];
    for (const [i, offset] of offsets(layout).entries()) expect(ends[i]).toBeGreaterThan(offset);
    expect(layout.byteLength - layout.queryOffset).toBe(384 * 8);
  });

  it('spends 1,932 bytes on a row of 384 dimensions, and little beside', () => {
    const { byteLength } = ringLayout({ rowCount: 16_384, dimensions: 384 });
    const beside = byteLength - 16_384 * (384 * 5 + 8 + 4);
    expect(beside).toBeGreaterThan(0);
    expect(beside).toBeLessThan(65_536);
  });

  it('holds the largest --rows of 384 dimensions in one memory', () => {
    const { byteLength } = ringLayout({ rowCount: rowsMax, dimensions: 384 });
    expect(byteLength).toBeLessThanOrEqual(memoryBytesMax);
  });

  it('refuses what 4 GiB do not hold', () => {
    expect(() => ringLayout({ rowCount: rowsMax, dimensions: 1024 })).toThrow(
      expect.objectContaining({ code: 'ERR_IMESDE_MEMORY' }),
    );
  });
});
