import { describe, expect, it } from 'vitest';
import type { VectorRing } from '../../src/ring/vector-ring.ts';
import { createKernel } from '../../src/scan/create-kernel.ts';
import { Scanner } from '../../src/scan/scanner.ts';
import { TypeScriptKernel } from '../../src/scan/typescript-kernel.ts';
import { nearestRows } from './oracle.ts';
import { ascending, randomVector, ringOf, seeded } from './vectors.ts';

const dimensions = 32;
const rowCount = 4000;
const kernels = [
  ['wasm-simd', createKernel],
  ['typescript', (ring: VectorRing) => new TypeScriptKernel(ring)],
] as const;

describe.each(kernels)('rows leased anew during a scan by the %s kernel', (_, kernelOf) => {
  const random = seeded(11);
  const query = randomVector(random, dimensions);

  function start(options: { k: number; firstGeneration: number }) {
    const vectors = Array.from({ length: rowCount }, () => randomVector(random, dimensions));
    const ring = ringOf(vectors);
    const generations = new Uint32Array(rowCount).fill(options.firstGeneration);
    const scanner = new Scanner({ ring, generations, kernel: kernelOf(ring) });
    const rows = ascending(rowCount);
    const tieBreak = new Float64Array(rowCount);
    const request = { queries: [query], rows, rowCount, k: options.k, tieBreak };
    const scan = scanner.begin(request);
    const changed = new Set<number>();
    const change = (row: number, vector: Float32Array): void => {
      generations[row]! += 1;
      changed.add(row);
      ring.write(row, vector, 0);
    };
    const ranked = nearestRows(ring, query, { ...request, k: rowCount }).map(({ row }) => row);
    const expected = () => {
      const kept = rows.filter((row) => !changed.has(row));
      return [nearestRows(ring, query, { ...request, rows: kept, rowCount: kept.length })];
    };
    return { scan, change, ranked, rows, expected };
  }

  it.each([0, 0x7fff_ffff, 0xffff_ffff])(
    'are left out, from generation %d on',
    (firstGeneration) => {
      const { scan, change, expected } = start({ k: 10, firstGeneration });
      for (let row = 0; !scan.step(0); row += 97) change(row % rowCount, query);
      change(1, query);
      expect(scan.finish()).toEqual(expected());
    },
  );

  it.each([
    ['the best', 0, 1],
    ['all of the best 10', 0, 10],
    ['as many of the best as there are spares', 0, 64],
    ['more of the best than there are spares', 0, 75],
    ['most rows', 0, rowCount - 5],
    ['every row', 0, rowCount],
  ])('make place for the next best when they were %s', (__, from, to) => {
    const { scan, change, ranked, expected } = start({ k: 10, firstGeneration: 0 });
    while (!scan.step(0));
    for (const row of ranked.slice(from, to)) change(row, randomVector(random, dimensions));
    expect(scan.finish()).toEqual(expected());
  });

  it('do not raise the bar for the others before they are left out', () => {
    const { scan, change, expected } = start({ k: 10, firstGeneration: 0 });
    // The last 500 rows all become the query itself, while they are yet to be read.
    scan.step(0);
    for (let row = rowCount - 500; row < rowCount; row += 1) change(row, query);
    expect(scan.finish()).toEqual(expected());
  });

  it('are not seen in the list of rows either, once the scan has begun', () => {
    const { scan, rows, expected } = start({ k: 10, firstGeneration: 0 });
    const answer = expected();
    scan.step(0);
    rows.fill(0);
    expect(scan.finish()).toEqual(answer);
  });
});
