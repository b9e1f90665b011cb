/** Rows rewritten at full speed by workers while they are scanned: faults 24 and 25. */
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { expect } from 'vitest';
import { RowSet } from '../../src/ring/row-set.ts';
import { Rows } from '../../src/ring/rows.ts';
import { VectorRing } from '../../src/ring/vector-ring.ts';
import { createKernel } from '../../src/scan/create-kernel.ts';
import { Scanner } from '../../src/scan/scanner.ts';
import { TypeScriptKernel } from '../../src/scan/typescript-kernel.ts';
import { checksumError, markedVector } from './marked-vector.mjs';
import { nearestRows } from './oracle.ts';
import { randomVector, seeded } from './vectors.ts';

const rowCount = 3000;
const dimensions = 96;
const workerCount = 2;
const leasesPerMessage = 16;
const messagesPerWorker = 4;

interface Lease {
  readonly row: number;
  readonly mark: number;
}

/** Rows that live and die as in the window, while workers write those that are leased. */
class Hammer {
  readonly ring = VectorRing.create({ rowCount, dimensions });
  readonly rows = new Rows({ rowCount, firstGeneration: 0xffff_ff00 });
  readonly inUse = new RowSet(rowCount);
  /** What was said to be in a row when it was committed: its text, so to speak. */
  readonly marks = new Float64Array(rowCount);
  committed = 0;
  #nextMark = 1;
  readonly #random = seeded(12);
  readonly #workers = Array.from({ length: workerCount }, () => {
    const url = new URL('hammer-worker.mjs', import.meta.url);
    const worker = new Worker(url, { workerData: { ring: this.ring.handle } });
    worker.on('message', (leases: Lease[]) => {
      this.#commit(leases);
      this.#lend(worker);
    });
    return worker;
  });

  start(): void {
    for (const worker of this.#workers) {
      for (let i = 0; i < messagesPerWorker; i += 1) this.#lend(worker);
    }
  }

  async stop(): Promise<void> {
    for (const worker of this.#workers) {
      worker.removeAllListeners('message');
      worker.postMessage(undefined);
      await once(worker, 'exit');
    }
  }

  #commit(leases: readonly Lease[]): void {
    for (const { row, mark } of leases) {
      this.marks[row] = mark;
      this.inUse.add(row);
    }
    this.committed += leases.length;
  }

  #lend(worker: Worker): void {
    const leases: Lease[] = [];
    while (leases.length < leasesPerMessage) {
      if (this.inUse.size > rowCount * 0.9) this.#evict();
      const row = this.rows.lease();
      if (row === undefined) this.#evict();
      else leases.push({ row, mark: this.#nextMark++ });
    }
    worker.postMessage(leases);
  }

  #evict(): void {
    const row = this.inUse.rows[Math.floor(this.#random() * this.inUse.size)]!;
    this.inUse.delete(row);
    this.rows.free(row);
  }
}

export const hammeredKernels = [
  ['wasm-simd', createKernel],
  ['typescript', (ring: VectorRing) => new TypeScriptKernel(ring)],
] as const;

/** No torn row, no row with another text, and nothing but the exact best: at least 20 scans. */
export async function expectWholeRows(
  kernelOf: (typeof hammeredKernels)[number][1],
  seconds: number,
): Promise<void> {
  const hammer = new Hammer();
  const { ring, rows, inUse, marks } = hammer;
  const scanner = new Scanner({ ring, generations: rows.generations, kernel: kernelOf(ring) });
  const random = seeded(13);
  const tieBreak = new Float64Array(rowCount);
  hammer.start();
  const end = performance.now() + seconds * 1000;
  let scans = 0;
  let leftOut = 0;
  for (; performance.now() < end || scans < 20; scans += 1) {
    while (inUse.size < rowCount / 2) await nextTurn();
    const k = [1, 20, 300][scans % 3]!;
    const queries = Array.from({ length: 1 + (scans % 5) }, () => randomVector(random, dimensions));
    const before = rows.generations.slice();
    const used = inUse.rows.slice(0, inUse.size);
    const scan = scanner.begin({
      queries,
      rows: inUse.rows,
      rowCount: inUse.size,
      k,
      tieBreak,
    });
    while (!scan.step(0)) await nextTurn();
    const kept = used.filter((row) => rows.generations[row] === before[row]);
    leftOut += used.length - kept.length;
    const answers = scan.finish();
    for (const [i, query] of queries.entries()) {
      const request = { rows: kept, rowCount: kept.length, k, tieBreak };
      expect(answers[i]).toEqual(nearestRows(ring, query, request));
      for (const { row, score } of answers[i]!.slice(0, 20)) {
        expect(checksumError(ring.vector(row))).toBeLessThan(1e-5);
        expect(Math.abs(score - cosine(markedVector(marks[row]!, dimensions), query))).toBeLessThan(
          1e-6,
        );
      }
    }
  }
  await hammer.stop();
  expect(leftOut).toBeGreaterThan(0);
  expect(hammer.committed).toBeGreaterThan(rowCount);
}

function cosine(a: Float32Array, b: Float32Array): number {
  const sum = a.reduce((total, value, i) => total + value * b[i]!, 0);
  return sum / Math.hypot(...a) / Math.hypot(...b);
}
