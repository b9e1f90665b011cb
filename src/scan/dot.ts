/**
 * Scalar reference kernel. Eight running sums in double precision: the same order of additions as
 * the SIMD kernel's four pairs, so that both give the same bits.
 * @param length - a multiple of 8; strides of the ring are
 */
export function dot(
  rows: Float32Array,
  offset: number,
  query: Float64Array,
  length: number,
): number {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let sum4 = 0;
  let sum5 = 0;
  let sum6 = 0;
  let sum7 = 0;
  for (let i = 0, j = offset; i < length; i += 8, j += 8) {
    sum0 += rows[j]! * query[i]!;
    sum1 += rows[j + 1]! * query[i + 1]!;
    sum2 += rows[j + 2]! * query[i + 2]!;
    sum3 += rows[j + 3]! * query[i + 3]!;
    sum4 += rows[j + 4]! * query[i + 4]!;
    sum5 += rows[j + 5]! * query[i + 5]!;
    sum6 += rows[j + 6]! * query[i + 6]!;
    sum7 += rows[j + 7]! * query[i + 7]!;
  }
  return sum0 + sum2 + (sum4 + sum6) + (sum1 + sum3 + (sum5 + sum7));
}
