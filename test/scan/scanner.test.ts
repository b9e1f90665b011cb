import { describe, expect, it } from 'vitest';
import type { VectorRing } from '../../src/ring/vector-ring.ts';
import { createKernel } from '../../src/scan/create-kernel.ts';
import { Scanner } from '../../src/scan/scanner.ts';
import { TypeScriptKernel } from '../../src/scan/typescript-kernel.ts';
import { nearestRows } from './oracle.ts';
import { ascending, clusteredVectors, randomVector, ringOf, seeded, shuffled } from './vectors.ts';

const dimensions = 48;
const kernels = [
  ['wasm-simd', createKernel],
  ['typescript', (ring: VectorRing) => new TypeScriptKernel(ring)],
] as const;

function randomVectors(random: () => number, count: number): Float32Array[] {
  return Array.from({ length: count }, () => randomVector(random, dimensions));
}

/** Scores that differ by less than codes can tell: their order is all in the float32 rows. */
function nearlyEqualVectors(random: () => number, count: number): Float32Array[] {
  const base = randomVector(random, dimensions);
  return randomVectors(random, count).map((noise) =>
    noise.map((value, i) => base[i]! + value * 1e-4),
  );
}

const collections: [string, (random: () => number) => Float32Array[]][] = [
  ['random', (random) => randomVectors(random, 1100)],
  ['clustered', (random) => clusteredVectors(random, dimensions, 1100)],
  ['nearly equal', (random) => nearlyEqualVectors(random, 1100)],
  [
    'duplicated',
    (random) => {
      const originals = randomVectors(random, 30);
      return Array.from({ length: 1100 }, (_, i) => originals[i % 30]!);
    },
  ],
  ['all equal', (random) => Array<Float32Array>(1100).fill(randomVector(random, dimensions))],
];

describe.each(kernels)('a scan by the %s kernel', (_, kernelOf) => {
  describe.each(collections)('of %s vectors', (__, vectorsOf) => {
    const random = seeded(7);
    const vectors = vectorsOf(random);
    const ring = ringOf(vectors);
    const kernel = kernelOf(ring);
    const generations = new Uint32Array(vectors.length);
    const scanner = new Scanner({ ring, generations, kernel });
    const tieBreak = Float64Array.from(vectors, () => Math.floor(random() * 3));
    const queries = [vectors[3]!, ...randomVectors(random, 4), vectors[700]!];

    it.each([1, 2, 10, 100, 1099, 1100, 1101, 20_000])(
      'finds the same %d best as every score sorted',
      (k) => {
        const rows = ascending(vectors.length);
        const request = { queries, rows, rowCount: rows.length, k, tieBreak };
        const expected = queries.map((query) => nearestRows(ring, query, request));
        expect(scanner.scanTopK(request)).toEqual(expected);
        expect(scanner.begin(request).finish()).toEqual(expected);
      },
    );

    it.each([0, 1, 2, 3, 4, 5, 63, 64, 65, 191, 193, 1000])(
      'reads only the %d rows it is given, in any order',
      (rowCount) => {
        const rows = shuffled(ascending(vectors.length), random);
        const request = { queries, rows, rowCount, k: 20, tieBreak };
        const expected = queries.map((query) => nearestRows(ring, query, request));
        expect(scanner.scanTopK(request)).toEqual(expected);
      },
    );

    it.each([0, 1, 2, 3, 4, 6])(
      'answers %d queries in one pass like one after the other',
      (count) => {
        const rows = ascending(vectors.length);
        const request = { rows, rowCount: rows.length, k: 15, tieBreak };
        const some = queries.slice(0, count);
        const alone = some.map((query) => scanner.scanTopK({ ...request, queries: [query] })[0]);
        expect(scanner.scanTopK({ ...request, queries: some })).toEqual(alone);
      },
    );
  });

  it('answers several scans under way at once', () => {
    const random = seeded(8);
    const ring = ringOf(randomVectors(random, 2000));
    const scanner = new Scanner({
      ring,
      generations: new Uint32Array(2000),
      kernel: kernelOf(ring),
    });
    const rows = ascending(2000);
    const requests = [1, 5, 2].map((queryCount, i) => ({
      queries: randomVectors(random, queryCount),
      rows,
      rowCount: 2000 - i,
      k: 10 + i,
      tieBreak: new Float64Array(2000),
    }));
    const scans = requests.map((request) => scanner.begin(request));
    for (let open = scans; open.length > 0;) open = open.filter((scan) => !scan.step(0));
    expect(scans.map((scan) => scan.finish())).toEqual(
      requests.map((request) => request.queries.map((query) => nearestRows(ring, query, request))),
    );
  });

  it('scores within 1e-6 of a float64 dot product of the vectors as they came', () => {
    const random = seeded(9);
    const vectors = randomVectors(random, 200);
    const ring = ringOf(vectors);
    const scanner = new Scanner({
      ring,
      generations: new Uint32Array(200),
      kernel: kernelOf(ring),
    });
    const query = randomVector(random, dimensions);
    const rows = ascending(200);
    const tieBreak = new Float64Array(200);
    const [matches] = scanner.scanTopK({ queries: [query], rows, rowCount: 200, k: 200, tieBreak });
    for (const { row, score } of matches!) {
      const vector = vectors[row]!;
      const sum = vector.reduce((total, value, i) => total + value * query[i]!, 0);
      expect(Math.abs(score - sum / Math.hypot(...vector) / Math.hypot(...query))).toBeLessThan(
        1e-6,
      );
    }
  });
});

