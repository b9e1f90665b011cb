/**
 * What is known of words, found by their characters where they stand in a text: no string is cut out,
 * hashed and collected for a word that was met before, which is nearly every one. Open addressing;
 * when it is full the cache starts anew.
 */
import { randomInt } from 'node:crypto';
import { hashStep } from '../shared/fnv.ts';
import { tokensPerRowMax } from '../shared/limits.ts';
import { troubleSteps } from './trouble.ts';

/** Words held; logs use a few thousand. */
const wordsMax = 65_536;
/** At most half full, so that a search ends soon. */
const slotCount = 2 * wordsMax;
/** A longer word hardly comes again. */
const wordCharsMax = 64;
/** Of all words together. */
const charsMax = 16 * wordsMax;
const piecesMax = 4 * wordsMax;

// A slot is four numbers, so that what is read together lies together.
const slotStep = 4;
const hashAt = 0;
const charsAt = 1;
const piecesAt = 2;
/** Characters | wordpieces << 8 | steps of trouble << 16; 0 where the slot is free. */
const lengthsAt = 3;

export class WordCache {
  /** What the hash of a word begins with: nobody can know which words get in each other's way. */
  readonly seed = randomInt(2 ** 31);
  /** The wordpieces of all words. */
  readonly pieces = new Uint16Array(piecesMax + tokensPerRowMax);
  readonly #slots = new Int32Array((slotCount + 1) * slotStep);
  readonly #chars = new Uint16Array(charsMax);
  #count = 0;
  #charsEnd = 0;
  #piecesEnd = 0;

  /**
   * @param hash - of the characters, begun with the seed, see hashStep
   * @returns the word from `start` to `end`, or -1
   */
  find(text: string, start: number, end: number, hash: number): number {
    const slots = this.#slots;
    for (let slot = firstSlot(hash); ; slot = nextSlot(slot)) {
      const lengths = slots[slot + lengthsAt]!;
      if (lengths === 0) return -1;
      if (slots[slot + hashAt] !== hash || (lengths & 0xff) !== end - start) continue;
      const chars = slots[slot + charsAt]! - start;
      let i = start;
      while (i < end && this.#chars[chars + i] === text.charCodeAt(i)) i += 1;
      if (i === end) return slot;
    }
  }

  /** Where a word's wordpieces begin. */
  piecesOf(word: number): number {
    return this.#slots[word + piecesAt]!;
  }

  /** How many there are, at most as many as a shape has room for. */
  countOf(word: number): number {
    return (this.#slots[word + lengthsAt]! >> 8) & 0xff;
  }

  /** 0, one half or 1. */
  troubleOf(word: number): number {
    return (this.#slots[word + lengthsAt]! >> 16) / troubleSteps;
  }

  /** Takes in a word that is not here. @returns the word, good until the next is added */
  add(word: string, ids: ArrayLike<number>, trouble: number): number {
    const count = Math.min(ids.length, tokensPerRowMax);
    const lengths = (count << 8) | ((trouble * troubleSteps) << 16);
    if (word.length > wordCharsMax) {
      // Of no use to others: behind all slots, and its wordpieces behind all others.
      this.#write(slotCount * slotStep, 0, piecesMax, ids, lengths);
      return slotCount * slotStep;
    }
    this.#makeRoom(word.length, count);
    let hash = this.seed;
    for (let i = 0; i < word.length; i += 1) {
      const code = word.charCodeAt(i);
      hash = hashStep(hash, code);
      this.#chars[this.#charsEnd + i] = code;
    }
    let slot = firstSlot(hash);
    while (this.#slots[slot + lengthsAt] !== 0) slot = nextSlot(slot);
    this.#slots[slot + charsAt] = this.#charsEnd;
    this.#write(slot, hash, this.#piecesEnd, ids, lengths | word.length);
    this.#count += 1;
    this.#charsEnd += word.length;
    this.#piecesEnd += count;
    return slot;
  }

  #write(
    slot: number,
    hash: number,
    pieces: number,
    ids: ArrayLike<number>,
    lengths: number,
  ): void {
    this.#slots[slot + hashAt] = hash;
    this.#slots[slot + piecesAt] = pieces;
    this.#slots[slot + lengthsAt] = lengths;
    const count = this.countOf(slot);
    for (let i = 0; i < count; i += 1) this.pieces[pieces + i] = ids[i]!;
  }

  #makeRoom(chars: number, pieces: number): void {
    if (
      this.#count < wordsMax &&
      this.#charsEnd + chars <= charsMax &&
      this.#piecesEnd + pieces <= piecesMax
    ) {
      return;
    }
    this.#slots.fill(0);
    this.#count = 0;
    this.#charsEnd = 0;
    this.#piecesEnd = 0;
  }
}

function firstSlot(hash: number): number {
  return ((hash ^ (hash >>> 15)) & (slotCount - 1)) * slotStep;
}

function nextSlot(slot: number): number {
  return (slot + slotStep) & (slotCount * slotStep - 1);
}
