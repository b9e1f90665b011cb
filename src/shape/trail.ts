import type { WordBuffer } from './word-buffer.ts';

/** Where the parts of a dotted name or a path begin, counted in kept words, while it goes on. */
export class Trail {
  #first = 0;
  #beforeLast = 0;
  #last = 0;
  #count = 1;

  /** Where the last part begins. */
  get last(): number {
    return this.#last;
  }

  /** Where the first part begins. */
  get first(): number {
    return this.#first;
  }

  /** A new name or path begins here. */
  start(index: number): void {
    this.#first = index;
    this.#last = index;
    this.#count = 1;
  }

  /** A further part begins. */
  add(index: number): void {
    this.#beforeLast = this.#last;
    this.#last = index;
    this.#count += 1;
  }

  /** A further part begins; the one before does not count where nothing of it was kept. */
  addAfterKept(index: number): void {
    if (this.#last < index) this.add(index);
    else this.#last = index;
  }

  /** The last two parts stay: drops the words of those before. */
  cut(words: WordBuffer): void {
    if (this.#count > 2 && this.#beforeLast > this.#first) {
      words.remove(this.#first, this.#beforeLast);
    }
  }

  /** This name or path ends, and the next word begins another. */
  restart(words: WordBuffer): void {
    if (this.#count > 2) this.cut(words);
    this.start(words.count);
  }

  /** Words from this index on were dropped. */
  clamp(index: number): void {
    this.#first = Math.min(this.#first, index);
    this.#beforeLast = Math.min(this.#beforeLast, index);
    this.#last = Math.min(this.#last, index);
  }
}
