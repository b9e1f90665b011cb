/** Vectors for tests, from a seed. */
import { VectorRing } from '../../src/ring/vector-ring.ts';

/** A linear congruential generator with an output mix; 0 ≤ x < 1. */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d);
    mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

export function randomVector(random: () => number, dimensions: number): Float32Array {
  return Float32Array.from({ length: dimensions }, () => random() + random() + random() - 1.5);
}

/** Many vectors near a few centres, as the shapes of logs are. */
export function clusteredVectors(
  random: () => number,
  dimensions: number,
  count: number,
): Float32Array[] {
  const centres = Array.from({ length: 5 }, () => randomVector(random, dimensions));
  return Array.from({ length: count }, (_, i) => {
    const noise = randomVector(random, dimensions);
    return centres[i % 5]!.map((value, j) => value + 0.01 * noise[j]!);
  });
}

/** A ring with these vectors in its rows, in order. */
export function ringOf(vectors: readonly Float32Array[]): VectorRing {
  const ring = VectorRing.create({ rowCount: vectors.length, dimensions: vectors[0]!.length });
  for (const [row, vector] of vectors.entries()) {
    if (!ring.write(row, vector, 0)) throw new Error('not stored');
  }
  return ring;
}

export function ascending(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => i);
}

export function shuffled(rows: Int32Array, random: () => number): Int32Array {
  for (let i = rows.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [rows[i], rows[j]] = [rows[j]!, rows[i]!];
  }
  return rows;
}
