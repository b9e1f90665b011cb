/**
 * A key as a sequence of 32-bit words, with the hash of each beginning and of each end of it, so
 * that the hash of the sequence with words left out or exchanged costs a step and not a pass. Hashes
 * are polynomials of the words: hash(a b) = hash(a) * base^length(b) + hash(b).
 */
import { hashStart, hashStep } from '../shared/fnv.ts';

/** What stands behind so many words of a key is taken for one word more. */
const wordsMax = 255;
/** As many as a sequence holds: a star may stand before and behind each word. */
const capacity = 2 * wordsMax + 3;

const base = 0x9e3779b1;
/** Another polynomial: together they tell 2^53 sequences apart. */
const otherBase = 0x85ebca6b;
const powers = powersOf(base);

/** What stands for a word that varies; no word has this hash but by chance. */
export const star = 0x2a2a2a2b;

const space = 0x20;
const dot = 0x2e;
const zero = 0x30;
const nine = 0x39;

export class WordSequence {
  length = 0;
  readonly words = new Int32Array(capacity);
  /** Whether word i has a digit or a dot, as names and ids have; of `read` alone. */
  readonly isNumbered = new Uint8Array(capacity);
  /** Hash of the words before i. */
  readonly #before = new Int32Array(capacity + 1);
  /** Hash of the words from i on. */
  readonly #from = new Int32Array(capacity + 1);

  /** Takes in the words of a key: what its spaces divide. */
  read(key: string): void {
    this.clear();
    let hash = hashStart;
    let numbered = 0;
    for (let i = 0; i < key.length; i += 1) {
      const code = key.charCodeAt(i);
      if (code === space && this.length < wordsMax) {
        this.isNumbered[this.length] = numbered;
        this.push(finished(hash));
        hash = hashStart;
        numbered = 0;
      } else {
        hash = hashStep(hash, code);
        if (code <= nine && (code >= zero || code === dot)) numbered = 1;
      }
    }
    this.isNumbered[this.length] = numbered;
    this.push(finished(hash));
    this.close();
  }

  /** Before the first `push`. */
  clear(): void {
    this.length = 0;
  }

  push(word: number): void {
    this.words[this.length] = word;
    this.length += 1;
  }

  /** After the last `push`: makes the hashes. */
  close(): void {
    const { length, words } = this;
    for (let i = 0; i < length; i += 1) {
      this.#before[i + 1] = Math.imul(this.#before[i]!, base) + words[i]!;
    }
    this.#from[length] = 0;
    for (let i = length - 1; i >= 0; i -= 1) {
      this.#from[i] = Math.imul(words[i]!, powers[length - 1 - i]!) + this.#from[i + 1]!;
    }
  }

  /** 32 bits for the frame that is left without the words `start` … `end` - 1, and where they were. */
  frame(start: number, end: number): number {
    return finished(Math.imul(this.#before[start]!, 0xc2b2ae35) ^ finished(this.#from[end]!));
  }

  /** Likewise, for the words with a digit or a dot that stood there. */
  numberedFrame(start: number, end: number): number {
    return finished(this.frame(start, end) + 0x7f4a7c15);
  }

  /** 32 bits for the words i - 1 and i beside each other; beginning and end count as words. */
  pair(i: number): number {
    const left = i === 0 ? 1 : this.words[i - 1]!;
    const right = i === this.length ? 2 : this.words[i]!;
    return finished(Math.imul(left, 0x2c1b3c6d) + Math.imul(right, 0x297a2d39));
  }

  /** 53 bits for the sequence. */
  hash(): number {
    let other = 0;
    for (let i = 0; i < this.length; i += 1) other = Math.imul(other, otherBase) + this.words[i]!;
    return (finished(other) >>> 11) * 2 ** 32 + this.hash32();
  }

  /** The lower 32 of them. */
  hash32(): number {
    return finished(this.#from[0]!) >>> 0;
  }

  /** 32 bits for the sequence with a star in the place of the words `start` … `end` - 1. */
  starredHash32(start: number, end: number): number {
    const first = Math.imul(this.#before[start]!, base) + star;
    return finished(Math.imul(first, powers[this.length - end]!) + this.#from[end]!) >>> 0;
  }
}

/** Spreads what tells hashes apart over all their bits (the finalizer of MurmurHash3). */
function finished(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function powersOf(factor: number): Int32Array {
  const result = new Int32Array(capacity + 1);
  result[0] = 1;
  for (let i = 1; i <= capacity; i += 1) result[i] = Math.imul(result[i - 1]!, factor);
  return result;
}
