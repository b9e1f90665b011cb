/* eslint-disable @typescript-eslint/no-non-null-assertion -- Typed arrays: each index is in range by construction. */
/**
 * Of many keys most are seen once. This remembers in a few bits that a key was seen, so that only
 * what is seen again takes a place in a table (as the doorkeeper of TinyLFU: Einziger et al. 2017).
 * Two keys may share a bit: then one is taken for seen before, which costs it a place in the table
 * and counts it once too often.
 */
const bitsAKey = 5;

export class FirstSight {
  readonly #bits: Uint32Array;
  /** From a key to its bit. */
  readonly #scale: number;

  /** @param keysMax - with more, more and more are taken for seen before */
  constructor(keysMax: number) {
    this.#bits = new Uint32Array(Math.max(32, Math.ceil((keysMax * bitsAKey) / 32)));
    this.#scale = (this.#bits.length * 32) / 2 ** 32;
  }

  get bytes(): number {
    return this.#bits.byteLength;
  }

  has(key: number): boolean {
    const bit = this.#bitOf(key);
    return (this.#bits[bit >>> 5]! & (1 << (bit & 31))) !== 0;
  }

  /** @returns whether this was the first sight of the key; then it is remembered */
  isFirst(key: number): boolean {
    const bit = this.#bitOf(key);
    const before = this.#bits[bit >>> 5]!;
    const after = before | (1 << (bit & 31));
    this.#bits[bit >>> 5] = after;
    return before !== after >>> 0;
  }

  /** @param key - was a first sight */
  forget(key: number): void {
    const bit = this.#bitOf(key);
    this.#bits[bit >>> 5]! &= ~(1 << (bit & 31));
  }

  #bitOf(key: number): number {
    return Math.floor((key >>> 0) * this.#scale);
  }
}
