import { Buffer } from 'node:buffer';
import { hashStart, hashStep } from '../shared/fnv.ts';
import { hashOf } from './word-kinds.ts';

/** A line's longest word, and what was kept before it. */
const capacityChars = 65_536;
const capacityWords = 1_024;
const space = 0x20;
/** Longest run of words that is told once where it is said twice. */
const repeatedWordsMax = 4;
const canHash = hashOf('can');

/**
 * The words that were kept of a line so far, in memory that is used again for each line. Word i is
 * chars[starts[i]] … chars[starts[i + 1] - 2], then a space. Whoever writes a word puts it behind
 * the last, from `end` on, and then closes it.
 */
export class WordBuffer {
  /** Words kept. */
  count = 0;
  /** Words before this one are not looked at for repeats. */
  floor = 0;
  /** Where the next word goes. */
  end = 0;
  readonly chars = new Uint16Array(capacityChars);
  readonly #bytes = Buffer.from(this.chars.buffer);
  readonly #starts = new Int32Array(capacityWords + 1);
  readonly #hashes = new Int32Array(capacityWords);

  clear(): void {
    this.count = 0;
    this.floor = 0;
    this.end = 0;
  }

  /** Closes the word that was written up to `end`; nothing happens where there is none. */
  closeWord(end: number, hash: number): void {
    if (end === this.end || this.count === capacityWords) return;
    this.#hashes[this.count] = hash;
    this.chars[end] = space;
    this.end = end + 1;
    this.count += 1;
    this.#starts[this.count] = this.end;
  }

  /** Drops the words from `index` on. */
  truncate(index: number): void {
    this.count = index;
    this.end = this.#starts[index]!;
  }

  /** Drops words `from` … `to` - 1. */
  remove(from: number, to: number): void {
    const shift = this.#starts[to]! - this.#starts[from]!;
    this.chars.copyWithin(this.#starts[from]!, this.#starts[to]!, this.end);
    this.#hashes.copyWithin(from, to, this.count);
    for (let i = to; i <= this.count; i += 1)
      this.#starts[from + i - to] = this.#starts[i]! - shift;
    this.count -= to - from;
    this.end -= shift;
  }

  hashAt(index: number): number {
    return this.#hashes[index]!;
  }

  /** Whether a word ends in these small letters. */
  endsWith(index: number, letters: string): boolean {
    const end = this.#starts[index + 1]! - 1;
    const start = end - letters.length;
    if (start < this.#starts[index]!) return false;
    for (let i = 0; i < letters.length; i += 1) {
      if (this.chars[start + i] !== letters.charCodeAt(i)) return false;
    }
    return true;
  }

  /** Where the last words repeat those just before them, drops them. @returns whether they did */
  dropRepeats(): boolean {
    const { count } = this;
    if (!this.#lastWordRepeats()) return false; // Nearly always.
    let run = 1;
    while (run <= repeatedWordsMax) {
      if (this.#repeats(run)) {
        this.truncate(this.count - run);
        run = 1;
      } else {
        run += 1;
      }
    }
    return this.count < count;
  }

  /** Makes the words `couldn` and `t` of couldn't be `could not`, and can't `can not`. */
  negate(index: number): void {
    const stem = index - 1;
    if (!this.endsWith(stem, 'n')) return;
    const stemStart = this.#starts[stem]!;
    const stemEnd = this.#starts[index]! - 1;
    if (this.#hashes[stem] === canHash) {
      this.truncate(index);
    } else {
      this.truncate(stem);
      let hash = hashStart;
      for (let i = stemStart; i < stemEnd - 1; i += 1) hash = hashStep(hash, this.chars[i]!);
      this.closeWord(stemEnd - 1, hash);
    }
    this.append('not');
  }

  /** Drops those words from `index` on that were said before. */
  dropKnown(index: number): void {
    for (let i = index; i < this.count;) {
      let isKnown = false;
      for (let k = 0; k < i && !isKnown; k += 1) isKnown = this.#hashes[k] === this.#hashes[i];
      if (isKnown) this.remove(i, i + 1);
      else i += 1;
    }
  }

  append(word: string): void {
    for (let i = 0; i < word.length; i += 1) this.chars[this.end + i] = word.charCodeAt(i);
    this.closeWord(this.end + word.length, hashOf(word));
  }

  /**
   * At most so many words with single spaces between them, in memory of its own.
   * @param first - the words from here to `last` - 1 come first, the others behind them
   */
  toString(wordsMax: number, first = 0, last = this.count): string {
    const { count } = this;
    if (first === 0 || first >= Math.min(last, count)) return this.#text(Math.min(count, wordsMax));
    const from = this.#starts[first]!;
    const to = this.#starts[Math.min(last, count)]!;
    const { chars, end } = this;
    let start = from;
    if (to < end) {
      // A copy behind the last word: the message, what stands before it, what follows.
      start = end;
      chars.copyWithin(end, from, to);
      chars.copyWithin(end + to, to, end);
    }
    // What stands before is short, mostly: a loop is faster than a call.
    for (let i = 0, out = start + to - from; i < from; i += 1, out += 1) chars[out] = chars[i]!;
    let length = this.end;
    if (count > wordsMax) {
      length = 0;
      for (let words = 0; words < wordsMax; length += 1) {
        if (this.chars[start + length] === space) words += 1;
      }
    }
    return this.#bytes.toString('utf16le', start * 2, (start + length - 1) * 2);
  }

  #text(count: number): string {
    if (count === 0) return '';
    return this.#bytes.toString('utf16le', 0, (this.#starts[count]! - 1) * 2);
  }

  /** Whether the last word is among the few before it, without which nothing repeats. */
  #lastWordRepeats(): boolean {
    const hashes = this.#hashes;
    const last = this.count - 1;
    const hash = hashes[last];
    for (let i = Math.max(this.floor, last - repeatedWordsMax); i < last; i += 1) {
      if (hashes[i] === hash) return true;
    }
    return false;
  }

  #repeats(run: number): boolean {
    const { count } = this;
    if (count - this.floor < 2 * run) return false;
    for (let i = count - run; i < count; i += 1) {
      if (this.#hashes[i] !== this.#hashes[i - run]) return false;
    }
    return true;
  }
}
