/* eslint-disable @typescript-eslint/no-non-null-assertion -- Typed arrays: each index is in range by construction. */
/** Which words of a shape vary, judged by what was counted of them. */

/** From how many variants of a word on it is taken to vary; README.md says how they were chosen. */
export interface VariationRules {
  /** The fewest variants that show it, */
  readonly variantsMin: number;
  /** where at least so many words stand around it. */
  readonly contextEnough: number;
  /** For each word less, so many variants more. */
  readonly variantsStep: number;
  /** So many variants are many. Where they are fewer, */
  readonly variantsMany: number;
  /** a variant may stand beside the same neighbour in so many shapes; */
  readonly sharedMax: number;
  /** where they are many, in so many times as many shapes as there are variants. */
  readonly sharedRatio: number;
}

export const variationRules: VariationRules = {
  variantsMin: 6,
  contextEnough: 8,
  variantsStep: 6,
  variantsMany: 24,
  sharedMax: 4,
  sharedRatio: 2,
};

/** Only the first words of a shape may vary: so many, and a pair more, fit into 32 bits. */
export const slotsMax = 31;
/** Shorter shapes have no strangers. */
const wordsMin = 4;

export class Variation {
  /** Words of the shape. */
  length = 0;
  /** Of the frame without word i: the words seen there. */
  readonly variants = new Float64Array(slotsMax);
  /** Of the frame with a word more before word i: the words seen there. */
  readonly variantsBetween = new Float64Array(slotsMax + 1);
  /** Shapes that have words i - 1 and i beside each other. */
  readonly pairs = new Float64Array(slotsMax + 1);
  /** Whether word i varies, at 2i + 1, and whether a word is left out before word i, at 2i. */
  readonly marks = new Uint8Array(2 * slotsMax + 1);
  readonly #rules: VariationRules;
  readonly #strangers = new Uint8Array(slotsMax);
  readonly #sorted = new Float64Array(slotsMax);

  constructor(rules: VariationRules) {
    this.#rules = rules;
  }

  /**
   * Marks the words that a frame shows to vary: enough variants, and this one not tied to its
   * neighbours. A word that stands beside the same neighbour in ever more shapes, while the
   * variants stay as many, is one of a closed class: a level, a state, a verb.
   * @returns how many
   */
  markSlots(): number {
    const { length, marks, variants, variantsBetween } = this;
    const slots = Math.min(length, slotsMax);
    let count = 0;
    for (let i = 0; i <= slots; i += 1) {
      marks[2 * i] = variantsBetween[i]! >= this.#variantsFor(length) ? 1 : 0;
      count += marks[2 * i]!;
      if (i === slots) break;
      const seen = variants[i]!;
      const varies =
        seen >= this.#variantsFor(length - 1) && this.#shared(i) <= this.#sharedMax(seen);
      marks[2 * i + 1] = varies ? 1 : 0;
      count += marks[2 * i + 1]!;
    }
    return count;
  }

  /**
   * Finds the words that stand beside their neighbours in far fewer shapes than the other words do:
   * where several words vary at once, no frame without one of them is ever seen twice.
   * @returns how many; 0 where two stand side by side, for the second may say something of the first
   */
  findStrangers(): number {
    const { length } = this;
    const strangers = this.#strangers;
    if (length < wordsMin || length > slotsMax) return 0;
    const limit = this.#strangersLimit();
    let count = 0;
    for (let i = 0; i < length; i += 1) {
      strangers[i] = this.#shared(i) <= limit ? 1 : 0;
      count += strangers[i]!;
      if (i > 0 && strangers[i]! + strangers[i - 1]! > 1) return 0;
    }
    return count;
  }

  /** @param shapes - that have the form: each stranger may be in a small part of them alone */
  areStrangersIn(shapes: number): boolean {
    if (shapes < this.#variantsFor(this.length)) return false;
    for (let i = 0; i < this.length; i += 1) {
      if (this.#strangers[i] === 1 && this.#shared(i) * this.#rules.variantsMany > shapes)
        return false;
    }
    return true;
  }

  /** Marks strangers, beside what is marked or, with `alone`, nothing else. */
  markStrangers(alone: boolean): void {
    if (alone) this.clearMarks();
    for (let i = 0; i < this.length; i += 1) this.marks[2 * i + 1]! |= this.#strangers[i]!;
  }

  clearMarks(): void {
    this.marks.fill(0);
  }

  #variantsFor(context: number): number {
    const { variantsMin, contextEnough, variantsStep } = this.#rules;
    if (context === 0) return Infinity;
    return variantsMin + variantsStep * Math.max(0, contextEnough - context);
  }

  #sharedMax(variants: number): number {
    const { variantsMany, sharedMax, sharedRatio } = this.#rules;
    return variants < variantsMany ? sharedMax : sharedRatio * variants;
  }

  /** Shapes in which a neighbour of word i stands beside it. */
  #shared(i: number): number {
    return Math.max(this.pairs[i]!, this.pairs[i + 1]!);
  }

  /** Where the words fall apart into few shared ones and often shared ones; 0 where they don't. */
  #strangersLimit(): number {
    const { length } = this;
    const sorted = this.#sorted;
    for (let i = 0; i < length; i += 1) {
      const shared = this.#shared(i);
      let place = i;
      for (; place > 0 && sorted[place - 1]! > shared; place -= 1) {
        sorted[place] = sorted[place - 1]!;
      }
      sorted[place] = shared;
    }
    let limit = 0;
    let ratio = this.#rules.variantsMany;
    for (let i = 0; 2 * (i + 1) <= length; i += 1) {
      if (sorted[i + 1]! < ratio * sorted[i]!) continue;
      ratio = sorted[i + 1]! / sorted[i]!;
      limit = sorted[i]!;
    }
    return limit;
  }
}
