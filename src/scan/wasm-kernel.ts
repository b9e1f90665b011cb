/** The scan in WebAssembly SIMD: kernel/kernel.ts, compiled, over the ring's memory. */
import { readFileSync } from 'node:fs';
import { chunkRows, queryLanes, rowLanes } from '../ring/layout.ts';
import type { RingLayout } from '../ring/layout.ts';
import type { VectorRing } from '../ring/vector-ring.ts';
import type { QueryBlock, QueryCode } from './query-code.ts';
import type { RowList, ScanKernel } from './scan-kernel.ts';

/** What kernel/kernel.ts exports. */
interface KernelExports {
  boundOne(rows: number, count: number, stride: number, codes: number, queryCodes: number): void;
  boundFour(rows: number, count: number, stride: number, codes: number, queryCodes: number): void;
  rescore(count: number, stride: number): void;
}

/** Where the thresholds are, behind the constants of the queries' bounds. */
const thresholdsAt = 3 * queryLanes;

export class WasmKernel implements ScanKernel {
  readonly name = 'wasm-simd';
  readonly hits: Int32Array;
  readonly uppers: Float32Array;
  readonly found: Int32Array;
  readonly scores: Float64Array;
  readonly #exports: KernelExports;
  readonly #layout: RingLayout;
  readonly #codeBounds: Float32Array;
  readonly #rows: Int32Array;
  readonly #batch: Int32Array;
  readonly #queryCodes: Int16Array;
  readonly #queryBounds: Float32Array;
  readonly #query: Float64Array;
  #loadedRows: RowList | undefined;
  #loadedBlock: QueryBlock | undefined;
  #loadedQuery: QueryCode | undefined;

  private constructor(ring: VectorRing, exports: KernelExports) {
    const { buffer, layout } = ring;
    const { stride } = layout;
    this.#exports = exports;
    this.#layout = layout;
    this.#codeBounds = ring.codeBounds;
    this.#rows = new Int32Array(buffer, layout.rowsOffset, layout.rowCount + rowLanes);
    this.#batch = new Int32Array(buffer, layout.batchOffset, chunkRows);
    this.hits = new Int32Array(buffer, layout.hitsOffset, queryLanes * chunkRows);
    this.uppers = new Float32Array(buffer, layout.uppersOffset, queryLanes * chunkRows);
    this.found = new Int32Array(buffer, layout.foundOffset, queryLanes);
    this.scores = new Float64Array(buffer, layout.scoresOffset, chunkRows);
    this.#queryCodes = new Int16Array(buffer, layout.queryCodesOffset, queryLanes * stride);
    this.#queryBounds = new Float32Array(buffer, layout.queryBoundsOffset, 4 * queryLanes);
    this.#query = new Float64Array(buffer, layout.queryOffset, stride);
  }

  /** Undefined where there is no WebAssembly SIMD, or the ring lies in no WebAssembly memory. */
  static create(ring: VectorRing): WasmKernel | undefined {
    const { memory } = ring.handle;
    if (memory instanceof SharedArrayBuffer) return undefined;
    const module = kernelModule();
    if (module === undefined) return undefined;
    const { layout } = ring;
    const imports = {
      env: { memory },
      layout: {
        vectors: layout.vectorsOffset,
        codeBounds: layout.codeBoundsOffset,
        batch: layout.batchOffset,
        sums: layout.sumsOffset,
        hits: layout.hitsOffset,
        hitsStride: chunkRows * Int32Array.BYTES_PER_ELEMENT,
        uppers: layout.uppersOffset,
        found: layout.foundOffset,
        scores: layout.scoresOffset,
        queryBounds: layout.queryBoundsOffset,
        query: layout.queryOffset,
      },
    };
    const { exports } = new WebAssembly.Instance(module, imports);
    return new WasmKernel(ring, exports as KernelExports);
  }

  bound(
    block: QueryBlock,
    list: RowList,
    from: number,
    count: number,
    thresholds: Float32Array,
  ): void {
    if (this.#loadedRows !== list) this.#loadRows(list);
    if (this.#loadedBlock !== block) {
      this.#queryCodes.set(block.codes);
      this.#queryBounds.set(block.bounds);
      this.#loadedBlock = block;
    }
    const lanes = block.queries.length;
    for (let lane = 0; lane < queryLanes; lane += 1) {
      // A lane without a query finds nothing.
      this.#queryBounds[thresholdsAt + lane] = lane < lanes ? thresholds[lane]! : Infinity;
    }
    const { stride, rowsOffset, codesOffset, queryCodesOffset } = this.#layout;
    const rows = rowsOffset + from * Int32Array.BYTES_PER_ELEMENT;
    const padded = Math.ceil(count / rowLanes) * rowLanes;
    if (lanes === 1) {
      this.#exports.boundOne(rows, padded, stride, codesOffset, queryCodesOffset);
    } else {
      this.#exports.boundFour(rows, padded, stride, codesOffset, queryCodesOffset);
    }
    if (padded > count) this.#dropPadding(lanes, count);
  }

  margin(query: QueryCode, row: number): number {
    return this.#codeBounds[row * 2 + 1]! * query.errorWeight + query.slack;
  }

  rescore(query: QueryCode, rows: Int32Array, count: number): void {
    if (this.#loadedQuery !== query) {
      this.#query.set(query.values);
      this.#loadedQuery = query;
    }
    for (let i = 0; i < count; i += 1) this.#batch[i] = rows[i]!;
    this.#exports.rescore(count, this.#layout.stride);
  }

  /** Hits ascend, so those behind the last row of the chunk are the last. */
  #dropPadding(lanes: number, count: number): void {
    for (let lane = 0; lane < lanes; lane += 1) {
      let found = this.found[lane]!;
      while (found > 0 && this.hits[lane * chunkRows + found - 1]! >= count) found -= 1;
      this.found[lane] = found;
    }
  }

  #loadRows(list: RowList): void {
    const { rows, rowCount } = list;
    this.#rows.set(rows.length === rowCount ? rows : rows.subarray(0, rowCount));
    // What lies behind the last row is read as well; what is found there is dropped.
    this.#rows.fill(rows[rowCount - 1]!, rowCount, rowCount + rowLanes);
    this.#loadedRows = list;
  }
}

let compiled: { readonly module: WebAssembly.Module | undefined } | undefined;

/** Compiled once, when first asked for. Undefined where this Node can't run it. */
function kernelModule(): WebAssembly.Module | undefined {
  compiled ??= { module: compile() };
  return compiled.module;
}

function compile(): WebAssembly.Module | undefined {
  const bytes = kernelBytes();
  return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : undefined;
}

/** Tests run src/ itself, for which the build is next door. */
function kernelBytes(): Uint8Array {
  const built = import.meta.url.endsWith('.ts') ? '../../dist/scan/' : './';
  return readFileSync(new URL(`${built}kernel.wasm`, import.meta.url));
}
