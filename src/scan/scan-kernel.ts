/** What a scan asks of a kernel. */
import type { QueryBlock, QueryCode } from './query-code.ts';

/** The rows of one scan: rows[0] … rows[rowCount - 1], the same for as long as the scan goes on. */
export interface RowList {
  readonly rows: Int32Array;
  readonly rowCount: number;
}

/**
 * A kernel keeps nothing between two calls but what its arrays show, so scans may take turns with
 * it. At most `chunkRows` rows a call.
 */
export interface ScanKernel {
  readonly name: 'wasm-simd' | 'typescript';
  /** Filled by `bound`, Int32[queryLanes, chunkRows]: positions from `from` on, ascending. */
  readonly hits: Int32Array;
  /** Filled by `bound`, Float32[queryLanes, chunkRows]: no score is above its upper bound. */
  readonly uppers: Float32Array;
  /** Filled by `bound`, Int32[queryLanes]: how many hits there are. */
  readonly found: Int32Array;
  /** Filled by `rescore`. */
  readonly scores: Float64Array;
  /**
   * Finds the rows from position `from` to `from + count` - 1 of a list whose upper bound reaches
   * the threshold of a query of the block.
   * @param thresholds - of the block's queries
   */
  bound(
    block: QueryBlock,
    list: RowList,
    from: number,
    count: number,
    thresholds: Float32Array,
  ): void;
  /** How far an upper bound may be above the score, halved. */
  margin(query: QueryCode, row: number): number;
  /** Exact scores of rows[0] … rows[count - 1]. */
  rescore(query: QueryCode, rows: Int32Array, count: number): void;
}
