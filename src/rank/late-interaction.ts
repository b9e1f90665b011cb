/**
 * Late interaction: every token of the phrase looks for its best token in the shape (MaxSim: Khattab
 * and Zaharia, "ColBERT", SIGIR 2020), weighted by how rare tokens are in this very stream (inverse
 * document frequency: Robertson and Spärck Jones, 1976, in the form that Lucene's BM25 uses).
 */
import type { PhraseEmbedding } from '../embed/phrase-embedding.ts';
import { tokenScale, type TokenStore } from '../ring/token-store.ts';
import { tokensPerRowMax } from '../shared/limits.ts';
import type { DocumentFrequencies } from '../glance/document-frequencies.ts';

/** Words that hold a sentence together, and stand-ins for what is looked for: they find nothing. */
const functionWords = new Set(
  (
    'the a an of to in on for is was be by at and or from with it its this that as are were has ' +
    'have had been being do does did will would can could should may than then so if when while ' +
    'which who what there their they we you i he she him her someone somebody anyone anybody ' +
    'everyone everybody something anything everything things thing try tries tried trying happen ' +
    'happens happened happening'
  ).split(' '),
);
const letterOrDigit = /[\p{L}\p{N}]/u;

/** Shapes the frequencies pretend to have seen besides: the first few prove little. */
const unseenShapes = 20;
/** A shape's token counts from this share on, in full from this inverse document frequency on. */
const commonTokenShare = 0.8;
const rareTokenIdf = 4;

export interface PhraseTokens {
  readonly count: number;
  /** Int8[count, tokenDimensions] */
  readonly codes: Int8Array;
  readonly ids: Uint32Array;
  /** Per token: function words and lone punctuation look for nothing. */
  readonly isIdle: readonly boolean[];
  /** Scratch: today's weights. */
  readonly weights: Float64Array;
}

export function phraseTokens({ tokenIds, tokenVectors, tokens }: PhraseEmbedding): PhraseTokens {
  return {
    count: tokenIds.length,
    codes: Int8Array.from(tokenVectors, (value) => Math.round(value * tokenScale)),
    ids: tokenIds,
    isIdle: tokens.map((token) => functionWords.has(token) || !letterOrDigit.test(token)),
    weights: new Float64Array(tokenIds.length),
  };
}

export class LateInteraction {
  readonly #tokens: TokenStore;
  readonly #frequencies: DocumentFrequencies;
  // Of the tokens of the shape at hand.
  readonly #rarity = new Float64Array(tokensPerRowMax);
  readonly #products = new Int32Array(tokensPerRowMax);

  constructor(tokens: TokenStore, frequencies: DocumentFrequencies) {
    this.#tokens = tokens;
    this.#frequencies = frequencies;
  }

  /**
   * How well a shape holds what a phrase says: the mean over the phrase's tokens of their best
   * similarity, weighted by idf²; about 0 to 1.
   */
  coverage(phrase: PhraseTokens, row: number): number {
    const ids = this.#tokens.ids(row);
    if (ids.length === 0 || phrase.count === 0) return 0;
    const codes = this.#tokens.codes(row);
    const dimensions = this.#tokens.tokenDimensions;
    const products = this.#products;
    const rarity = this.#rarities(ids);
    const weights = this.#weights(phrase);
    let sum = 0;
    let weightSum = 0;
    for (let i = 0; i < phrase.count; i += 1) {
      const weight = weights[i]!;
      if (weight === 0) continue;
      multiply(phrase.codes, i * dimensions, codes, dimensions, products);
      let best = -Infinity;
      for (let j = 0; j < ids.length; j += 1) best = Math.max(best, products[j]! * rarity[j]!);
      sum += weight * best;
      weightSum += weight;
    }
    return sum / weightSum / (tokenScale * tokenScale);
  }

  #rarities(ids: Uint32Array): Float64Array {
    for (let j = 0; j < ids.length; j += 1) {
      const share = Math.min(1, this.#idf(ids[j]!) / rareTokenIdf);
      this.#rarity[j] = commonTokenShare + (1 - commonTokenShare) * share;
    }
    return this.#rarity;
  }

  #weights(phrase: PhraseTokens): Float64Array {
    const { weights } = phrase;
    let any = false;
    for (let i = 0; i < phrase.count; i += 1) {
      weights[i] = phrase.isIdle[i] === true ? 0 : this.#idf(phrase.ids[i]!) ** 2;
      any ||= weights[i] !== 0;
    }
    return any ? weights : weights.fill(1);
  }

  #idf(id: number): number {
    const { shapeCount } = this.#frequencies;
    const df = this.#frequencies.count(id);
    return Math.log(1 + (shapeCount + unseenShapes - df + 0.5) / (df + 0.5));
  }
}

/**
 * Dot products of a token's codes with those of each token of a shape, four at a time: what is read
 * of the one serves four of the others. Sums stay far below 2³¹: 127² × dimensions.
 * @param codes - Int8[tokens, dimensions]
 * @param products - at least as many as there are tokens
 */
function multiply(
  token: Int8Array,
  start: number,
  codes: Int8Array,
  dimensions: number,
  products: Int32Array,
): void {
  const count = codes.length / dimensions;
  const last = count - (count % 4);
  for (let j = 0; j < last; j += 4) {
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let i = 0, at = j * dimensions; i < dimensions; i += 1, at += 1) {
      const code = token[start + i]!;
      sum0 = (sum0 + code * codes[at]!) | 0;
      sum1 = (sum1 + code * codes[at + dimensions]!) | 0;
      sum2 = (sum2 + code * codes[at + 2 * dimensions]!) | 0;
      sum3 = (sum3 + code * codes[at + 3 * dimensions]!) | 0;
    }
    products[j] = sum0;
    products[j + 1] = sum1;
    products[j + 2] = sum2;
    products[j + 3] = sum3;
  }
  for (let j = last; j < count; j += 1) {
    let sum = 0;
    for (let i = 0, at = j * dimensions; i < dimensions; i += 1, at += 1) {
      sum = (sum + token[start + i]! * codes[at]!) | 0;
    }
    products[j] = sum;
  }
}
