/**
 * The tokens of a WordPiece vocabulary and how a word is cut into them. They stay where they were
 * read, in the bytes of tokenizer.json, and tables say where: JSON.parse and a Map of 30,522 strings
 * would take twice as long at each start of the program, and each look-up a string of its own.
 */
import type { Buffer } from 'node:buffer';
import { hashStart, hashStep } from '../shared/fnv.ts';

/** A word of more code points is unknown as a whole. */
export const wordCharsMax = 100;
export const wordBytesMax = 4 * wordCharsMax;

/** A piece that does not begin its word is written with two of these before it. */
const numberSign = 0x23;
const signsLength = 2;

/** Stands behind each token: UTF-8 has no such byte. */
const endMark = 0xff;
const noId = -1;

const continuingHash = hashStep(hashStep(hashStart, numberSign), numberSign);

export class Vocabulary {
  readonly #bytes: Buffer;
  /** By id, where its token begins; 0 where there is none. */
  readonly #starts: Int32Array;
  /** By hash, and from there on: a token's id and one, 0 where there is none. */
  readonly #slots: Int32Array;
  /** Bytes of the longest token. */
  #longest = 0;
  /** Of the word at hand, from a place on: of its first byte, of its first two, and so on. */
  readonly #hashes = new Int32Array(wordBytesMax);

  /**
   * @param bytes - UTF-8 with the tokens in it, written to from now on
   * @param idsMax - above every id
   */
  constructor(bytes: Buffer, idsMax: number) {
    this.#bytes = bytes;
    this.#starts = new Int32Array(idsMax);
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(1.5 * idsMax)));
  }

  /**
   * Takes bytes for a token; the one behind them is overwritten.
   * @param hash - of the bytes
   * @returns false where the id is taken, or too high
   */
  add(id: number, start: number, end: number, hash: number): boolean {
    if (this.#starts[id] !== 0) return false;
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hash & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = id + 1;
    this.#starts[id] = start;
    this.#bytes[end] = endMark;
    if (end - start > this.#longest) this.#longest = end - start;
    return true;
  }

  /**
   * Cuts a word: each time the longest piece that there is.
   * @param word - UTF-8, at most wordBytesMax
   * @param ids - gets those of the pieces, none where no piece begins at some place
   * @returns whether there were pieces for all of it
   */
  cut(word: Uint8Array, length: number, ids: number[]): boolean {
    const hashes = this.#hashes;
    const before = ids.length;
    let start = 0;
    while (start < length) {
      const last = Math.min(length, start + this.#longest);
      let hash = start === 0 ? hashStart : continuingHash;
      for (let i = start; i < last; i += 1) {
        hash = hashStep(hash, word[i]!);
        hashes[i] = hash;
      }
      let end = last;
      let id = noId;
      while (end > start && id === noId) {
        id = this.#find(hashes[end - 1]!, word, start, end);
        if (id === noId) end -= 1;
      }
      if (id === noId) {
        ids.length = before;
        return false;
      }
      ids.push(id);
      start = end;
    }
    return true;
  }

  /** The token of an id, empty where there is none. */
  token(id: number): string {
    const start = this.#starts[id] ?? 0;
    if (start === 0) return '';
    return this.#bytes.toString('utf8', start, this.#bytes.indexOf(endMark, start));
  }

  /** The id of a part of a word. */
  #find(hash: number, word: Uint8Array, start: number, end: number): number {
    const bytes = this.#bytes;
    const slots = this.#slots;
    const signs = start === 0 ? 0 : signsLength;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (let next = slots[slot]!; next !== 0; next = slots[slot]!) {
      const first = this.#starts[next - 1]!;
      const offset = first + signs - start;
      if (bytes[offset + end] === endMark) {
        let i = start;
        while (i < end && bytes[offset + i] === word[i]) i += 1;
        if (i === end && (signs === 0 || isContinuing(bytes, first))) return next - 1;
      }
      slot = (slot + 1) & mask;
    }
    return noId;
  }
}

export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = hashStart;
  for (let i = start; i < end; i += 1) hash = hashStep(hash, bytes[i]!);
  return hash;
}

function isContinuing(bytes: Uint8Array, start: number): boolean {
  return bytes[start] === numberSign && bytes[start + 1] === numberSign;
}
