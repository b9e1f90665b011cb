/** The scan without WebAssembly: float32 rows, read once. The reference, and the fallback. */
import { chunkRows, queryLanes } from '../ring/layout.ts';
import type { VectorRing } from '../ring/vector-ring.ts';
import { dot } from './dot.ts';
import { roundingSlack } from './query-code.ts';
import type { QueryBlock, QueryCode } from './query-code.ts';
import type { RowList, ScanKernel } from './scan-kernel.ts';

export class TypeScriptKernel implements ScanKernel {
  readonly name = 'typescript';
  readonly hits = new Int32Array(queryLanes * chunkRows);
  readonly uppers = new Float32Array(queryLanes * chunkRows);
  readonly found = new Int32Array(queryLanes);
  readonly scores = new Float64Array(chunkRows);
  readonly #vectors: Float32Array;
  readonly #stride: number;

  constructor(ring: VectorRing) {
    this.#vectors = ring.vectors;
    this.#stride = ring.layout.stride;
  }

  bound(
    block: QueryBlock,
    { rows }: RowList,
    from: number,
    count: number,
    thresholds: Float32Array,
  ): void {
    for (const [lane, query] of block.queries.entries()) {
      this.rescore(query, rows.subarray(from, from + count), count);
      const start = lane * chunkRows;
      let end = start;
      for (let i = 0; i < count; i += 1) {
        this.uppers[end] = this.scores[i]! + roundingSlack;
        if (this.uppers[end]! < thresholds[lane]!) continue;
        this.hits[end] = i;
        end += 1;
      }
      this.found[lane] = end - start;
    }
  }

  margin(): number {
    return roundingSlack;
  }

  rescore(query: QueryCode, rows: Int32Array, count: number): void {
    const stride = this.#stride;
    for (let i = 0; i < count; i += 1) {
      this.scores[i] = dot(this.#vectors, rows[i]! * stride, query.values, stride);
    }
  }
}
