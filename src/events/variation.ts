/** Which words of a shape vary, judged by what was counted of them. README.md has the reasons. */

/** How they were chosen: README.md. */
export interface VariationRules {
  /** The fewest variants of a word that show that it varies, */
  readonly variantsMin: number;
  /** where at least so many words stand around it. */
  readonly contextEnough: number;
  /** For each word less, so many variants more. */
  readonly variantsStep: number;
  /** So many variants with a digit or a dot show it too, */
  readonly numberedMin: number;
  /** where at least so many words stand around. */
  readonly numberedContext: number;
  /** So many variants are many. Where they are fewer, */
  readonly variantsMany: number;
  /** a variant may stand beside one neighbour in so many shapes; */
  readonly sharedMax: number;
  /** where they are many, in so many times as many shapes as there are variants. */
  readonly sharedRatio: number;
}

export const variationRules: VariationRules = {
  variantsMin: 6,
  contextEnough: 8,
  variantsStep: 6,
  numberedMin: 4,
  numberedContext: 3,
  variantsMany: 24,
  sharedMax: 4,
  sharedRatio: 2,
};

/** The words that may vary are among the first so many of a shape. */
export const slotsMax = 48;
/** Shorter shapes have no strangers. */
const strangersLengthMin = 4;

export class Variation {
  /** Words of the shape. */
  length = 0;
  /** Words of it that may vary. */
  slots = 0;
  /** Whether word i has a digit or a dot. */
  readonly isNumbered = new Uint8Array(slotsMax);
  /** Of the frame without word i: the words seen there, */
  readonly variants = new Float64Array(slotsMax);
  /** and those of them that have a digit or a dot. */
  readonly numbered = new Float64Array(slotsMax);
  /** Of the frame with one word more before word i: likewise. */
  readonly variantsBetween = new Float64Array(slotsMax + 1);
  readonly numberedBetween = new Float64Array(slotsMax + 1);
  /** Shapes that have words i - 1 and i beside each other. */
  readonly pairs = new Float64Array(slotsMax + 1);
  /** Whether word i varies, at 2i + 1; whether one that varies is left out before it, at 2i. */
  readonly marks = new Uint8Array(2 * slotsMax + 1);
  readonly #rules: VariationRules;
  readonly #strangers = new Uint8Array(slotsMax);
  readonly #sorted = new Float64Array(slotsMax);

  constructor(rules: VariationRules) {
    this.#rules = rules;
  }

  /** Marks the words whose frame was seen with enough others. @returns how many */
  markSlots(): number {
    const { length, slots, marks } = this;
    let count = 0;
    for (let i = 0; i <= slots; i += 1) {
      marks[2 * i] = this.#isOpenBetween(i, length) ? 1 : 0;
      count += marks[2 * i]!;
      if (i === slots) break;
      marks[2 * i + 1] = this.#varies(i, length - 1) ? 1 : 0;
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
    const { length, slots } = this;
    const strangers = this.#strangers;
    if (length < strangersLengthMin || length > slots) return 0;
    const limit = this.#strangersLimit();
    let count = 0;
    for (let i = 0; i < length; i += 1) {
      strangers[i] = this.#shared(i) <= limit ? 1 : 0;
      count += strangers[i]!;
      if (i > 0 && strangers[i]! + strangers[i - 1]! > 1) return 0;
    }
    return count;
  }

  /**
   * Whether what was found are strangers among the shapes that have one form: each in so small a
   * part of them that there must be many.
   */
  areStrangersAmong(shapes: number): boolean {
    if (shapes < this.#variantsFor(this.length)) return false;
    for (let i = 0; i < this.length; i += 1) {
      const isHot = this.#shared(i) * this.#rules.variantsMany > shapes;
      if (this.#strangers[i] === 1 && isHot) return false;
    }
    return true;
  }

  /** Marks the strangers that were found, beside what is marked. */
  markStrangers(): void {
    for (let i = 0; i < this.length; i += 1) this.marks[2 * i + 1]! |= this.#strangers[i]!;
  }

  clearMarks(): void {
    this.marks.fill(0);
  }

  /**
   * A word that stands beside the same neighbour in ever more shapes, while the variants in its
   * place stay as many, is one of a closed class: a level, a state, a verb.
   */
  #varies(i: number, context: number): boolean {
    const { variantsMin, variantsMany, sharedMax, sharedRatio } = this.#rules;
    const variants = this.variants[i]!;
    if (variants < this.#variantsFor(context)) {
      if (!this.#isNumberedSlot(this.numbered[i]!, context)) return false;
      if (this.isNumbered[i] === 0 && variants < variantsMin) return false;
    }
    return this.#shared(i) <= (variants < variantsMany ? sharedMax : sharedRatio * variants);
  }

  #isOpenBetween(i: number, context: number): boolean {
    const variants = this.variantsBetween[i]!;
    if (variants >= this.#variantsFor(context)) return true;
    return (
      variants >= this.#rules.variantsMin && this.#isNumberedSlot(this.numberedBetween[i]!, context)
    );
  }

  #isNumberedSlot(variants: number, context: number): boolean {
    return variants >= this.#rules.numberedMin && context >= this.#rules.numberedContext;
  }

  #variantsFor(context: number): number {
    const { variantsMin, contextEnough, variantsStep } = this.#rules;
    if (context === 0) return Infinity;
    return variantsMin + variantsStep * Math.max(0, contextEnough - context);
  }

  /** Shapes in which a neighbour of word i stands beside it. */
  #shared(i: number): number {
    return Math.max(this.pairs[i]!, this.pairs[i + 1]!);
  }

  /** Where the words fall apart most, by how often they are shared; 0 where they don't. */
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
    // At most half of the words.
    for (let i = 0; 2 * (i + 1) <= length; i += 1) {
      if (sorted[i + 1]! < ratio * sorted[i]!) continue;
      ratio = sorted[i + 1]! / sorted[i]!;
      limit = sorted[i]!;
    }
    return limit;
  }
}
