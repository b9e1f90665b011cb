/**
 * Shapes → events: shapes that differ only in words which this stream has shown to vary. README.md
 * says what counts as shown, why, and what was measured.
 *
 * A shape is added once, when it is first seen, and removed when its last line leaves the window;
 * both cost some microseconds and no pass over others. Which event a shape belongs to is asked when
 * an answer is given, and decided by what is counted then: by the shapes that were added and
 * removed, in their order, and by nothing else.
 */
import { CountTable } from './count-table.ts';
import { SeenCounts } from './seen-counts.ts';
import { slotsMax, Variation, variationRules, type VariationRules } from './variation.ts';
import { star, WordSequence } from './word-sequence.ts';

/** Frames and pairs of a shape of twelve words. */
const keysAShape = 25;
/** Shapes whose forms are kept in one piece of memory. */
const pageShapes = 4_096;

export class Events {
  readonly #rules: VariationRules;
  /** Of each frame, a shape without one word: the words seen there. Of each pair: the shapes. */
  readonly #seen: SeenCounts;
  /** Of each form, a shape with stars for its words that vary: the shapes that were added so. */
  readonly #forms = new CountTable();
  /** By shape, in pages: the form it was added with, 0 for none. */
  readonly #formOf: (Uint32Array | undefined)[] = [];
  readonly #words = new WordSequence();
  readonly #form = new WordSequence();
  /** By place in the form, which word stands there. */
  readonly #wordAt: number[] = [];
  readonly #variation: Variation;
  /** Whether words vary in the event asked for last; where none does, it is that one shape. */
  isOpen = false;

  /** @param options - shapesMax: with more at once, more memory each */
  constructor(options: { readonly shapesMax: number; readonly rules?: Partial<VariationRules> }) {
    this.#rules = { ...variationRules, ...options.rules };
    this.#seen = new SeenCounts(options.shapesMax * keysAShape);
    this.#variation = new Variation(this.#rules);
  }

  /** All memory that depends on the shapes. */
  get bytes(): number {
    const pages = this.#formOf.reduce((sum, page) => sum + (page?.byteLength ?? 0), 0);
    return this.#seen.bytes + this.#forms.bytes + pages;
  }

  /**
   * Takes a new shape into account.
   * @param shape - a small integer that no other shape has until this one is removed
   * @param key - its words with one space between. Words that the line joins, as hosts and paths
   *   are, may be given as one, with dots between
   */
  add(shape: number, key: string): void {
    const seen = this.#seen;
    const words = this.#words;
    const variation = this.#variation;
    this.#read(key);
    for (let i = 0; i <= variation.slots; i += 1) {
      variation.pairs[i] = seen.add(words.pair(i));
      variation.variantsBetween[i] = 0;
      if (i === variation.slots) break;
      variation.variants[i] = seen.add(words.frame(i, i + 1));
      variation.numbered[i] =
        words.isNumbered[i] === 1 ? seen.add(words.numberedFrame(i, i + 1)) : 0;
    }
    const form = this.#formToCount();
    if (form !== 0) this.#forms.increment(form);
    this.#pageOf(shape)[shape % pageShapes] = form;
  }

  /**
   * Takes back what `add` did.
   * @param key - as it was added
   */
  remove(shape: number, key: string): void {
    const seen = this.#seen;
    const words = this.#words;
    this.#read(key);
    const { slots } = this.#variation;
    for (let i = 0; i <= slots; i += 1) {
      seen.remove(words.pair(i));
      if (i === slots) break;
      seen.remove(words.frame(i, i + 1));
      if (words.isNumbered[i] === 1) seen.remove(words.numberedFrame(i, i + 1));
    }
    const page = this.#pageOf(shape);
    const form = page[shape % pageShapes]!;
    if (form !== 0) this.#forms.decrement(form);
    page[shape % pageShapes] = 0;
  }

  /**
   * The event of a shape by what is known now: one number for all shapes of an event.
   * @param key - of a shape that was added
   */
  eventOf(key: string): number {
    this.#read(key);
    this.#look();
    const areStrangers = this.#areStrangers();
    this.#variation.markSlots();
    if (areStrangers) this.#variation.markStrangers();
    this.#makeForm();
    const wider = this.#placeOfWiderStar();
    if (wider !== -1) {
      this.#variation.marks[2 * this.#wordAt[wider]! + 1] = 1;
      this.#makeForm();
    }
    this.isOpen = this.#form.words.subarray(0, this.#form.length).includes(star);
    return this.#form.hash();
  }

  /** Which words of a shape vary within its event, counted from 0. */
  varyingWords(key: string): number[] {
    this.eventOf(key);
    const { marks, slots } = this.#variation;
    return Array.from({ length: slots }, (_, i) => i).filter((i) => marks[2 * i + 1] === 1);
  }

  #read(key: string): void {
    const words = this.#words;
    words.read(key);
    const slots = Math.min(words.length, slotsMax);
    this.#variation.length = words.length;
    this.#variation.slots = slots;
    for (let i = 0; i < slots; i += 1) this.#variation.isNumbered[i] = words.isNumbered[i]!;
  }

  /** Looks up what is known of a shape's words. */
  #look(): void {
    const seen = this.#seen;
    const words = this.#words;
    const variation = this.#variation;
    const { variantsMin, numberedMin } = this.#rules;
    for (let i = 0; i <= variation.slots; i += 1) {
      const between = seen.count(words.frame(i, i));
      variation.pairs[i] = seen.count(words.pair(i));
      variation.variantsBetween[i] = between;
      variation.numberedBetween[i] =
        between < variantsMin ? 0 : seen.count(words.numberedFrame(i, i));
      if (i === variation.slots) break;
      const variants = seen.count(words.frame(i, i + 1));
      variation.variants[i] = variants;
      variation.numbered[i] =
        variants < numberedMin ? 0 : seen.count(words.numberedFrame(i, i + 1));
    }
  }

  /** Whether several words vary at once, by the shapes that were added with this form. */
  #areStrangers(): boolean {
    const variation = this.#variation;
    if (variation.findStrangers() < 2) return false;
    variation.clearMarks();
    variation.markStrangers();
    this.#makeForm();
    return variation.areStrangersAmong(this.#forms.count(this.#form.hash32()));
  }

  /** @returns 0 where fewer than two words vary: such a form needs no count */
  #formToCount(): number {
    const variation = this.#variation;
    if (variation.markSlots() < 2) {
      if (variation.findStrangers() < 2) return 0;
      variation.clearMarks();
      variation.markStrangers();
    }
    this.#makeForm();
    return this.#form.hash32();
  }

  /** Makes the form of the words by their marks. */
  #makeForm(): void {
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
  }

  /**
   * Where a form is rare but would be a known one with a star more: the shape has a word that was
   * not seen often enough between just these, but its like was.
   * @returns the place in the form, or -1
   */
  #placeOfWiderStar(): number {
    const form = this.#form;
    const { variantsMin } = this.#rules;
    if (this.#forms.count(form.hash32()) >= variantsMin) return -1;
    for (let i = 0; i < form.length; i += 1) {
      if (form.words[i] === star || this.#wordAt[i]! >= slotsMax) continue;
      const start = i > 0 && form.words[i - 1] === star ? i - 1 : i;
      const end = i + 1 < form.length && form.words[i + 1] === star ? i + 2 : i + 1;
      if (this.#forms.count(form.starredHash32(start, end)) >= variantsMin) return i;
    }
    return -1;
  }

  #pageOf(shape: number): Uint32Array {
    return (this.#formOf[Math.floor(shape / pageShapes)] ??= new Uint32Array(pageShapes));
  }
}
