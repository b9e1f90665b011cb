/** The scan without WebAssembly: float32 rows, read once. The reference, and the fallback. */
import { chunkRows, queryLanes } from '../ring/layout.ts';
import type { VectorRing } from '../ring/vector-ring.ts';
import { dot } from './dot.ts';
import { roundingSlack } from './query-code.ts';
import type { QueryBlock, QueryCode } from './query-code.ts';
import type { ScanKernel } from './scan-kernel.ts';

export class TypeScriptKernel implements ScanKernel {
  readonly name = 'typescript';
  readonly uppers = new Float32Array(queryLanes * chunkRows);
  readonly hits = new Int32Array(chunkRows);
  readonly scores = new Float64Array(chunkRows);
  readonly #vectors: Float32Array;
  readonly #stride: number;

  constructor(ring: VectorRing) {
    this.#vectors = ring.vectors;
    this.#stride = ring.layout.stride;
  }

  bound(block: QueryBlock, rows: Int32Array, from: number, count: number): void {
    for (const [lane, query] of block.queries.entries()) {
      this.rescore(query, rows, from, count);
      const offset = lane * chunkRows;
      for (let i = 0; i < count; i += 1) this.uppers[offset + i] = this.scores[i]! + roundingSlack;
    }
  }

  collect(lane: number, count: number, threshold: number): number {
    const offset = lane * chunkRows;
    let found = 0;
    for (let i = 0; i < count; i += 1) {
      if (this.uppers[offset + i]! >= threshold) {
        this.hits[found] = i;
        found += 1;
      }
    }
    return found;
  }

  margin(): number {
    return roundingSlack;
  }

  rescore(query: QueryCode, rows: Int32Array, from: number, count: number): void {
    const stride = this.#stride;
    for (let i = 0; i < count; i += 1) {
      this.scores[i] = dot(this.#vectors, rows[from + i]! * stride, query.values, stride);
    }
  }
}
