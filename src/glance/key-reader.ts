/** What a glance needs of a shape, read from its key: wordpieces, and how plainly it speaks of trouble. */
import { tokensPerRowMax } from '../shared/limits.ts';
import { troubleOfShape } from './trouble.ts';

/** Wordpiece ids of a word: text without white space. */
export type WordIds = (word: string) => ArrayLike<number>;

interface KnownWord {
  readonly ids: ArrayLike<number>;
  readonly trouble: number;
}

/** Words held; logs use a few thousand. When it is full the cache starts anew. */
const cachedWordsMax = 65_536;
const cachedWordCharsMax = 64;

export class KeyReader {
  /** Of the key read last: its first wordpieces. */
  readonly pieces = new Uint16Array(tokensPerRowMax);
  count = 0;
  /** 0, one half or 1. */
  trouble = 0;
  readonly #wordIds: WordIds;
  readonly #words = new Map<string, KnownWord>();

  constructor(wordIds: WordIds) {
    this.#wordIds = wordIds;
  }

  /** @param text - words with white space between them */
  read(text: string): void {
    this.count = 0;
    this.trouble = 0;
    for (let start = 0; start < text.length;) {
      let end = start;
      while (end < text.length && !isBlank(text.charCodeAt(end))) end += 1;
      if (end > start) this.#add(text.slice(start, end));
      start = end + 1;
    }
  }

  #add(word: string): void {
    const { ids, trouble } = this.#known(word);
    if (trouble > this.trouble) this.trouble = trouble;
    const end = Math.min(this.count + ids.length, tokensPerRowMax);
    for (let at = this.count, i = 0; at < end; at += 1, i += 1) this.pieces[at] = ids[i]!;
    this.count = end;
  }

  #known(word: string): KnownWord {
    const known = this.#words.get(word);
    if (known !== undefined) return known;
    const read = { ids: this.#wordIds(word), trouble: troubleOfShape(word) };
    if (word.length <= cachedWordCharsMax) {
      if (this.#words.size >= cachedWordsMax) this.#words.clear();
      this.#words.set(word, read);
    }
    return read;
  }
}

/** Where the tokenizer, too, parts words. */
function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}
