import { describe, expect, it } from 'vitest';
import { VectorRing } from '../../src/ring/vector-ring.ts';
import { chunkRows, queryLanes } from '../../src/ring/layout.ts';
import { dot } from '../../src/scan/dot.ts';
import { blocksOf, encodeQuery } from '../../src/scan/query-code.ts';
import type { QueryCode } from '../../src/scan/query-code.ts';
import { createKernel } from '../../src/scan/create-kernel.ts';
import type { ScanKernel } from '../../src/scan/scan-kernel.ts';
import { TypeScriptKernel } from '../../src/scan/typescript-kernel.ts';
import { ascending, clusteredVectors, randomVector, ringOf, seeded, shuffled } from './vectors.ts';

/** Rows that strain codes: one number alone, all alike, alternating, tiny beside huge. */
function extremeVectors(dimensions: number): Float32Array[] {
  const from = (value: (i: number) => number): Float32Array =>
    Float32Array.from({ length: dimensions }, (_, i) => value(i));
  return [
    from((i) => (i === 0 ? 1 : 0)),
    from((i) => (i === dimensions - 1 ? -1 : 0)),
    from(() => 1),
    from(() => -1),
    from((i) => (i % 2 === 0 ? 1 : -1)),
    from((i) => (i === 0 ? 1 : 1 / 300)),
    from((i) => (i === 0 ? -1 : 1e-9)),
    from((i) => i + 1),
  ];
}

function scoresOf(kernel: ScanKernel, query: QueryCode, rows: Int32Array): number[] {
  kernel.rescore(query, rows, rows.length);
  return [...kernel.scores.subarray(0, rows.length)];
}

/** Position and upper bound of what `bound` finds for one query of a block, by position. */
function hitsOf(kernel: ScanKernel, lane: number): [position: number, upper: number][] {
  return Array.from({ length: kernel.found[lane]! }, (_, i): [number, number] => {
    const at = lane * chunkRows + i;
    return [kernel.hits[at]!, kernel.uppers[at]!];
  });
}

const noThresholds = new Float32Array(queryLanes).fill(-Infinity);

/** Checks the promise of `bound` for each row and query. */
function expectBounded(ring: VectorRing, kernel: ScanKernel, queries: Float32Array[]): void {
  const { dimensions, stride, rowCount } = ring.layout;
  const rows = ascending(rowCount);
  const codes = queries.map((query) => encodeQuery(query, dimensions, stride));
  for (const block of blocksOf(codes)) {
    kernel.bound(block, { rows, rowCount }, 0, rowCount, noThresholds);
    for (const [lane, query] of block.queries.entries()) {
      const hits = hitsOf(kernel, lane);
      expect(hits.map(([row]) => row)).toEqual([...rows]);
      for (const [row, upper] of hits) {
        const score = dot(ring.vectors, row * stride, query.values, stride);
        expect(upper).toBeGreaterThanOrEqual(score);
        expect(upper - 2 * kernel.margin(query, row)).toBeLessThanOrEqual(score);
      }
    }
  }
}

