/* eslint-disable @typescript-eslint/no-non-null-assertion -- Typed arrays: each index is in range by construction. */
import { CountTable } from './count-table.ts';
import { FirstSight } from './first-sight.ts';
import { ShapeRecords } from './shape-records.ts';
import { slotsMax, Variation, variationRules, type VariationRules } from './variation.ts';
import { star, WordSequence } from './word-sequence.ts';

/** Frames and pairs of a shape of twelve words. */
const keysAShape = 25;

export class Events {
  readonly #rules: VariationRules;
  readonly #sight: FirstSight;
  /** Of each frame, a shape without one word: the words seen there, but the first. */
  readonly #frames = new CountTable();
  /** Of each two words beside each other: the shapes that have them, but the first. */
  readonly #pairs = new CountTable();
  /** Of each form, a shape with stars for words: the shapes that had it when they were added. */
  readonly #forms = new CountTable();
  readonly #records = new ShapeRecords();
  readonly #words = new WordSequence();
  readonly #form = new WordSequence();
  /** By place in the form, which word stands there. */
  readonly #wordAt: number[] = [];
  readonly #variation: Variation;

  /** @param options - shapesMax: with more at once, the memory for each grows */
  constructor(options: { readonly shapesMax: number; readonly rules?: Partial<VariationRules> }) {
    this.#rules = { ...variationRules, ...options.rules };
    this.#sight = new FirstSight(options.shapesMax * keysAShape);
    this.#variation = new Variation(this.#rules);
  }

  /** Of memory that grows with the shapes. */
  get bytes(): number {
    const tables = this.#frames.bytes + this.#pairs.bytes + this.#forms.bytes;
    return this.#sight.bytes + tables + this.#records.bytes;
  }

  /**
   * Takes a new shape into account.
   * @param shape - a small integer that no other shape has until this one is removed
   * @param key - words with one space between
   */
  add(shape: number, key: string): void {
    const words = this.#words;
    const { pairs, variants, variantsBetween } = this.#variation;
    const slots = this.#read(key);
    let countedFrames = 0;
    let countedPairs = 0;
    for (let i = 0; i <= slots; i += 1) {
      variantsBetween[i] = 0;
      pairs[i] = this.#count(this.#pairs, words.pair(i));
      if (pairs[i]! > 1) countedPairs |= 1 << i;
      if (i === slots) break;
      variants[i] = this.#count(this.#frames, words.frame(i, i + 1));
      if (variants[i]! > 1) countedFrames |= 1 << i;
    }
    const form = this.#formToCount();
    if (form !== 0) this.#forms.increment(form);
    this.#records.write(shape, countedFrames, countedPairs, form);
  }

  /**
   * Takes back what `add` did.
   * @param key - as it was added
   */
  remove(shape: number, key: string): void {
    const words = this.#words;
    const slots = this.#read(key);
    const countedFrames = this.#records.frames(shape);
    const countedPairs = this.#records.pairs(shape);
    for (let i = 0; i <= slots; i += 1) {
      this.#discount(this.#pairs, words.pair(i), (countedPairs & (1 << i)) !== 0);
      if (i === slots) break;
      this.#discount(this.#frames, words.frame(i, i + 1), (countedFrames & (1 << i)) !== 0);
    }
    const form = this.#records.form(shape);
    if (form !== 0) this.#forms.decrement(form);
    this.#records.write(shape, 0, 0, 0);
  }

  /**
   * The event of a shape by what is known now: the same number for all shapes of an event.
   * @param key - of a shape that was added
   */
  eventOf(key: string): number {
    this.#look(key);
    const hash = this.#makeForm();
    const wider = this.#widerStar(hash);
    if (wider === -1) return hash;
    this.#variation.marks[2 * this.#wordAt[wider]! + 1] = 1;
    return this.#makeForm();
  }

  /** Which words of a shape vary within its event, counted from 0. */
  varyingWords(key: string): number[] {
    this.eventOf(key);
    const { marks } = this.#variation;
    const slots = Math.min(this.#words.length, slotsMax);
    return Array.from({ length: slots }, (_, i) => i).filter((i) => marks[2 * i + 1] === 1);
  }

  /** @returns how many words may vary */
  #read(key: string): number {
    this.#words.read(key);
    this.#variation.length = this.#words.length;
    return Math.min(this.#words.length, slotsMax);
  }

  /** Marks what varies of a shape. */
  #look(key: string): void {
    const words = this.#words;
    const variation = this.#variation;
    const slots = this.#read(key);
    for (let i = 0; i <= slots; i += 1) {
      variation.pairs[i] = this.#counted(this.#pairs, words.pair(i));
      variation.variantsBetween[i] = this.#counted(this.#frames, words.frame(i, i));
      if (i < slots) variation.variants[i] = this.#counted(this.#frames, words.frame(i, i + 1));
    }
    let areStrangers = variation.findStrangers() > 1;
    if (areStrangers) {
      variation.markStrangers(true);
      areStrangers = variation.areStrangersIn(this.#forms.count(key32(this.#makeForm())));
    }
    variation.markSlots();
    if (areStrangers) variation.markStrangers(false);
  }

  #count(table: CountTable, key: number): number {
    return this.#sight.isFirst(key) ? 1 : table.increment(key) + 1;
  }

  #counted(table: CountTable, key: number): number {
    return this.#sight.has(key) ? table.count(key) + 1 : 0;
  }

  #discount(table: CountTable, key: number, wasCounted: boolean): void {
    if (wasCounted) table.decrement(key);
    else this.#sight.forget(key);
  }

  /** @returns 0 where fewer than two words vary: such a form needs no count */
  #formToCount(): number {
    const variation = this.#variation;
    if (variation.markSlots() < 2) {
      if (variation.findStrangers() < 2) return 0;
      variation.markStrangers(true);
    }
    return key32(this.#makeForm());
  }

  /** Makes the form of the words by their marks. @returns its number */
  #makeForm(): number {
    const words = this.#words;
    const form = this.#form;
    const { marks } = this.#variation;
    form.clear();
    let afterStar = false;
    for (let i = 0; i <= 2 * words.length; i += 1) {
      if (i < marks.length && marks[i] === 1) {
        if (!afterStar) form.push(star);
        afterStar = true;
      } else if ((i & 1) === 1) {
        this.#wordAt[form.length] = i >> 1;
        form.push(words.words[i >> 1]!);
        afterStar = false;
      }
    }
    form.close();
    return form.hash();
  }

  /**
   * Where a form is rare but would be a known one with a star more: the shape has a word that was
   * not seen often enough in this very place, but its like was.
   * @returns the place in the form, or -1
   */
  #widerStar(hash: number): number {
    const form = this.#form;
    const { variantsMin } = this.#rules;
    if (this.#forms.count(key32(hash)) >= variantsMin) return -1;
    for (let i = 0; i < form.length; i += 1) {
      if (form.words[i] === star || this.#wordAt[i]! >= slotsMax) continue;
      const start = i > 0 && form.words[i - 1] === star ? i - 1 : i;
      const end = i + 1 < form.length && form.words[i + 1] === star ? i + 2 : i + 1;
      if (this.#forms.count(key32(form.starredHash(start, end))) >= variantsMin) return i;
    }
    return -1;
  }
}

/** A form's number, in as many bits as the tables take; never 0. */
function key32(hash: number): number {
  return hash >>> 0 || 1;
}
