/** What a scan asks of a kernel, and which kernel a ring gets. */
import type { VectorRing } from '../ring/vector-ring.ts';
import type { QueryBlock, QueryCode } from './query-code.ts';
import { TypeScriptKernel } from './typescript-kernel.ts';
import { WasmKernel } from './wasm-kernel.ts';

/**
 * A kernel keeps nothing between two calls but what its three arrays show, so scans may take turns
 * with it. At most `chunkRows` rows a call.
 */
export interface ScanKernel {
  readonly name: 'wasm-simd' | 'typescript';
  /** Float32[queryLanes, chunkRows], filled by `bound`: no score is above its upper bound. */
  readonly uppers: Float32Array;
  /** Filled by `collect`: positions in the chunk. */
  readonly hits: Int32Array;
  /** Filled by `rescore`. */
  readonly scores: Float64Array;
  /** Upper bounds of the scores of rows[from] … rows[from + count - 1] for a block of queries. */
  bound(block: QueryBlock, rows: Int32Array, from: number, count: number): void;
  /**
   * Finds upper bounds of the chunk that reach a threshold.
   * @param lane - which query of the block
   * @param threshold - a float32
   * @returns how many; their positions are in `hits`, ascending
   */
  collect(lane: number, count: number, threshold: number): number;
  /** How far an upper bound may be above the score, halved. */
  margin(query: QueryCode, row: number): number;
  /** Exact scores of rows[from] … rows[from + count - 1]. */
  rescore(query: QueryCode, rows: Int32Array, from: number, count: number): void;
}

export function createKernel(ring: VectorRing): ScanKernel {
  return WasmKernel.create(ring) ?? new TypeScriptKernel(ring);
}
