/** FNV-1a (Fowler, Noll, Vo), 32 bits, over bytes or code units: a start, and a step for each. */
export const hashStart = 0x811c9dc5 | 0;
/** For loops that can't afford a call. */
export const hashPrime = 0x01000193;

export function hashStep(hash: number, code: number): number {
  return Math.imul(hash ^ code, hashPrime);
}
