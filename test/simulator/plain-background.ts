/** What shapes have in common, by the book: all samples are kept, and added up when they are asked for. */
import { dimensions } from './fake-model.ts';

/** Of the first 32 shapes each is sampled, then sixteen each time that their number doubles. */
function standsFor(n: number): number {
  let step = 1;
  for (let doubling = 32; n > doubling; doubling *= 2) step = doubling / 16;
  return n % step === 0 ? step : 0;
}

export class PlainBackground {
  #seen = 0;
  readonly #samples: { readonly weight: number; readonly vector: Float32Array }[] = [];

  /** Whether the next shape that comes into the window must have been read. */
  get isNextSampled(): boolean {
    return standsFor(this.#seen + 1) > 0;
  }

  /** @param vector - undefined where it was not read, or can't be */
  see(vector: Float32Array | undefined): void {
    this.#seen += 1;
    const weight = standsFor(this.#seen);
    if (weight > 0 && vector !== undefined) this.#samples.push({ weight, vector });
  }

  /** Drawn to nothing as by eight shapes more. */
  get mean(): number[] {
    const weights = this.#samples.reduce((sum, { weight }) => sum + weight, 8);
    return Array.from({ length: dimensions }, (_, i) => {
      const sum = this.#samples.reduce((all, { weight, vector }) => all + weight * vector[i]!, 0);
      return sum / weights;
    });
  }
}
