/**
 * The scan in WebAssembly SIMD, over the ring's shared memory in place. This file is AssemblyScript
 * (its own types, compiled by asc); wasm-kernel.ts holds the other end of each import and export.
 *
 * An int8 row times an int16 query: `dot_i16x8_s` multiplies eight pairs and adds neighbours into
 * four int32, which can't overflow (query-code.ts bounds the query's codes for that). Three vector
 * instructions for eight numbers (widen, multiply, add) are what one query costs; four queries
 * share the first.
 */

// Offsets in bytes, see ring/layout.ts; constants for as long as the instance lives. What an inner
// loop reads comes as a parameter instead, and its pointers move along: V8 keeps those in
// registers, but would compute `codes + row * stride` anew for every step (20 % slower in all).
@external("layout", "vectors") declare const vectors: usize;
@external("layout", "codeBounds") declare const codeBounds: usize;
@external("layout", "chunk") declare const chunk: usize;
@external("layout", "uppers") declare const uppers: usize;
@external("layout", "hits") declare const hits: usize;
@external("layout", "scores") declare const scores: usize;
@external("layout", "queryBounds") declare const queryBounds: usize;
@external("layout", "query") declare const query: usize;
/** Bytes from one query's upper bounds to the next one's. */
@external("layout", "uppersStride") declare const uppersStride: usize;

/** Four sums from four vectors of partial sums. */
@inline
function sumEach(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return i32x4.add(v128.shuffle<i64>(ab, cd, 0, 2), v128.shuffle<i64>(ab, cd, 1, 3));
}

@inline
function rowAt(position: usize): usize {
  return <usize>load<u32>(chunk + (position << 2));
}

/** Eight codes of a row times eight of a query, widened and added in pairs. */
@inline
function dotLow(rowCodes: usize, queryEight: v128): v128 {
  return i32x4.dot_i16x8_s(v128.load_ext<i8>(rowCodes), queryEight);
}

/** The same with the next eight codes. An offset in the instruction is an addition less. */
@inline
function dotHigh(rowCodes: usize, queryEight: v128): v128 {
  return i32x4.dot_i16x8_s(v128.load_ext<i8>(rowCodes, 8), queryEight);
}

/**
 * Upper bounds of the scores of `count` rows (a multiple of 4) with one query. Four rows go
 * together, from four places a quarter of the chunk apart: four streams hide each other's waiting
 * for memory, and halved the time of a scan that is larger than the cache.
 */
export function boundOne(
  count: usize,
  stride: usize,
  codes: usize,
  queryCodes: usize,
): void {
  const quarter = count >> 2;
  const queryEnd = queryCodes + (stride << 1);
  for (let i: usize = 0; i < quarter; i += 1) {
    const row0 = rowAt(i);
    const row1 = rowAt(i + quarter);
    const row2 = rowAt(i + 2 * quarter);
    const row3 = rowAt(i + 3 * quarter);
    let codes0 = codes + row0 * stride;
    let codes1 = codes + row1 * stride;
    let codes2 = codes + row2 * stride;
    let codes3 = codes + row3 * stride;
    let sum0 = i32x4.splat(0);
    let sum1 = i32x4.splat(0);
    let sum2 = i32x4.splat(0);
    let sum3 = i32x4.splat(0);
    for (let q = queryCodes; q < queryEnd; q += 32) {
      const low = v128.load(q);
      sum0 = i32x4.add(sum0, dotLow(codes0, low));
      sum1 = i32x4.add(sum1, dotLow(codes1, low));
      sum2 = i32x4.add(sum2, dotLow(codes2, low));
      sum3 = i32x4.add(sum3, dotLow(codes3, low));
      const high = v128.load(q, 16);
      sum0 = i32x4.add(sum0, dotHigh(codes0, high));
      sum1 = i32x4.add(sum1, dotHigh(codes1, high));
      sum2 = i32x4.add(sum2, dotHigh(codes2, high));
      sum3 = i32x4.add(sum3, dotHigh(codes3, high));
      codes0 += 16;
      codes1 += 16;
      codes2 += 16;
      codes3 += 16;
    }
    // Scale and error of two rows each: [scale, error, scale, error].
    let pair01 = v128.load64_zero(codeBounds + (row0 << 3));
    let pair23 = v128.load64_zero(codeBounds + (row2 << 3));
    pair01 = v128.load_lane<u64>(codeBounds + (row1 << 3), pair01, 1);
    pair23 = v128.load_lane<u64>(codeBounds + (row3 << 3), pair23, 1);
    const upper = upperBound(
      sumEach(sum0, sum1, sum2, sum3),
      v128.shuffle<f32>(pair01, pair23, 0, 2, 4, 6),
      v128.shuffle<f32>(pair01, pair23, 1, 3, 5, 7),
      v128.load_splat<u32>(queryBounds),
      v128.load_splat<u32>(queryBounds + 16),
      v128.load_splat<u32>(queryBounds + 32),
    );
    const out = uppers + (i << 2);
    v128.store_lane<u32>(out, upper, 0);
    v128.store_lane<u32>(out + (quarter << 2), upper, 1);
    v128.store_lane<u32>(out + (quarter << 3), upper, 2);
    v128.store_lane<u32>(out + 3 * (quarter << 2), upper, 3);
  }
}

