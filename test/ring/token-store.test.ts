import { describe, expect, it } from 'vitest';
import { TokenStore } from '../../src/ring/token-store.ts';
import { leasedRowsMax, rowsMax, tokensPerRowMax } from '../../src/shared/limits.ts';

const shape = { rowCount: 3, tokenDimensions: 4 };

describe('TokenStore', () => {
  it('keeps ids and codes of each token: numbers × 127, rounded', () => {
    const store = TokenStore.create(shape);
    store.write(1, Float32Array.of(9, 0, 1, -1, 0.5, 0.25, -0.25, 0.004, 0), 1, [70_000, 7]);
    expect(store.count(1)).toBe(2);
    expect([...store.ids(1)]).toEqual([70_000, 7]);
    expect([...store.codes(1)]).toEqual([0, 127, -127, 64, 32, -32, 1, 0]);
    expect([store.count(0), store.count(2)]).toEqual([0, 0]);
  });

  it('keeps the first 32 tokens of more, and leaves the next row alone', () => {
    const store = TokenStore.create(shape);
    store.write(2, new Float32Array(4).fill(1), 0, [5]);
    store.write(1, new Float32Array(40 * 4).fill(-1), 0, [...Array(40).keys()]);
    expect(store.count(1)).toBe(32);
    expect([...store.ids(1)]).toEqual([...Array(32).keys()]);
    expect([...store.codes(2)]).toEqual([127, 127, 127, 127]);
  });

  it('forgets the longer text that had the row before', () => {
    const store = TokenStore.create(shape);
    store.write(0, new Float32Array(3 * 4).fill(1), 0, [1, 2, 3]);
    store.write(0, new Float32Array(4), 0, [4]);
    expect([...store.ids(0)]).toEqual([4]);
    expect(store.codes(0)).toHaveLength(4);
  });

  it('is read by whoever attaches', () => {
    const store = TokenStore.create(shape);
    const attached = TokenStore.attach(store.handle);
    attached.write(0, Float32Array.of(0, 0, 1, 0), 0, [30_521]);
    expect([...store.ids(0)]).toEqual([30_521]);
    expect([...store.codes(0)]).toEqual([0, 0, 127, 0]);
  });

  it('takes no memory where the model has no token output', () => {
    const store = TokenStore.create({ rowCount: 1_000_000, tokenDimensions: 0 });
    store.write(5, new Float32Array(), 0, [1]);
    expect(store.handle.buffer.byteLength).toBe(0);
    expect(store.count(5)).toBe(0);
    expect(store.codes(5)).toHaveLength(0);
  });

  it('holds the largest --rows, and those beside it, in one array', () => {
    const bytes = (rowsMax + leasedRowsMax) * tokensPerRowMax * 128;
    expect(bytes).toBeLessThanOrEqual(2 ** 32); // V8's largest.
  });

  it('refuses more than the machine has', () => {
    expect(() => TokenStore.create({ rowCount: 2 ** 40, tokenDimensions: 128 })).toThrow(
      expect.objectContaining({ code: 'ERR_IMESDE_MEMORY' }),
    );
  });
});
