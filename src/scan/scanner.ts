/**
 * The scan: the k rows nearest to each of some queries, exact, in slices that leave the main thread
 * responsive.
 *
 *   query-code.ts   a query as int16 codes, and the bound of what codes leave open
 *   scan-kernel.ts  upper bounds for a chunk of rows: wasm-kernel.ts, or typescript-kernel.ts
 *   candidates.ts   the rows that the bounds leave possible, and their exact scores
 *   top-k.ts        bounded heaps
 *
 * Only the thread that leases rows may scan: between two slices rows change hands, within one none
 * does, so the lease is all the synchronisation there is.
 */
import { ImesdeError } from '../shared/errors.ts';
import { chunkRows, queryLanes } from '../ring/layout.ts';
import type { VectorRing } from '../ring/vector-ring.ts';
import { Candidates } from './candidates.ts';
import type { RowTest } from './candidates.ts';
import { blocksOf, encodeQuery } from './query-code.ts';
import type { QueryBlock } from './query-code.ts';
import { createKernel } from './create-kernel.ts';
import type { RowList, ScanKernel } from './scan-kernel.ts';
import type { ScanMatch } from './top-k.ts';

export type { ScanMatch } from './top-k.ts';

export interface ScanRequest {
  /** Each [dimensions]; normalised here, so any length but 0 will do. */
  readonly queries: readonly Float32Array[];
  /** The rows to scan are rows[0] … rows[rowCount - 1], each once and written. */
  readonly rows: Int32Array;
  readonly rowCount: number;
  /** Matches per query, an integer in 1..20,000; fewer where there are fewer rows. */
  readonly k: number;
  /** Indexed by row; of equal scores the higher goes first. Read at the end of the scan. */
  readonly tieBreak: Float64Array;
}

export interface ScannerOptions {
  readonly ring: VectorRing;
  /** Indexed by row; whoever leases rows bumps it with each lease. */
  readonly generations: Uint32Array;
  /** For tests; by default the fastest that runs here, made when the first scan begins. */
  readonly kernel?: ScanKernel;
}

/** Twice the largest --top. */
export const kMax = 20_000;
/** A slice ends with the first chunk that is done later: without SIMD up to .7 ms a query more. */
const sliceMs = 1.5;
/** Rows that may be leased anew while a scan is under way, before it has to read any row again. */
const spareRows = 64;
/** The first chunk: all of it become candidates, so it is small, and the next ones double. */
const firstChunkRows = 90;

const isSameAlways: RowTest = () => true;

export class Scanner {
  readonly #ring: VectorRing;
  readonly #generations: Uint32Array;
  #kernel: ScanKernel | undefined;

  constructor({ ring, generations, kernel }: ScannerOptions) {
    this.#ring = ring;
    this.#generations = generations;
    this.#kernel = kernel;
  }

  get kernelName(): ScanKernel['name'] {
    return this.#theKernel().name;
  }

  /**
   * Begins a scan that goes on with `step` and ends with `finish`. Its answer is exact for the rows
   * of the request that nobody leased in between; the others are left out. Several scans may be
   * under way at once.
   * @throws {ImesdeError} ERR_IMESDE_K_RANGE, ERR_IMESDE_DIMENSIONS, ERR_IMESDE_VECTOR
   */
  begin(request: ScanRequest): Scan {
    const generations = this.#generations;
    const before = generations.slice();
    const rows = request.rows.slice(0, request.rowCount);
    const isSame: RowTest = (row) => generations[row] === before[row];
    return this.#scan({ ...request, rows }, isSame, spareRows);
  }

  /**
   * The same at once.
   * @returns for each query its matches, best first
   */
  scanTopK(request: ScanRequest): ScanMatch[][] {
    return this.#scan(request, isSameAlways, 0).finish();
  }

