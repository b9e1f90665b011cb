/**
 * Which wordpieces may be, or begin, a word that contradicts a phrase: where a shape has none of them,
 * its key need not be looked at, and that is nearly every shape.
 */
import { tokensPerRowMax } from '../shared/limits.ts';
import type { Opposites } from './opposites.ts';

// What a wordpiece may be, as bits.
/** A word that may contradict the phrase. */
const suspectWord = 1;
/** The first of several pieces of such a word. */
const suspectFirst = 2;
/** A later piece of any word. */
const suspectLater = 4;
/** A wordpiece that was looked at. */
const known = 0x80;

/** What the tokenizer has for a word that it does not know. */
const unknownWord = '[UNK]';
const letterOrDigit = /[\p{L}\p{N}]/u;

export class Suspects {
  /** By wordpiece: the bits above; 0 where nobody asked yet. */
  readonly bits: Uint8Array;
  readonly #opposites: Opposites;
  readonly #pieceOf: (id: number) => string;
  #stems: SuspectStems | undefined;

  /** @param pieceOf - the text of a wordpiece */
  constructor(pieceCount: number, opposites: Opposites, pieceOf: (id: number) => string) {
    this.bits = new Uint8Array(pieceCount);
    this.#opposites = opposites;
    this.#pieceOf = pieceOf;
  }

  /** The bits of a wordpiece. */
  of(piece: number): number {
    return this.bits[piece]! || (this.bits[piece] = this.#look(piece) | known);
  }

  /**
   * Whether a shape's words must be looked at.
   * @param suspicion - the bits of its wordpieces, which are `count` from `start` on, together
   */
  areAmong(pieces: Uint16Array, start: number, count: number, suspicion: number): boolean {
    if (count === tokensPerRowMax) return true; // There may be more words than wordpieces.
    if ((suspicion & (suspectWord | suspectFirst)) === 0) return false;
    const end = start + count;
    for (let j = start; j < end; j += 1) {
      const bits = this.bits[pieces[j]!]!;
      if ((bits & suspectWord) !== 0) return true;
      if ((bits & suspectFirst) === 0 || j + 1 === end) continue;
      if ((this.bits[pieces[j + 1]!]! & suspectLater) !== 0) return true;
    }
    return false;
  }

  #look(piece: number): number {
    const text = this.#pieceOf(piece);
    if (text === unknownWord) return suspectWord;
    // What goes on behind a sign, as in `€rejected`, is a word of its own.
    const isSign = !letterOrDigit.test(text);
    if (text.startsWith('##')) return isSign ? suspectLater | suspectFirst : suspectLater;
    this.#stems ??= new SuspectStems(this.#opposites.suspectStems());
    const first = isSign || this.#stems.mayBegin(text) ? suspectFirst : 0;
    return this.#opposites.isSuspect(text) ? suspectWord | first : first;
  }
}

/** How words begin that may contradict a phrase. */
class SuspectStems {
  readonly #stems: ReadonlySet<string>;
  /** What begins one of them, and they themselves. */
  readonly #starts = new Set<string>();

  constructor(stems: readonly string[]) {
    this.#stems = new Set(stems);
    for (const stem of stems) {
      for (let end = 1; end <= stem.length; end += 1) this.#starts.add(stem.slice(0, end));
    }
  }

  mayBegin(text: string): boolean {
    if (this.#starts.has(text)) return true;
    for (let end = 1; end < text.length; end += 1) {
      if (this.#stems.has(text.slice(0, end))) return true;
    }
    return false;
  }
}
