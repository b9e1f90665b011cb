/**
 * How often each of very many keys was seen, of which most are seen once: the first sight of a key
 * sets one of a few bits, only more take a place in a table (as the doorkeeper of TinyLFU: Einziger
 * et al. 2017). So a key costs five bits and what was seen again some ten bytes.
 *
 * Two keys may share a bit. Then the second takes a place at once, and its count is one too high.
 */
import { CountTable } from './count-table.ts';

const bitsAKey = 5;

export class SeenCounts {
  readonly #bits: Uint32Array;
  /** From a key to its bit. */
  readonly #scale: number;
  /** What was seen beyond what the bits hold. */
  readonly #more = new CountTable();

  /** @param keysMax - with more, more and more share a bit */
  constructor(keysMax: number) {
    this.#bits = new Uint32Array(Math.max(32, Math.ceil((keysMax * bitsAKey) / 32)));
    this.#scale = (this.#bits.length * 32) / 2 ** 32;
  }

  get bytes(): number {
    return this.#bits.byteLength + this.#more.bytes;
  }

  count(key: number): number {
    const bit = this.#bitOf(key);
    const isSet = (this.#bits[bit >>> 5]! & (1 << (bit & 31))) !== 0;
    return isSet ? this.#more.count(key) + 1 : 0;
  }

  /** @returns the count with this */
  add(key: number): number {
    const bit = this.#bitOf(key);
    const before = this.#bits[bit >>> 5]!;
    const isSet = (before & (1 << (bit & 31))) !== 0;
    if (isSet) return this.#more.increment(key) + 1;
    this.#bits[bit >>> 5] = before | (1 << (bit & 31));
    return 1;
  }

  /** @param key - was added */
  remove(key: number): void {
    // A key that has no place is the one that set its bit.
    if (this.#more.decrement(key)) return;
    const bit = this.#bitOf(key);
    this.#bits[bit >>> 5]! &= ~(1 << (bit & 31));
  }

  #bitOf(key: number): number {
    return Math.floor((key >>> 0) * this.#scale);
  }
}
