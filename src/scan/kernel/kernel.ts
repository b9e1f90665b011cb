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
@external("layout", "batch") declare const batch: usize;
@external("layout", "uppers") declare const uppers: usize;
@external("layout", "sums") declare const sums: usize;
@external("layout", "hits") declare const hits: usize;
@external("layout", "found") declare const found: usize;
@external("layout", "scores") declare const scores: usize;
@external("layout", "queryBounds") declare const queryBounds: usize;
@external("layout", "query") declare const query: usize;
/** Bytes from one query's hits to the next one's, and from its upper bounds. */
@external("layout", "hitsStride") declare const hitsStride: usize;

/** Four sums from four vectors of partial sums. */
@inline
function sumEach(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return i32x4.add(v128.shuffle<i64>(ab, cd, 0, 2), v128.shuffle<i64>(ab, cd, 1, 3));
}

/** Of a lane that is known only now: the lanes before it are shifted out. */
@inline
function laneOf(lanes: v128, lane: usize): f32 {
  const first = v128(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const bytes = i8x16.add(i8x16.splat(<i8>(lane << 2)), first);
  return f32x4.extract_lane(v128.swizzle(lanes, bytes), 0);
}

@inline
function rowAt(rows: usize, position: usize): usize {
  return <usize>load<u32>(rows + (position << 2));
}

/** Sixteen codes of a row times sixteen of a query, widened and added by fours. */
@inline
function dotSixteen(rowCodes: usize, low: v128, high: v128): v128 {
  return i32x4.add(
    i32x4.dot_i16x8_s(v128.load_ext<i8>(rowCodes), low),
    i32x4.dot_i16x8_s(v128.load_ext<i8>(rowCodes, 8), high),
  );
}

/**
 * Finds those of `count` rows (a multiple of 12) whose upper bound reaches the threshold of one query.
 * Six rows go together, from six places of the chunk: as many as the registers hold, so that the
 * query's codes are loaded for six at a time, and six streams hide each other's waiting for memory.
 */
export function boundOne(
  rows: usize,
  count: usize,
  stride: usize,
  codes: usize,
  queryCodes: usize,
): void {
  const sixth = count / 6;
  const queryEnd = queryCodes + (stride << 1);
  for (let i: usize = 0; i < sixth; i += 1) {
    let codes0 = codes + rowAt(rows, i) * stride;
    let codes1 = codes + rowAt(rows, i + sixth) * stride;
    let codes2 = codes + rowAt(rows, i + 2 * sixth) * stride;
    let codes3 = codes + rowAt(rows, i + 3 * sixth) * stride;
    let codes4 = codes + rowAt(rows, i + 4 * sixth) * stride;
    let codes5 = codes + rowAt(rows, i + 5 * sixth) * stride;
    let sum0 = i32x4.splat(0);
    let sum1 = i32x4.splat(0);
    let sum2 = i32x4.splat(0);
    let sum3 = i32x4.splat(0);
    let sum4 = i32x4.splat(0);
    let sum5 = i32x4.splat(0);
    for (let q = queryCodes; q < queryEnd; q += 32) {
      const low = v128.load(q);
      const high = v128.load(q, 16);
      sum0 = i32x4.add(sum0, dotSixteen(codes0, low, high));
      sum1 = i32x4.add(sum1, dotSixteen(codes1, low, high));
      sum2 = i32x4.add(sum2, dotSixteen(codes2, low, high));
      sum3 = i32x4.add(sum3, dotSixteen(codes3, low, high));
      sum4 = i32x4.add(sum4, dotSixteen(codes4, low, high));
      sum5 = i32x4.add(sum5, dotSixteen(codes5, low, high));
      codes0 += 16;
      codes1 += 16;
      codes2 += 16;
      codes3 += 16;
      codes4 += 16;
      codes5 += 16;
    }
    let out = sums + (i << 4);
    v128.store(out, sum0);
    v128.store((out += sixth << 4), sum1);
    v128.store((out += sixth << 4), sum2);
    v128.store((out += sixth << 4), sum3);
    v128.store((out += sixth << 4), sum4);
    v128.store((out += sixth << 4), sum5);
  }
  noteHitsOfOne(rows, count);
}

/** Apart from the loop over the numbers, which needs all registers for itself. */
@inline
function noteHitsOfOne(rows: usize, count: usize): void {
  const queryScale = v128.load_splat<u32>(queryBounds);
  const errorWeight = v128.load_splat<u32>(queryBounds + 16);
  const slack = v128.load_splat<u32>(queryBounds + 32);
  const threshold = v128.load_splat<u32>(queryBounds + 48);
  let end: usize = 0;
  for (let i: usize = 0; i < count; i += 4) {
    // Scale and error of two rows each: [scale, error, scale, error].
    let pair01 = v128.load64_zero(codeBounds + (rowAt(rows, i) << 3));
    let pair23 = v128.load64_zero(codeBounds + (rowAt(rows, i + 2) << 3));
    pair01 = v128.load_lane<u64>(codeBounds + (rowAt(rows, i + 1) << 3), pair01, 1);
    pair23 = v128.load_lane<u64>(codeBounds + (rowAt(rows, i + 3) << 3), pair23, 1);
    const four = sums + (i << 4);
    const upper = upperBound(
      sumEach(v128.load(four), v128.load(four, 16), v128.load(four, 32), v128.load(four, 48)),
      v128.shuffle<f32>(pair01, pair23, 0, 2, 4, 6),
      v128.shuffle<f32>(pair01, pair23, 1, 3, 5, 7),
      queryScale,
      errorWeight,
      slack,
    );
    let reached = i32x4.bitmask(f32x4.ge(upper, threshold));
    while (reached != 0) {
      const lane = <usize>ctz(reached);
      store<u32>(hits + end, <u32>(i + lane));
      store<f32>(uppers + end, laneOf(upper, lane));
      end += 4;
      reached &= reached - 1;
    }
  }
  store<u32>(found, <u32>(end >> 2));
}

/**
 * The same with four queries, whose codes alternate by eights. Two rows and four queries are what
 * the registers hold; reading a query's eight in order keeps them from being moved to the stack.
 */
export function boundFour(
  rows: usize,
  count: usize,
  stride: usize,
  codes: usize,
  queryCodes: usize,
): void {
  const half = count >> 1;
  const queryEnd = queryCodes + (stride << 3);
  for (let i: usize = 0; i < half; i += 1) {
    const rowA = rowAt(rows, i);
    const rowB = rowAt(rows, i + half);
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
    v128.store(sums + (i << 4), sumEach(a0, a1, a2, a3));
    v128.store(sums + ((i + half) << 4), sumEach(b0, b1, b2, b3));
  }
  noteHitsOfFour(rows, count);
}

@inline
function noteHitsOfFour(rows: usize, count: usize): void {
  const queryScales = v128.load(queryBounds);
  const errorWeights = v128.load(queryBounds, 16);
  const slacks = v128.load(queryBounds, 32);
  const thresholds = v128.load(queryBounds, 48);
  v128.store(found, i32x4.splat(0));
  for (let i: usize = 0; i < count; i += 1) {
    const bounds = codeBounds + (rowAt(rows, i) << 3);
    const upper = upperBound(
      v128.load(sums + (i << 4)),
      v128.load_splat<u32>(bounds),
      v128.load_splat<u32>(bounds + 4),
      queryScales,
      errorWeights,
      slacks,
    );
    let reached = i32x4.bitmask(f32x4.ge(upper, thresholds));
    while (reached != 0) {
      const lane = <usize>ctz(reached);
      const foundOfLane = found + (lane << 2);
      const at = lane * hitsStride + (<usize>load<u32>(foundOfLane) << 2);
      store<u32>(hits + at, <u32>i);
      store<f32>(uppers + at, laneOf(upper, lane));
      store<u32>(foundOfLane, load<u32>(foundOfLane) + 1);
      reached &= reached - 1;
    }
  }
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
 * Exact scores of the chunk's rows: float32 numbers multiplied and added as doubles, in the order
 * of dot.ts, so that both kernels give the same bits.
 */
export function rescore(count: usize, stride: usize): void {
  for (let i: usize = 0; i < count; i += 1) {
    const vector = vectors + rowAt(batch, i) * (stride << 2);
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
