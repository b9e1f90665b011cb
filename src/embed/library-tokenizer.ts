/** Any tokenizer.json, by @huggingface/tokenizers, with a word cache for the kinds of BERT. */
import { Tokenizer } from '@huggingface/tokenizers';

/** Words held. When it is full the cache starts anew. */
const cachedWordsMax = 65_536;
const cachedWordCharsMax = 64;

/** The library's type declarations can't be resolved under `module: nodenext`: what is used of it. */
interface Library {
  encode(text: string, options?: { add_special_tokens: boolean }): { ids: number[] };
  id_to_token(id: number): string | undefined;
}
const createLibrary = Tokenizer as unknown as new (json: object, config: object) => Library;

interface TokenizerJson {
  readonly normalizer?: { readonly type?: string } | null;
  readonly pre_tokenizer?: { readonly type?: string } | null;
}

export class LibraryTokenizer {
  readonly prefix: readonly number[];
  readonly suffix: readonly number[];
  /** Whether the ids of a word depend on that word alone. */
  readonly hasWords: boolean;
  readonly #library: Library;
  readonly #cache = new Map<string, readonly number[]>();

  /** @throws where the library can't do with them */
  constructor(tokenizerJson: string, tokenizerConfigJson: string) {
    const json = JSON.parse(tokenizerJson) as TokenizerJson;
    this.#library = new createLibrary(json, JSON.parse(tokenizerConfigJson) as object);
    const none = this.#library.encode('').ids;
    const one = this.#library.encode('a').ids;
    let shared = 0;
    while (shared < none.length && none[shared] === one[shared]) shared += 1;
    this.prefix = none.slice(0, shared);
    this.suffix = none.slice(shared);
    this.hasWords =
      json.normalizer?.type === 'BertNormalizer' && json.pre_tokenizer?.type === 'BertPreTokenizer';
  }

  /** The ids of a word, or of a whole text where there are no words. */
  wordIds(word: string): readonly number[] {
    const known = this.#cache.get(word);
    if (known !== undefined) return known;
    const { ids } = this.#library.encode(word, { add_special_tokens: false });
    if (this.hasWords && word.length <= cachedWordCharsMax) {
      if (this.#cache.size >= cachedWordsMax) this.#cache.clear();
      this.#cache.set(word, ids);
    }
    return ids;
  }

  token(id: number): string {
    return this.#library.id_to_token(id) ?? '';
  }
}
