/** Where everything lies in the ring's one shared memory. Arithmetic alone: nothing is allocated. */
import { ImesdeError } from '../shared/errors.ts';

export interface RingShape {
  /** Rows that can be leased, at least 1. */
  readonly rowCount: number;
  /** Numbers in a vector, at least 1. */
  readonly dimensions: number;
}

/** Offsets are in bytes from the start of the memory; each is a multiple of a cache line. */
export interface RingLayout extends RingShape {
  /** Elements from one row to the next: dimensions, padded with zeros that no one writes. */
  readonly stride: number;
  /** Float32[rowCount, stride]: the vectors, L2-normalised. */
  readonly vectorsOffset: number;
  /** Int8[rowCount, stride]: codes; scale · code is the vector but for the error. */
  readonly codesOffset: number;
  /** Float32[rowCount, 2]: the scale of a row's codes, and an upper bound of |x − scale · code|. */
  readonly codeBoundsOffset: number;
  /** What follows belongs to the scan alone. Int32[rowCount + rowLanes]: the rows to scan. */
  readonly rowsOffset: number;
  /** Int32[chunkRows]: rows to score exactly. */
  readonly batchOffset: number;
  /** Int32[chunkRows, 4]: products of codes, summed: a query's partial sums, or four queries'. */
  readonly sumsOffset: number;
  /** Int32[queryLanes, chunkRows]: positions in the chunk of rows that may answer. */
  readonly hitsOffset: number;
  /** Float32[queryLanes, chunkRows]: upper bounds of their scores. */
  readonly uppersOffset: number;
  /** Int32[queryLanes]: how many they are. */
  readonly foundOffset: number;
  /** Float64[chunkRows]: scores. */
  readonly scoresOffset: number;
  /** Int16[queryLanes, stride]: codes of the queries. */
  readonly queryCodesOffset: number;
  /** Float32[4, queryLanes]: constants of the queries' bounds, and thresholds. */
  readonly queryBoundsOffset: number;
  /** Float64[stride]: one query. */
  readonly queryOffset: number;
  readonly byteLength: number;
}

/** Bytes; also the number of codes of which a row is made whole lines, so that no line is shared. */
export const cacheLine = 64;
/** Rows that the kernel is given at a time: their codes stay in the second-level cache. */
export const chunkRows = 720;
/** Queries that share one pass over the rows. */
export const queryLanes = 4;
/** The kernel takes rows by sixes, and then by fours. */
export const rowLanes = 12;
/** A WebAssembly memory has 32-bit addresses. */
export const memoryBytesMax = 2 ** 32;

/** @throws {ImesdeError} ERR_IMESDE_MEMORY where 4 GiB do not hold the rows */
export function ringLayout({ rowCount, dimensions }: RingShape): RingLayout {
  const stride = Math.ceil(dimensions / cacheLine) * cacheLine;
  let byteLength = 0;
  const take = (bytes: number): number => {
    const offset = byteLength;
    byteLength += Math.ceil(bytes / cacheLine) * cacheLine;
    return offset;
  };
  const layout = {
    rowCount,
    dimensions,
    stride,
    vectorsOffset: take(rowCount * stride * 4),
    codesOffset: take(rowCount * stride),
    codeBoundsOffset: take(rowCount * 2 * 4),
    rowsOffset: take((rowCount + rowLanes) * 4),
    batchOffset: take(chunkRows * 4),
    sumsOffset: take(chunkRows * 4 * 4),
    hitsOffset: take(queryLanes * chunkRows * 4),
    uppersOffset: take(queryLanes * chunkRows * 4),
    foundOffset: take(queryLanes * 4),
    scoresOffset: take(chunkRows * 8),
    queryCodesOffset: take(queryLanes * stride * 2),
    queryBoundsOffset: take(4 * queryLanes * 4),
    queryOffset: take(stride * 8),
  };
  if (byteLength > memoryBytesMax) {
    throw new ImesdeError(
      'ERR_IMESDE_MEMORY',
      `${rowCount} rows of ${dimensions} dimensions need ${amountOf(byteLength)}; ` +
        `one memory holds ${amountOf(memoryBytesMax)}: ask for fewer rows`,
    );
  }
  return { ...layout, byteLength };
}

/** For people. */
export function amountOf(bytes: number): string {
  const isSmall = bytes < 2 ** 30;
  return isSmall ? `${Math.ceil(bytes / 2 ** 20)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
