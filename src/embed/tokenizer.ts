/**
 * Text → token ids, truncated so that the closing special tokens stay. The wordpieces of an uncased
 * BERT, like the embedded model, are cut by our own code. The library, which takes a while to load
 * and to make a tokenizer, is there for all others.
 */
import type { Buffer } from 'node:buffer';
import { Wordpieces } from '../glance/wordpieces.ts';
import { ImesdeError } from '../shared/errors.ts';
import type { LibraryTokenizer } from './library-tokenizer.ts';

/**
 * Where words may be told apart without changing any id: at these white-space characters, and
 * around brackets, which BERT makes tokens of their own. Brackets are split off so that `[SEP]` in
 * a line is text, not the special token. All other characters are left to the tokenizer, which
 * knows that BERT's white space is not what \s says (U+FEFF, VT, FF).
 */
const wordOrBracket = /[^ \t\n\r[\]]+|[[\]]/g;

export class TextEncoder {
  readonly #tokenizer: Wordpieces | LibraryTokenizer;
  readonly #maxTokens: number;
  readonly #hasWords: boolean;

  private constructor(tokenizer: Wordpieces | LibraryTokenizer, maxTokens: number) {
    this.#tokenizer = tokenizer;
    this.#maxTokens = maxTokens;
    this.#hasWords = tokenizer instanceof Wordpieces || tokenizer.hasWords;
  }

  /**
   * @param tokenizerJson - the bytes of tokenizer.json
   * @param maxTokens - longest result, special tokens included
   * @throws {ImesdeError} ERR_IMESDE_MODEL where the tokenizer is none
   */
  static async create(
    tokenizerJson: Buffer,
    tokenizerConfigJson: string,
    maxTokens: number,
  ): Promise<TextEncoder> {
    try {
      const wordpieces = changesText(tokenizerConfigJson)
        ? undefined
        : Wordpieces.read(tokenizerJson);
      if (wordpieces !== undefined) return new TextEncoder(wordpieces, maxTokens);
      const { LibraryTokenizer } = await import('./library-tokenizer.ts');
      const tokenizer = new LibraryTokenizer(tokenizerJson.toString(), tokenizerConfigJson);
      return new TextEncoder(tokenizer, maxTokens);
    } catch (error) {
      throw new ImesdeError(
        'ERR_IMESDE_MODEL',
        `tokenizer.json can't be used (${String(error)}): export the model anew`,
        { cause: error },
      );
    }
  }

  /** Ids before every text, e.g. [CLS]. */
  get prefix(): readonly number[] {
    return this.#tokenizer.prefix;
  }

  /** Ids behind every text, e.g. [SEP]. */
  get suffix(): readonly number[] {
    return this.#tokenizer.suffix;
  }

  /** @returns ids of the text with its special tokens, at most maxTokens */
  encode(text: string, maxTokens = this.#maxTokens): number[] {
    const ids = [...this.prefix];
    const end = Math.max(
      this.prefix.length + 1,
      Math.min(maxTokens, this.#maxTokens) - this.suffix.length,
    );
    if (this.#hasWords) {
      for (const [word] of text.matchAll(wordOrBracket)) {
        for (const id of this.#tokenizer.wordIds(word)) ids.push(id);
        if (ids.length >= end) break;
      }
    } else {
      for (const id of this.#tokenizer.wordIds(text)) ids.push(id);
    }
    if (ids.length > end) ids.length = end;
    for (const id of this.suffix) ids.push(id);
    return ids;
  }

  /** The wordpiece of an id. */
  token(id: number): string {
    return this.#tokenizer.token(id);
  }

  /** Ids of a word alone, which has no white space, for a tokenizer whose words do not know each other. */
  wordIds(word: string): readonly number[] {
    return this.#tokenizer.wordIds(word);
  }
}

/** Whether tokenizer_config.json asks the library for more than tokenizer.json says. */
function changesText(tokenizerConfigJson: string): boolean {
  const config = JSON.parse(tokenizerConfigJson) as Readonly<Record<string, unknown>>;
  return config['remove_space'] === true || Boolean(config['do_lowercase_and_remove_accent']);
}