  #scan(request: ScanRequest, isSame: RowTest, spare: number): Scan {
    const { queries, rowCount, k } = request;
    if (!(Number.isInteger(k) && k >= 1 && k <= kMax)) {
      throw new ImesdeError('ERR_IMESDE_K_RANGE', `k is ${k}: it must be an integer in 1..${kMax}`);
    }
    const { dimensions, stride } = this.#ring.layout;
    const codes = queries.map((query) => encodeQuery(query, dimensions, stride));
    const candidates = codes.map((query) => new Candidates({ query, k, spare, rowCount }));
    const rescan = (rest: ScanRequest): ScanMatch[][] => this.scanTopK(rest);
    const kernel = this.#theKernel();
    return new Scan({ kernel, request, isSame, blocks: blocksOf(codes), candidates, rescan });
  }

  #theKernel(): ScanKernel {
    this.#kernel ??= createKernel(this.#ring);
    return this.#kernel;
  }
}

interface ScanOptions {
  readonly kernel: ScanKernel;
  readonly request: ScanRequest;
  readonly isSame: RowTest;
  readonly blocks: readonly QueryBlock[];
  readonly candidates: readonly Candidates[];
  /** Scans at once, where too many rows changed. */
  readonly rescan: (request: ScanRequest) => ScanMatch[][];
}

/** A scan under way. */
export class Scan {
  readonly #options: ScanOptions;
  readonly #work: Iterator<undefined>;
  #isDone = false;

  constructor(options: ScanOptions) {
    this.#options = options;
    this.#work = scanChunks(options);
  }

  /**
   * Goes on for a slice of about `budgetMs`.
   * @returns whether only `finish` is left to do
   */
  step(budgetMs: number = sliceMs): boolean {
    const end = performance.now() + budgetMs;
    do this.#isDone ||= this.#work.next().done === true;
    while (!this.#isDone && performance.now() < end);
    return this.#isDone;
  }

  /**
   * Does what is left to do, at once.
   * @returns for each query its matches, best first
   */
  finish(): ScanMatch[][] {
    while (!this.#isDone) this.#isDone = this.#work.next().done === true;
    const { kernel, request, isSame, candidates, rescan } = this.#options;
    if (request.rowCount === 0) return candidates.map(() => []);
    return candidates.map((one, index) => {
      const best = one.best(kernel, isSame, request.tieBreak);
      if (best !== undefined) return best;
      const rows = request.rows.subarray(0, request.rowCount).filter(isSame);
      const queries = request.queries.slice(index, index + 1);
      return rescan({ ...request, queries, rows, rowCount: rows.length })[0] ?? [];
    });
  }
}

/** All that a scan does before its end, chunk by chunk. */
function* scanChunks({
  kernel,
  request,
  isSame,
  blocks,
  candidates,
}: ScanOptions): Generator<undefined> {
  const { rows, rowCount } = request;
  const list: RowList = { rows, rowCount }; // A new one: a kernel knows by it whose rows it holds.
  const thresholds = new Float32Array(queryLanes);
  let size = firstChunkRows;
  for (let from = 0; from < rowCount; from += size, size = Math.min(2 * size, chunkRows)) {
    const count = Math.min(size, rowCount - from);
    for (const block of blocks) {
      const lanes = block.queries.length;
      for (let lane = 0; lane < lanes; lane += 1) {
        thresholds[lane] = candidates[block.first + lane]!.threshold;
      }
      kernel.bound(block, list, from, count, thresholds);
      for (let lane = 0; lane < lanes; lane += 1) {
        addFound(candidates[block.first + lane]!, kernel, lane, rows, from);
      }
      yield;
    }
  }
  for (const one of candidates) {
    for (const which of ['likely', 'possible'] as const) {
      one.settle(isSame);
      while (!one.rescoreSome(kernel, isSame, which)) yield;
      yield;
    }
  }
}

function addFound(
  candidates: Candidates,
  kernel: ScanKernel,
  lane: number,
  rows: Int32Array,
  from: number,
): void {
  const { hits, uppers } = kernel;
  const start = lane * chunkRows;
  const end = start + kernel.found[lane]!;
  for (let i = start; i < end; i += 1) {
    const row = rows[from + hits[i]!]!;
    candidates.add(row, uppers[i]!, kernel.margin(candidates.query, row));
  }
}
