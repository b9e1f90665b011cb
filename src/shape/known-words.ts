/**
 * The few words that the masking rules know. They are the vocabulary of log formats and calendars,
 * not of any system's messages. A word is looked up by the hash that the masker makes anyway.
 */

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

/** A key of JSON or logfmt that names a part of every line: it says nothing about this one. */
export const structural = 1;
/** What stands before a number that has a meaning: status=503, exit code 137, errno 28. */
export const code = 2;
/** Months and days, as dates have them. */
export const calendar = 4;
/** After a number. */
export const unit = 8;
/** A name after "user" that says more than who it was. */
export const keptUser = 16;
/** The key of what a JSON line has to say. */
export const message = 32;

const words: readonly (readonly [kind: number, words: string])[] = [
  [
    structural,
    'level lvl severity loglevel msg message text log time ts timestamp date datetime logger ' +
      'thread pid tid host hostname service caller',
  ],
  [code, 'status code signal errno exit exited rc'],
  [calendar, 'jan feb mar apr may jun jul aug sep oct nov dec mon tue wed thu fri sat sun'],
  [unit, 'b kb mb gb tb kib mib gib ms us ns s sec secs am pm utc gmt'],
  [keptUser, 'root admin administrator'],
  [message, 'msg message'],
];

const slotCount = 1_024;
const hashes = new Int32Array(slotCount);
const kinds = new Uint8Array(slotCount);

for (const [kind, list] of words) {
  for (const word of list.split(' ')) {
    let slot = hashOf(word) & (slotCount - 1);
    while (kinds[slot] !== 0 && hashes[slot] !== hashOf(word)) slot = (slot + 1) & (slotCount - 1);
    hashes[slot] = hashOf(word);
    kinds[slot]! |= kind;
  }
}

/** @returns the kinds of a word, added up; 0 for all others */
export function kindsOfWord(hash: number): number {
  let slot = hash & (slotCount - 1);
  while (kinds[slot] !== 0) {
    if (hashes[slot] === hash) return kinds[slot]!;
    slot = (slot + 1) & (slotCount - 1);
  }
  return 0;
}
