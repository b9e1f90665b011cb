/**
 * A query as the kernels want it, and the bound that makes an int8 scan exact.
 *
 * Let x be a row (|x| = 1 but for float32 rounding) with codes q and scale s, so that x = s·q + d,
 * and |d| ≤ error is kept beside the codes. Let y be the query (|y| = 1) with codes p and scale t,
 * and |y − t·p| = e. Then x·y − (s·q)·(t·p) = d·y + (s·q)·(y − t·p), and by Cauchy and Schwarz
 *
 *   |x·y − s·t·(q·p)| ≤ error + |s·q|·e ≤ error + (|x| + error)·e = error·(1 + e) + |x|·e
 *
 * q·p is an integer sum without rounding. The rest is float32 arithmetic on numbers near 1 or
 * below: converting, two products, two sums and |x| ≤ 1 + 1e-7 cost less than 5e-7 in all, and
 * `roundingSlack` covers twice that. So a row's score lies within errorWeight · error + slack of
 * what the codes say, where errorWeight = 1 + e and slack = e + roundingSlack. For 384 dimensions
 * of a sentence model, error is about .006 and e about .00003.
 */
import { ImesdeError } from '../shared/errors.ts';
import { queryLanes } from '../ring/layout.ts';

export interface QueryCode {
  /** The query L2-normalised in double precision; [stride], padded with zeros. */
  readonly values: Float64Array;
  /** [stride] */
  readonly codes: Int16Array;
  readonly scale: number;
  readonly errorWeight: number;
  readonly slack: number;
}

/** Queries that share a pass over the rows: 1, or up to `queryLanes`. */
export interface QueryBlock {
  readonly queries: readonly QueryCode[];
  /** Index of the first one in the request. */
  readonly first: number;
  /** One query's codes; of several, eight of each in turn, missing ones as zeros. */
  readonly codes: Int16Array;
  /** Float32[3, queryLanes]: scales, error weights, slacks. */
  readonly bounds: Float32Array;
}

export const roundingSlack = 1e-6;

const rowCodeMax = 127;
const queryCodeMax = 32_767;
const sumMax = 2 ** 31 - 1;
const eight = 8;

/** @throws {ImesdeError} ERR_IMESDE_DIMENSIONS, ERR_IMESDE_VECTOR */
export function encodeQuery(query: Float32Array, dimensions: number, stride: number): QueryCode {
  if (query.length !== dimensions) {
    throw new ImesdeError(
      'ERR_IMESDE_DIMENSIONS',
      `a query of ${query.length} dimensions can't be compared with rows of ${dimensions}`,
    );
  }
  let squares = 0;
  for (let i = 0; i < dimensions; i += 1) squares += query[i]! * query[i]!;
  if (!(squares > 0 && squares < Infinity)) {
    throw new ImesdeError('ERR_IMESDE_VECTOR', 'a query must be finite and not zero');
  }
  const values = new Float64Array(stride);
  const inverse = 1 / Math.sqrt(squares);
  let largest = 0;
  for (let i = 0; i < dimensions; i += 1) {
    const value = query[i]! * inverse;
    values[i] = value;
    largest = Math.max(largest, Math.abs(value));
  }
  const scale = Math.fround(Math.max(largest / queryCodeMax, overflowScale(dimensions)));
  const codes = new Int16Array(stride);
  let errorSquares = 0;
  for (let i = 0; i < dimensions; i += 1) {
    const value = values[i]!;
    const code = Math.round(value / scale);
    codes[i] = code;
    const error = value - scale * code;
    errorSquares += error * error;
  }
  const error = Math.sqrt(errorSquares);
  return { values, codes, scale, errorWeight: 1 + error, slack: error + roundingSlack };
}

/**
 * The least scale with which no sum of products, nor any part of it, overflows an int32: such a
 * sum is at most |q|·|p|, with |q| ≤ 127·√dimensions and |p| ≤ 1/scale + √dimensions/2.
 */
function overflowScale(dimensions: number): number {
  const root = Math.sqrt(dimensions);
  return 1 / (sumMax / (rowCodeMax * root) - root);
}

/** Splits queries into blocks: fours, and what remains alone where that is no slower. */
export function blocksOf(queries: readonly QueryCode[]): QueryBlock[] {
  const blocks: QueryBlock[] = [];
  for (let first = 0; first < queries.length;) {
    // Four lanes cost as much as three scans of one, so two alone are cheaper.
    const count = queries.length - first > 2 ? queryLanes : 1;
    blocks.push(blockOf(queries.slice(first, first + count), first));
    first += count;
  }
  return blocks;
}

function blockOf(queries: readonly QueryCode[], first: number): QueryBlock {
  const bounds = new Float32Array(3 * queryLanes);
  for (const [lane, query] of queries.entries()) {
    bounds[lane] = query.scale;
    bounds[queryLanes + lane] = query.errorWeight;
    bounds[2 * queryLanes + lane] = query.slack;
  }
  return { queries, first, codes: interleave(queries), bounds };
}

function interleave(queries: readonly QueryCode[]): Int16Array {
  const [query] = queries;
  if (queries.length === 1) return query!.codes;
  const stride = query!.codes.length;
  const codes = new Int16Array(stride * queryLanes);
  for (const [lane, { codes: own }] of queries.entries()) {
    for (let i = 0; i < stride; i += eight) {
      codes.set(own.subarray(i, i + eight), i * queryLanes + lane * eight);
    }
  }
  return codes;
}
