/** The scan in WebAssembly SIMD: kernel/kernel.ts, compiled, over the ring's memory. */
import { readFileSync } from 'node:fs';
import { chunkRows, queryLanes } from '../ring/layout.ts';
import type { RingLayout } from '../ring/layout.ts';
import type { VectorRing } from '../ring/vector-ring.ts';
import type { QueryBlock, QueryCode } from './query-code.ts';
import type { ScanKernel } from './scan-kernel.ts';

/** What kernel/kernel.ts exports. */
interface KernelExports {
  boundOne(count: number, stride: number, codes: number, queryCodes: number): void;
  boundFour(count: number, stride: number, codes: number, queryCodes: number): void;
  collect(lane: number, count: number, threshold: number): number;
  rescore(count: number, stride: number): void;
}

/** Rows that the kernel takes together: a chunk is padded to a multiple. */
const rowLanes = 4;

export class WasmKernel implements ScanKernel {
  readonly name = 'wasm-simd';
  readonly uppers: Float32Array;
  readonly hits: Int32Array;
  readonly scores: Float64Array;
  readonly #exports: KernelExports;
  readonly #layout: RingLayout;
  readonly #codeBounds: Float32Array;
  readonly #chunk: Int32Array;
  readonly #queryCodes: Int16Array;
  readonly #queryBounds: Float32Array;
  readonly #query: Float64Array;
  #loadedBlock: QueryBlock | undefined;
  #loadedQuery: QueryCode | undefined;

  private constructor(ring: VectorRing, exports: KernelExports) {
    const { buffer, layout } = ring;
    const { stride } = layout;
    this.#exports = exports;
    this.#layout = layout;
    this.#codeBounds = ring.codeBounds;
    this.#chunk = new Int32Array(buffer, layout.chunkOffset, chunkRows);
    this.uppers = new Float32Array(buffer, layout.uppersOffset, queryLanes * chunkRows);
    this.hits = new Int32Array(buffer, layout.hitsOffset, chunkRows);
    this.scores = new Float64Array(buffer, layout.scoresOffset, chunkRows);
    this.#queryCodes = new Int16Array(buffer, layout.queryCodesOffset, queryLanes * stride);
    this.#queryBounds = new Float32Array(buffer, layout.queryBoundsOffset, 3 * queryLanes);
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
        chunk: layout.chunkOffset,
        uppers: layout.uppersOffset,
        uppersStride: chunkRows * Float32Array.BYTES_PER_ELEMENT,
        hits: layout.hitsOffset,
        scores: layout.scoresOffset,
        queryBounds: layout.queryBoundsOffset,
        query: layout.queryOffset,
      },
    };
    const { exports } = new WebAssembly.Instance(module, imports);
    return new WasmKernel(ring, exports as KernelExports);
  }

  bound(block: QueryBlock, rows: Int32Array, from: number, count: number): void {
    if (this.#loadedBlock !== block) {
      this.#queryCodes.set(block.codes);
      this.#queryBounds.set(block.bounds);
      this.#loadedBlock = block;
    }
    this.#loadChunk(rows, from, count);
    const { stride, codesOffset, queryCodesOffset } = this.#layout;
    const padding = padded(count);
    if (block.queries.length === 1) {
      this.#exports.boundOne(padding, stride, codesOffset, queryCodesOffset);
    } else {
      this.#exports.boundFour(padding, stride, codesOffset, queryCodesOffset);
    }
  }

  collect(lane: number, count: number, threshold: number): number {
    let found = this.#exports.collect(lane, padded(count), threshold);
    while (found > 0 && this.hits[found - 1]! >= count) found -= 1;
    return found;
  }

  margin(query: QueryCode, row: number): number {
    return this.#codeBounds[row * 2 + 1]! * query.errorWeight + query.slack;
  }

  rescore(query: QueryCode, rows: Int32Array, from: number, count: number): void {
    if (this.#loadedQuery !== query) {
      this.#query.set(query.values);
      this.#loadedQuery = query;
    }
    this.#loadChunk(rows, from, count);
    this.#exports.rescore(count, this.#layout.stride);
  }

  #loadChunk(rows: Int32Array, from: number, count: number): void {
    this.#chunk.set(rows.subarray(from, from + count));
    // The last row fills up; `collect` leaves out what it finds there.
    this.#chunk.fill(rows[from + count - 1]!, count, padded(count));
  }
}

function padded(count: number): number {
  return Math.ceil(count / rowLanes) * rowLanes;
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
