/** Words that rules know, found by a hash that is made while a word is read. */

/** FNV-1a over code units (Fowler, Noll, Vo): a start, and a step for each unit. */
export const hashStart = 0x811c9dc5;
const hashPrime = 0x01000193;

export function hashStep(hash: number, code: number): number {
  return Math.imul(hash ^ code, hashPrime);
}

export function hashOf(word: string): number {
  let hash = hashStart;
  for (let i = 0; i < word.length; i += 1) hash = hashStep(hash, word.charCodeAt(i));
  return hash;
}

const slotCount = 2_048;

/** Kinds of words, as bits. */
export class WordTable {
  readonly #hashes = new Int32Array(slotCount);
  readonly #kinds = new Uint16Array(slotCount);

  constructor(words: readonly (readonly [kind: number, words: string])[]) {
    for (const [kind, list] of words) {
      for (const word of list.split(' ')) {
        const hash = hashOf(word);
        let slot = hash & (slotCount - 1);
        while (this.#kinds[slot] !== 0 && this.#hashes[slot] !== hash) {
          slot = (slot + 1) & (slotCount - 1);
        }
        this.#hashes[slot] = hash;
        this.#kinds[slot]! |= kind;
      }
    }
  }

  /** @returns the kinds of a word, added up; 0 for all others */
  kindsOf(hash: number): number {
    let slot = hash & (slotCount - 1);
    while (this.#kinds[slot] !== 0) {
      if (this.#hashes[slot] === hash) return this.#kinds[slot]!;
      slot = (slot + 1) & (slotCount - 1);
    }
    return 0;
  }
}