/**
 * The same with four queries, whose codes alternate by eights. Two rows and four queries are what
 * the registers hold; reading a query's eight in order keeps them from being moved to the stack.
 */
export function boundFour(
  count: usize,
  stride: usize,
  codes: usize,
  queryCodes: usize,
): void {
  const half = count >> 1;
  const queryEnd = queryCodes + (stride << 3);
  for (let i: usize = 0; i < half; i += 1) {
    const rowA = rowAt(i);
    const rowB = rowAt(i + half);
    let codesA = codes + rowA * stride;
    let codesB = codes + rowB * stride;
    let a0 = i32x4.splat(0);
    let a1 = i32x4.splat(0);
    let a2 = i32x4.splat(0);
    let a3 = i32x4.splat(0);
    let b0 = i32x4.splat(0);
    let b1 = i32x4.splat(0);
    let b2 = i32x4.splat(0);
    let b3 = i32x4.splat(0);
    for (let q = queryCodes; q < queryEnd; q += 64) {
      const a = v128.load_ext<i8>(codesA);
      const b = v128.load_ext<i8>(codesB);
      const q0 = v128.load(q);
      a0 = i32x4.add(a0, i32x4.dot_i16x8_s(a, q0));
      b0 = i32x4.add(b0, i32x4.dot_i16x8_s(b, q0));
      const q1 = v128.load(q, 16);
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(a, q1));
      b1 = i32x4.add(b1, i32x4.dot_i16x8_s(b, q1));
      const q2 = v128.load(q, 32);
      a2 = i32x4.add(a2, i32x4.dot_i16x8_s(a, q2));
      b2 = i32x4.add(b2, i32x4.dot_i16x8_s(b, q2));
      const q3 = v128.load(q, 48);
      a3 = i32x4.add(a3, i32x4.dot_i16x8_s(a, q3));
      b3 = i32x4.add(b3, i32x4.dot_i16x8_s(b, q3));
      codesA += 8;
      codesB += 8;
    }
    storeFour(uppers + (i << 2), rowA, sumEach(a0, a1, a2, a3));
    storeFour(uppers + ((i + half) << 2), rowB, sumEach(b0, b1, b2, b3));
  }
}

@inline
function storeFour(out: usize, row: usize, sums: v128): void {
  const upper = upperBound(
    sums,
    v128.load_splat<u32>(codeBounds + (row << 3)),
    v128.load_splat<u32>(codeBounds + (row << 3) + 4),
    v128.load(queryBounds),
    v128.load(queryBounds, 16),
    v128.load(queryBounds, 32),
  );
  v128.store_lane<u32>(out, upper, 0);
  v128.store_lane<u32>(out + uppersStride, upper, 1);
  v128.store_lane<u32>(out + 2 * uppersStride, upper, 2);
  v128.store_lane<u32>(out + 3 * uppersStride, upper, 3);
}

/** sum · scale · query scale + error · weight + slack; query-code.ts derives it. */
@inline
function upperBound(
  sums: v128,
  scale: v128,
  error: v128,
  queryScale: v128,
  errorWeight: v128,
  slack: v128,
): v128 {
  const score = f32x4.mul(f32x4.convert_i32x4_s(sums), f32x4.mul(scale, queryScale));
  return f32x4.add(score, f32x4.add(f32x4.mul(error, errorWeight), slack));
}

/**
 * Positions of the chunk whose upper bound reaches a threshold, in ascending order.
 * @param lane - which query's bounds
 * @param count - a multiple of 4
 */
export function collect(lane: usize, count: usize, threshold: f32): usize {
  const bounds = uppers + lane * uppersStride;
  const least = f32x4.splat(threshold);
  let end = hits;
  for (let i: usize = 0; i < count; i += 4) {
    let reached = i32x4.bitmask(f32x4.ge(v128.load(bounds + (i << 2)), least));
    while (reached != 0) {
      store<u32>(end, <u32>i + <u32>ctz(reached));
      end += 4;
      reached &= reached - 1;
    }
  }
  return (end - hits) >> 2;
}

/**
 * Exact scores of the chunk's rows: float32 numbers multiplied and added as doubles, in the order
 * of dot.ts, so that both kernels give the same bits.
 */
export function rescore(count: usize, stride: usize): void {
  for (let i: usize = 0; i < count; i += 1) {
    const vector = vectors + rowAt(i) * (stride << 2);
    let sum01 = f64x2.splat(0);
    let sum23 = f64x2.splat(0);
    let sum45 = f64x2.splat(0);
    let sum67 = f64x2.splat(0);
    for (let j: usize = 0; j < stride; j += 8) {
      const x = vector + (j << 2);
      const y = query + (j << 3);
      sum01 = f64x2.add(sum01, multiplyTwo(x, y));
      sum23 = f64x2.add(sum23, multiplyTwo(x + 8, y + 16));
      sum45 = f64x2.add(sum45, multiplyTwo(x + 16, y + 32));
      sum67 = f64x2.add(sum67, multiplyTwo(x + 24, y + 48));
    }
    const sums = f64x2.add(f64x2.add(sum01, sum23), f64x2.add(sum45, sum67));
    store<f64>(scores + (i << 3), f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1));
  }
}

@inline
function multiplyTwo(x: usize, y: usize): v128 {
  return f64x2.mul(f64x2.promote_low_f32x4(v128.load64_zero(x)), v128.load(y));
}
