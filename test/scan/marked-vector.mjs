/**
 * A vector that belongs to one number, and carries a checksum of its own: whatever its length, its
 * last number makes the weighted sum of all vanish.
 * @param {number} mark
 * @param {number} dimensions
 * @returns {Float32Array}
 */
export function markedVector(mark, dimensions) {
  const vector = new Float32Array(dimensions);
  let state = Math.imul(Math.round(mark * 10), 0x9e3779b1) | 1;
  let sum = 0;
  for (let i = 0; i < dimensions - 1; i += 1) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
    const value = (state ^ (state >>> 13)) / 2 ** 31;
    vector[i] = value;
    sum += value * weight(i);
  }
  vector[dimensions - 1] = -sum;
  return vector;
}

/**
 * How far the numbers of a vector are from what its checksum promises; 0 but for rounding.
 * @param {Float32Array} vector
 * @returns {number}
 */
export function checksumError(vector) {
  const last = vector.length - 1;
  return Math.abs(vector.reduce((sum, value, i) => sum + value * (i < last ? weight(i) : 1), 0));
}

/** @param {number} i */
function weight(i) {
  return 0.02 + (i % 7) / 50;
}