describe('nearly equal vectors', () => {
  it('are put in another order by their codes alone', () => {
    const random = seeded(7);
    const vectors = nearlyEqualVectors(random, 1100);
    const ring = ringOf(vectors);
    const kernel = createKernel(ring);
    const scanner = new Scanner({ ring, generations: new Uint32Array(1100), kernel });
    const request = {
      rows: ascending(1100),
      rowCount: 1100,
      k: 10,
      tieBreak: new Float64Array(1100),
    };
    const [exact] = scanner.scanTopK({ ...request, queries: [vectors[3]!] });
    const codeScore = (row: number): number => {
      const { stride } = ring.layout;
      let sum = 0;
      for (let i = 0; i < dimensions; i += 1)
        sum += ring.codes[row * stride + i]! * vectors[3]![i]!;
      return sum * ring.codeBounds[row * 2]!;
    };
    const byCodes = [...request.rows].sort((a, b) => codeScore(b) - codeScore(a)).slice(0, 10);
    expect(exact!.map(({ row }) => row)).not.toEqual(byCodes);
  });
});

describe('Scanner', () => {
  const ring = ringOf(randomVectors(seeded(10), 10));
  const scanner = new Scanner({ ring, generations: new Uint32Array(10) });
  const request = {
    queries: [new Float32Array(dimensions).fill(1)],
    rows: ascending(10),
    rowCount: 10,
    k: 3,
    tieBreak: new Float64Array(10),
  };

  it.each([0, -1, 2.5, NaN, Infinity, 20_001])('refuses k = %d', (k) => {
    expect(() => scanner.scanTopK({ ...request, k })).toThrow(
      expect.objectContaining({ code: 'ERR_IMESDE_K_RANGE' }),
    );
  });

  it.each([0, dimensions - 1, dimensions + 1])('refuses a query of %d dimensions', (length) => {
    const queries = [new Float32Array(length).fill(1)];
    expect(() => scanner.scanTopK({ ...request, queries })).toThrow(
      expect.objectContaining({ code: 'ERR_IMESDE_DIMENSIONS' }),
    );
  });

  it.each([NaN, Infinity, -Infinity, 0])('refuses a query of %d', (value) => {
    const queries = [new Float32Array(dimensions).fill(value)];
    expect(() => scanner.begin({ ...request, queries })).toThrow(
      expect.objectContaining({ code: 'ERR_IMESDE_VECTOR' }),
    );
  });

  it('gives queries of any length the scores of the normalised one', () => {
    const queries = [1e-30, 1, 1e30].map((value) => new Float32Array(dimensions).fill(value));
    const [small, middle, large] = scanner.scanTopK({ ...request, queries });
    for (const [i, { row, score }] of middle!.entries()) {
      expect(small![i]).toEqual({ row, score: expect.closeTo(score, 6) as number });
      expect(large![i]).toEqual({ row, score: expect.closeTo(score, 6) as number });
    }
  });
});
