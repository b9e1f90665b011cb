import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { VectorRing, sharedBuffer } from '../../src/ring/vector-ring.ts';
import { randomVector, seeded } from '../scan/vectors.ts';

const dimensions = 100;

describe('VectorRing', () => {
  it('stores a vector L2-normalised', () => {
    const ring = VectorRing.create({ rowCount: 3, dimensions });
    const vector = randomVector(seeded(1), dimensions);
    expect(ring.write(1, vector, 0)).toBe(true);
    const length = Math.hypot(...vector);
    for (const [i, value] of ring.vector(1).entries()) {
      expect(value).toBeCloseTo(vector[i]! / length, 6);
    }
    expect(Math.hypot(...ring.vector(1))).toBeCloseTo(1, 6);
  });

  it('reads a vector from the middle of others', () => {
    const ring = VectorRing.create({ rowCount: 1, dimensions: 2 });
    expect(ring.write(0, Float32Array.of(9, 9, 3, 4, 9), 2)).toBe(true);
    expect([...ring.vector(0)]).toEqual([Math.fround(0.6), Math.fround(0.8)]);
  });

  it('touches neither the rows beside nor the padding', () => {
    const ring = VectorRing.create({ rowCount: 3, dimensions });
    ring.write(1, randomVector(seeded(2), dimensions), 0);
    const { stride } = ring.layout;
    const outside = [
      ...ring.vectors.subarray(0, stride),
      ...ring.vectors.subarray(stride + dimensions),
      ...ring.codes.subarray(0, stride),
      ...ring.codes.subarray(stride + dimensions),
    ];
    expect(outside.every((value) => value === 0)).toBe(true);
  });

  it('keeps codes whose error is no larger than its bound, and not much smaller', () => {
    const random = seeded(3);
    const ring = VectorRing.create({ rowCount: 1, dimensions });
    for (let i = 0; i < 500; i += 1) {
      ring.write(0, randomVector(random, dimensions), 0);
      const [scale, bound] = ring.codeBounds;
      const error = Math.hypot(...ring.vector(0).map((x, j) => x - scale! * ring.codes[j]!));
      expect(error).toBeLessThanOrEqual(bound!);
      expect(bound).toBeLessThan(error * 1.001 + 1e-6);
    }
  });

  it.each([
    ['NaN', [1, NaN, 2]],
    ['infinite', [1, -Infinity, 2]],
    ['both infinities', [Infinity, -Infinity, 2]],
    ['zero', [0, -0, 0]],
  ])('stores nothing of a vector that is %s', (_, numbers) => {
    const ring = VectorRing.create({ rowCount: 1, dimensions: 3 });
    ring.write(0, Float32Array.of(1, 2, 3), 0);
    const before = [...ring.vector(0), ...ring.codes, ...ring.codeBounds];
    expect(ring.write(0, Float32Array.from(numbers), 0)).toBe(false);
    expect([...ring.vector(0), ...ring.codes, ...ring.codeBounds]).toEqual(before);
  });

  it.each([3e38, 1e-38])('stores vectors whose numbers are near %d', (value) => {
    const ring = VectorRing.create({ rowCount: 1, dimensions: 2 });
    expect(ring.write(0, Float32Array.of(value, -value), 0)).toBe(true);
    expect(ring.vector(0)[0]).toBeCloseTo(Math.SQRT1_2, 6);
    expect([...ring.codes.subarray(0, 2)]).toEqual([127, -127]);
  });

  it('shares its rows with a worker, without a copy', async () => {
    const ring = VectorRing.create({ rowCount: 2, dimensions: 2 });
    const build = new URL('../../dist/ring/vector-ring.js', import.meta.url).href;
    const worker = new Worker(
      `const { workerData } = require('node:worker_threads');
       void import(${JSON.stringify(build)}).then(({ VectorRing }) => {
         VectorRing.attach(workerData).write(1, Float32Array.of(3, 4), 0);
       });`,
      { eval: true, workerData: ring.handle },
    );
    await once(worker, 'exit');
    expect([...ring.vector(1)]).toEqual([Math.fround(0.6), Math.fround(0.8)]);
    expect([...ring.vector(0)]).toEqual([0, 0]);
  });

  it('refuses more than the machine has, before it is promised', () => {
    expect(() => sharedBuffer(2 ** 46, 'too much')).toThrow(
      expect.objectContaining({ code: 'ERR_IMESDE_MEMORY' }),
    );
  });
});
