/** Words that rules know, found by a hash that is made while a word is read. */

import { hashStart, hashStep } from '../shared/fnv.ts';

export function hashOf(word: string): number {
  let hash = hashStart;
  for (let i = 0; i < word.length; i += 1) hash = hashStep(hash, word.charCodeAt(i));
  return hash;
}

const slotCount = 2_048;

/** @returns what tells the kinds of a word, as bits added up, by its hash; 0 for all others */
export function wordTable(
  words: readonly (readonly [kind: number, words: string])[],
): (hash: number) => number {
  const hashes = new Int32Array(slotCount);
  const kinds = new Uint16Array(slotCount);
  for (const [kind, list] of words) {
    for (const word of list.split(' ')) {
      const hash = hashOf(word) | 0;
      let slot = hash & (slotCount - 1);
      while (kinds[slot] !== 0 && hashes[slot] !== hash) slot = (slot + 1) & (slotCount - 1);
      hashes[slot] = hash;
      kinds[slot]! |= kind;
    }
  }
  return (hash) => {
    let slot = hash & (slotCount - 1);
    while (kinds[slot] !== 0) {
      if (hashes[slot] === hash) return kinds[slot]!;
      slot = (slot + 1) & (slotCount - 1);
    }
    return 0;
  };
}
