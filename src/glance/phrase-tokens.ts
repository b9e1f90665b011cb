/** A phrase as its tokens: what each looks for in a line. Glance and reading both work with these. */
import { phraseTokensMax, tokenScale } from '../shared/limits.ts';
import { idfOf, type Frequencies } from './document-frequencies.ts';
import { functionWords } from './function-words.ts';

const letterOrDigit = /[\p{L}\p{N}]/u;

export interface PhraseTokens {
  readonly count: number;
  /** Int8[count, tokenDimensions]: unit vectors × tokenScale. */
  readonly codes: Int8Array;
  readonly ids: Uint32Array;
  /** Per token: function words and lone punctuation look for nothing. */
  readonly isIdle: readonly boolean[];
}

/** What is known of a phrase's tokens, without the special ones. */
export interface EmbeddedTokens {
  readonly tokenIds: Uint32Array;
  readonly tokens: readonly string[];
  /** Shape [tokenIds.length, tokenDimensions], each L2-normalised; empty without token output. */
  readonly tokenVectors: Float32Array;
}

/** The first tokens of a phrase: nobody means to say more at once. */
export function phraseTokens({ tokenIds, tokenVectors, tokens }: EmbeddedTokens): PhraseTokens {
  const count = Math.min(tokenIds.length, phraseTokensMax);
  const dimensions = tokenIds.length === 0 ? 0 : tokenVectors.length / tokenIds.length;
  return {
    count,
    codes: Int8Array.from(tokenVectors.subarray(0, count * dimensions), (value) =>
      Math.round(value * tokenScale),
    ),
    ids: tokenIds.slice(0, count),
    isIdle: tokens
      .slice(0, count)
      .map((token) => functionWords.has(token) || !letterOrDigit.test(token)),
  };
}

/**
 * How much each token counts: idf², nothing where it is idle, all the same where all are; the sum
 * is 1.
 * @param weights - takes `phrase.count` numbers
 */
export function weighTokens(
  phrase: PhraseTokens,
  frequencies: Frequencies,
  weights: Float64Array,
): void {
  let sum = 0;
  for (let i = 0; i < phrase.count; i += 1) {
    weights[i] = phrase.isIdle[i] === true ? 0 : idfOf(frequencies, phrase.ids[i]!) ** 2;
    sum += weights[i]!;
  }
  for (let i = 0; i < phrase.count; i += 1) {
    weights[i] = sum === 0 ? 1 / phrase.count : weights[i]! / sum;
  }
}
