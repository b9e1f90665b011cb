/**
 * Text → token ids, with what @huggingface/tokenizers leaves out: truncation that keeps the closing
 * special tokens, and a word cache for BERT, whose tokens of a word depend on that word alone.
 */
import { Tokenizer } from '@huggingface/tokenizers';
import { ImesdeError } from '../shared/errors.ts';

/** Words held; logs use a few thousand. When it is full the cache starts anew. */
const cachedWordsMax = 65_536;
const cachedWordCharsMax = 64;

/**
 * Where words may be told apart without changing any id: at these white-space characters, and
 * around brackets, which BERT makes tokens of their own. Brackets are split off so that `[SEP]` in
 * a line is text, not the special token. All other characters are left to the library, which
 * knows that BERT's white space is not what \s says (U+FEFF, VT, FF).
 */
const wordOrBracket = /[^ \t\n\r[\]]+|[[\]]/g;

/** The library's type declarations can't be resolved under `module: nodenext`: what is used of it. */
interface LibraryTokenizer {
  encode(text: string, options?: { add_special_tokens: boolean }): { ids: number[] };
  id_to_token(id: number): string | undefined;
}
const createTokenizer = Tokenizer as unknown as new (
  json: object,
  config: object,
) => LibraryTokenizer;

export class TextEncoder {
  /** Ids before and after every text, e.g. [CLS] and [SEP]. */
  readonly prefix: readonly number[];
  readonly suffix: readonly number[];
  readonly #tokenizer: LibraryTokenizer;
  readonly #maxTokens: number;
  readonly #words: Map<string, readonly number[]> | undefined;

  /**
   * @param maxTokens - longest result, special tokens included
   * @throws {ImesdeError} ERR_IMESDE_MODEL where the tokenizer is none
   */
  constructor(tokenizerJson: string, tokenizerConfigJson: string, maxTokens: number) {
    const json = JSON.parse(tokenizerJson) as TokenizerJson;
    try {
      this.#tokenizer = new createTokenizer(json, JSON.parse(tokenizerConfigJson) as object);
      const none = this.#tokenizer.encode('').ids;
      const one = this.#tokenizer.encode('a').ids;
      let shared = 0;
      while (shared < none.length && none[shared] === one[shared]) shared += 1;
      this.prefix = none.slice(0, shared);
      this.suffix = none.slice(shared);
    } catch (error) {
      throw new ImesdeError(
        'ERR_IMESDE_MODEL',
        `tokenizer.json can't be used (${String(error)}): export the model anew`,
        { cause: error },
      );
    }
    this.#maxTokens = maxTokens;
    this.#words = isBert(json) ? new Map() : undefined;
  }

  /** @returns ids of the text with its special tokens, at most maxTokens */
  encode(text: string, maxTokens = this.#maxTokens): number[] {
    const ids = [...this.prefix];
    const end = Math.max(
      this.prefix.length + 1,
      Math.min(maxTokens, this.#maxTokens) - this.suffix.length,
    );
    if (this.#words === undefined) {
      for (const id of this.#body(text)) ids.push(id);
    } else {
      for (const [word] of text.matchAll(wordOrBracket)) {
        for (const id of this.#wordIds(word, this.#words)) ids.push(id);
        if (ids.length >= end) break;
      }
    }
    if (ids.length > end) ids.length = end;
    for (const id of this.suffix) ids.push(id);
    return ids;
  }

  /** The wordpiece of an id. */
  token(id: number): string {
    return this.#tokenizer.id_to_token(id) ?? '';
  }

  /** Ids of a word alone, which has no white space; for BERT, whose words do not know each other. */
  wordIds(word: string): readonly number[] {
    return this.#words === undefined ? this.#body(word) : this.encode(word).slice(1, -1);
  }

  #wordIds(word: string, words: Map<string, readonly number[]>): readonly number[] {
    const known = words.get(word);
    if (known !== undefined) return known;
    const ids = this.#body(word);
    if (word.length <= cachedWordCharsMax) {
      if (words.size >= cachedWordsMax) words.clear();
      words.set(word, ids);
    }
    return ids;
  }

  #body(text: string): readonly number[] {
    return this.#tokenizer.encode(text, { add_special_tokens: false }).ids;
  }
}

interface TokenizerJson {
  readonly normalizer?: { readonly type?: string } | null;
  readonly pre_tokenizer?: { readonly type?: string } | null;
}

function isBert(json: TokenizerJson): boolean {
  return (
    json.normalizer?.type === 'BertNormalizer' && json.pre_tokenizer?.type === 'BertPreTokenizer'
  );
}
