/**
 * What all shapes of a stream have in common: the mean of their vectors. Two texts of one stream are
 * alike in what the stream is about; only what is left without it tells them apart, so the cosine of
 * a phrase and a shape is taken of what lies beyond the mean.
 *
 * A vector costs a reading, so few shapes are sampled: of the first 32 each, from then on sixteen each
 * time that the number of shapes doubles, every one for all that it stands for. Which they are
 * depends on the order in which shapes came alone, and their lines wait for the readings: so the
 * mean, like all else, depends on the input and not on what happens to be read.
 */
import { dot } from '../scan/dot.ts';

/** Sampled one by one, then so many each doubling; powers of two. */
const denseShapes = 32;
const doublingShapes = 16;
/** What is common to so few shapes may be chance: the mean is drawn to nothing as by so many more. */
const priorShapes = 8;

/** The mean at one moment. */
export interface Mean {
  /** Shape [stride]; empty stands for zeros. */
  readonly vector: Float64Array;
  /** The product of the mean with itself. */
  readonly square: number;
  /** Another for each other mean of a stream. */
  readonly version: number;
}

export const noMean: Mean = { vector: new Float64Array(), square: 0, version: 0 };

/** For how many shapes the n-th stands, counted from 1; 0 where it is not sampled. */
export function sampleWeight(n: number): number {
  if (n <= denseShapes) return 1;
  const below = denseShapes * 2 ** Math.floor(Math.log2((n - 1) / denseShapes));
  const step = Math.max(1, below / doublingShapes);
  return n % step === 0 ? step : 0;
}

export class Background implements Mean {
  readonly vector: Float64Array;
  square = 0;
  version = 0;
  /** Shapes that came into the window. */
  seen = 0;
  readonly #sum: Float64Array;
  #weight = priorShapes;

  constructor(stride: number) {
    this.vector = new Float64Array(stride);
    this.#sum = new Float64Array(stride);
  }

  /**
   * A shape came into the window.
   * @param at - where its vector begins; undefined where it was not read: then it is left out
   */
  see(vectors: Float32Array, at: number | undefined): void {
    this.seen += 1;
    const weight = sampleWeight(this.seen);
    if (weight === 0 || at === undefined) return;
    this.#weight += weight;
    for (let i = 0; i < this.vector.length; i += 1) {
      this.#sum[i]! += weight * vectors[at + i]!;
      this.vector[i] = this.#sum[i]! / this.#weight;
    }
    this.square = this.vector.reduce((sum, value) => sum + value * value, 0);
    this.version += 1;
  }

  /** A copy that stays as it is. */
  freeze(): Mean {
    return { vector: this.vector.slice(), square: this.square, version: this.version };
  }
}

/**
 * The mean along a vector.
 * @param vectors - hold it from `at` on: shape [stride], as rows of the ring do
 */
export function along(mean: Mean, vectors: Float32Array, at: number): number {
  return dot(vectors, at, mean.vector, mean.vector.length);
}

/**
 * The cosine of two unit vectors seen from the mean.
 * @param product - of the two
 * @param one - the mean along the one, `other` along the other
 */
export function cosineBeyond(mean: Mean, product: number, one: number, other: number): number {
  const { square } = mean;
  const lengths = Math.sqrt((1 - 2 * one + square) * (1 - 2 * other + square));
  return (product - one - other + square) / Math.max(lengths, 1e-9);
}
