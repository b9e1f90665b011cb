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
  /** What follows belongs to the scan alone. Int32[chunkRows]: rows of the chunk under way. */
  readonly chunkOffset: number;
  /** Float32[queryLanes, chunkRows]: upper bounds of their scores. */
  readonly uppersOffset: number;
  /** Int32[chunkRows]: positions in the chunk. */
  readonly hitsOffset: number;
  /** Float64[chunkRows]: scores. */
  readonly scoresOffset: number;
  /** Int16[queryLanes, stride]: codes of the queries. */
  readonly queryCodesOffset: number;
  /** Float32[3, queryLanes]: constants of the queries' bounds. */
  readonly queryBoundsOffset: number;
  /** Float64[stride]: one query. */
  readonly queryOffset: number;
  readonly byteLength: number;
}

/** Bytes; also the number of codes of which a row is made whole lines, so that no line is shared. */
export const cacheLine = 64;
/** Rows that the kernel is given at a time: their codes stay in the second-level cache. */
export const chunkRows = 512;
/** Queries that share one pass over the rows. */
export const queryLanes = 4;
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
    chunkOffset: take(chunkRows * 4),
    uppersOffset: take(queryLanes * chunkRows * 4),
    hitsOffset: take(chunkRows * 4),
    scoresOffset: take(chunkRows * 8),
    queryCodesOffset: take(queryLanes * stride * 2),
    queryBoundsOffset: take(3 * queryLanes * 4),
    queryOffset: take(stride * 8),
  };
  if (byteLength > memoryBytesMax) {
    throw new ImesdeError(
      'ERR_IMESDE_MEMORY',
      `${rowCount} rows of ${dimensions} dimensions need ${gibibytes(byteLength)}; ` +
        `one memory holds ${gibibytes(memoryBytesMax)}: ask for fewer rows`,
    );
  }
  return { ...layout, byteLength };
}

export function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