describe('the WebAssembly kernel', () => {
  it('is what runs here', () => {
    expect(createKernel(ringOf([Float32Array.of(1)])).name).toBe('wasm-simd');
  });

  it.each([1, 8, 63, 64, 65, 384, 768])(
    'scores rows of %d dimensions to the same bits as the plain kernel',
    (dimensions) => {
      const random = seeded(dimensions);
      const ring = ringOf(Array.from({ length: 101 }, () => randomVector(random, dimensions)));
      const query = encodeQuery(randomVector(random, dimensions), dimensions, ring.layout.stride);
      const rows = shuffled(ascending(101), random);
      const plain = scoresOf(new TypeScriptKernel(ring), query, rows);
      expect(scoresOf(createKernel(ring), query, rows)).toEqual(plain);
    },
  );

  it.each([1, 2, 17, 64, 384, 1024, 4096])(
    'bounds every score of %d dimensions, one query or several at a time',
    (dimensions) => {
      const random = seeded(dimensions + 1);
      const vectors = [
        ...extremeVectors(dimensions),
        ...clusteredVectors(random, dimensions, 20),
        ...Array.from({ length: 20 }, () => randomVector(random, dimensions)),
      ];
      const ring = ringOf(vectors);
      const kernel = createKernel(ring);
      for (const query of vectors) expectBounded(ring, kernel, [query]);
      for (let i = 0; i < vectors.length; i += queryLanes) {
        expectBounded(ring, kernel, vectors.slice(i, i + queryLanes));
      }
    },
  );

  it.each([1, queryLanes])(
    'finds exactly the rows whose bound reaches a threshold, whatever the count, for %d queries',
    (queryCount) => {
      const random = seeded(5);
      const ring = ringOf(Array.from({ length: chunkRows + 7 }, () => randomVector(random, 64)));
      const rows = shuffled(ascending(ring.layout.rowCount), random);
      const kernel = createKernel(ring);
      const queries = Array.from({ length: queryCount }, () => randomVector(random, 64));
      const [block] = blocksOf(queries.map((query) => encodeQuery(query, 64, ring.layout.stride)));
      for (const count of [1, 2, 3, 4, 5, 11, 12, 13, 63, 64, 65, chunkRows - 1, chunkRows]) {
        const list = { rows, rowCount: count + 7 };
        kernel.bound(block!, list, 7, count, noThresholds);
        const all = queries.map((_, lane) => hitsOf(kernel, lane));
        for (const lane of all.keys()) {
          for (const threshold of [0, all[lane]![0]![1], all[lane]!.at(-1)![1], 2]) {
            const thresholds = new Float32Array(queryLanes).fill(2);
            thresholds[lane] = threshold;
            kernel.bound(block!, list, 7, count, thresholds);
            const expected = all[lane]!.filter(([, upper]) => upper >= threshold);
            expect(hitsOf(kernel, lane)).toEqual(expected);
          }
        }
      }
    },
  );

  it('finds nothing for the lanes of a block that have no query', () => {
    const random = seeded(9);
    const ring = ringOf(Array.from({ length: 40 }, () => randomVector(random, 16)));
    const kernel = createKernel(ring);
    const queries = Array.from({ length: 3 }, () => randomVector(random, 16));
    const [block] = blocksOf(queries.map((query) => encodeQuery(query, 16, ring.layout.stride)));
    const list = { rows: ascending(40), rowCount: 40 };
    kernel.bound(block!, list, 0, 40, noThresholds);
    expect([...kernel.found]).toEqual([40, 40, 40, 0]);
  });

  it('reads the rows of the scan whose turn it is', () => {
    const random = seeded(8);
    const ring = ringOf(Array.from({ length: 40 }, () => randomVector(random, 16)));
    const kernel = createKernel(ring);
    const [block] = blocksOf([encodeQuery(randomVector(random, 16), 16, ring.layout.stride)]);
    const lists = [ascending(40), ascending(40).reverse()].map((rows) => ({ rows, rowCount: 40 }));
    const seen = [0, 1, 0].map((turn) => {
      kernel.bound(block!, lists[turn]!, 0, 40, noThresholds);
      return hitsOf(kernel, 0).map(([, upper]) => upper);
    });
    expect(seen[1]).toEqual(seen[0]!.toReversed());
    expect(seen[2]).toEqual(seen[0]);
  });

  it('reads rows past 2 GiB', () => {
    const rowCount = 1_200_000; // Codes begin at 1.7 GiB; only the pages of four rows are touched.
    const dimensions = 384;
    const random = seeded(6);
    const ring = VectorRing.create({ rowCount, dimensions });
    for (let i = 1; i <= 4; i += 1) ring.write(rowCount - i, randomVector(random, dimensions), 0);
    const kernel = createKernel(ring);
    const query = encodeQuery(randomVector(random, dimensions), dimensions, ring.layout.stride);
    const rows = Int32Array.of(rowCount - 1, rowCount - 2, rowCount - 3, rowCount - 4);
    const plain = scoresOf(new TypeScriptKernel(ring), query, rows);
    expect(plain.every((score) => score !== 0)).toBe(true);
    expect(scoresOf(kernel, query, rows)).toEqual(plain);
    const [block] = blocksOf([query]);
    kernel.bound(block!, { rows, rowCount: rows.length }, 0, rows.length, noThresholds);
    const hits = hitsOf(kernel, 0);
    expect(hits).toHaveLength(rows.length);
    for (const [i, upper] of hits) expect(Math.abs(upper - plain[i]!)).toBeLessThan(0.03);
  });
});
