/**
 * Text → wordpieces for the tokenizers that bert-json.ts knows: the ids of @huggingface/tokenizers
 * in a small part of its time. Text is nothing but text here: `[SEP]` in it is a bracket, a word
 * and a bracket, never the special token.
 *
 *   word ─► bert-words.ts: clean, small letters, cut ─► vocabulary.ts: the longest pieces ─► ids
 */
import { Buffer } from 'node:buffer';
import { flatCopy } from '../shared/flat-copy.ts';
import { readBertJson, type BertJson } from './bert-json.ts';
import { asciiUnits, bertWords, blank, dropped, markBit } from './bert-words.ts';
import { wordBytesMax, wordCharsMax, type Vocabulary } from './vocabulary.ts';

/** Words held; logs use a few thousand. When it is full the cache starts anew. */
const cachedWordsMax = 65_536;
const cachedWordCharsMax = 64;
/** V8 copies what is shorter. */
const sliceCharsMin = 13;

export class Wordpieces {
  /** Ids before and after every text, e.g. [CLS] and [SEP]. */
  readonly prefix: readonly number[];
  readonly suffix: readonly number[];
  readonly #vocabulary: Vocabulary;
  readonly #unknown: number;
  readonly #cache = new Map<string, readonly number[]>();
  /** The word at hand, UTF-8. */
  readonly #word = Buffer.alloc(wordBytesMax);

  private constructor({ prefix, suffix, vocabulary, unknown }: BertJson) {
    this.prefix = prefix;
    this.suffix = suffix;
    this.#vocabulary = vocabulary;
    this.#unknown = unknown;
  }

  /**
   * @param tokenizerJson - the bytes of a tokenizer.json
   * @returns undefined where any of its settings is another than those known here
   * @throws {SyntaxError} where it is no JSON
   */
  static read(tokenizerJson: Buffer): Wordpieces | undefined {
    const json = readBertJson(tokenizerJson);
    return json && new Wordpieces(json);
  }

  /**
   * The ids of a word without the special tokens; of several words, those of one after the other.
   * The array is the cache's own.
   */
  wordIds(word: string): readonly number[] {
    const known = this.#cache.get(word);
    if (known !== undefined) return known;
    const ids: number[] = [];
    if (!this.#addAscii(word, ids)) this.#addAny(word, ids);
    if (word.length > cachedWordCharsMax) return ids;
    if (this.#cache.size >= cachedWordsMax) this.#cache.clear();
    const held = ids.slice(); // Without the room to grow.
    // A slice would keep alive the whole line that it was cut from.
    this.#cache.set(word.length < sliceCharsMin ? word : flatCopy(word, 2), held);
    return held;
  }

  /** The wordpiece of an id, empty where there is none. */
  token(id: number): string {
    return this.#vocabulary.token(id);
  }

  /** Does for ASCII what bertWords does for all. @returns false, and no ids, where there is more */
  #addAscii(text: string, ids: number[]): boolean {
    const word = this.#word;
    let length = 0;
    for (let i = 0; i < text.length; i += 1) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) {
        ids.length = 0;
        return false;
      }
      const unit = asciiUnits[code]!;
      if (unit === dropped) continue;
      if (unit === blank || unit >= markBit) {
        if (length > 0) this.#addWord(length, length, ids);
        length = 0;
        if (unit === blank) continue;
        word[0] = unit - markBit;
        this.#addWord(1, 1, ids);
      } else {
        if (length < wordCharsMax) word[length] = unit;
        length += 1;
      }
    }
    if (length > 0) this.#addWord(length, length, ids);
    return true;
  }

  #addAny(text: string, ids: number[]): void {
    for (const [word] of bertWords(text)) {
      const chars = word.length > 2 * wordCharsMax ? word.length : codePointCount(word);
      this.#addWord(chars <= wordCharsMax ? this.#word.write(word) : 0, chars, ids);
    }
  }

  /** Adds the pieces of the word at hand, which is there if it is not too long. */
  #addWord(length: number, chars: number, ids: number[]): void {
    const isKnown = chars <= wordCharsMax && this.#vocabulary.cut(this.#word, length, ids);
    if (!isKnown) ids.push(this.#unknown);
  }
}

/** Of a text whose surrogates are in pairs. */
function codePointCount(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length; i += 1) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xdc00) count -= 1;
  }
  return count;
}
