/** What a glance needs of a shape, read from its key: wordpieces, and how plainly it speaks of trouble. */
import { hashStep } from '../shared/fnv.ts';
import { tokensPerRowMax } from '../shared/limits.ts';
import { troubleOfShape } from './trouble.ts';
import { WordCache } from './word-cache.ts';

/** Wordpiece ids of a word: text without white space. */
export type WordIds = (word: string) => ArrayLike<number>;

export class KeyReader {
  /** Of the key read last: its first wordpieces. */
  readonly pieces = new Uint16Array(tokensPerRowMax);
  count = 0;
  /** 0, one half or 1. */
  trouble = 0;
  readonly #wordIds: WordIds;
  readonly #words = new WordCache();

  constructor(wordIds: WordIds) {
    this.#wordIds = wordIds;
  }

  /** @param text - words with white space between them */
  read(text: string): void {
    this.count = 0;
    this.trouble = 0;
    const { seed } = this.#words;
    for (let start = 0; start < text.length;) {
      let hash = seed;
      let end = start;
      for (; end < text.length; end += 1) {
        const code = text.charCodeAt(end);
        if (isBlank(code)) break;
        hash = hashStep(hash, code);
      }
      if (end > start) this.#add(text, start, end, hash);
      start = end + 1;
    }
  }

  #add(text: string, start: number, end: number, hash: number): void {
    const words = this.#words;
    let word = words.find(text, start, end, hash);
    if (word < 0) word = this.#learn(text.slice(start, end));
    this.trouble = Math.max(this.trouble, words.troubleOf(word));
    const from = words.piecesOf(word);
    const count = Math.min(words.countOf(word), tokensPerRowMax - this.count);
    for (let i = 0; i < count; i += 1) this.pieces[this.count + i] = words.pieces[from + i]!;
    this.count += count;
  }

  #learn(word: string): number {
    return this.#words.add(word, this.#wordIds(word), troubleOfShape(word));
  }
}

/** Where the tokenizer, too, parts words. */
function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}
