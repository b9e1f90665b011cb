/**
 * Late interaction: every token of the phrase looks for its best token in the shape (MaxSim: Khattab
 * and Zaharia, "ColBERT", SIGIR 2020), weighted by how rare tokens are in this very stream.
 */
import { idfOf, rarityOf, type Frequencies } from '../glance/document-frequencies.ts';
import { tokenFound } from '../glance/token-found.ts';
import { weighTokens, type PhraseTokens } from '../glance/phrase-tokens.ts';
import type { TokenStore } from '../ring/token-store.ts';
import { phraseTokensMax, tokenScale, tokensPerRowMax } from '../shared/limits.ts';

export class LateInteraction {
  readonly #tokens: TokenStore;
  /** Of the pair compared last, by token of the phrase: how much it counts. */
  readonly weights = new Float64Array(phraseTokensMax);
  /** Its best similarity in the shape, and the token of the shape that has it; idle ones have none. */
  readonly best = new Float64Array(phraseTokensMax);
  readonly bestAt = new Int32Array(phraseTokensMax);
  // Of the tokens of the shape at hand.
  readonly #rarity = new Float64Array(tokensPerRowMax);
  readonly #products = new Int32Array(tokensPerRowMax);

  constructor(tokens: TokenStore) {
    this.#tokens = tokens;
  }

  /**
   * How well a shape holds what a phrase says: the mean over the phrase's tokens of their best
   * similarity, weighted by idf²; about 0 to .7.
   * @param contradicted - by token of the phrase, 1 where the shape says the contrary
   */
  coverage(
    phrase: PhraseTokens,
    row: number,
    frequencies: Frequencies,
    contradicted?: Uint8Array,
  ): number {
    const ids = this.#tokens.ids(row);
    const { weights, best, bestAt } = this;
    weighTokens(phrase, frequencies, weights);
    best.fill(0);
    bestAt.fill(-1);
    if (ids.length === 0 || phrase.count === 0) return 0;
    const codes = this.#tokens.codes(row);
    const dimensions = this.#tokens.tokenDimensions;
    const products = this.#products;
    const rarity = this.#rarity;
    for (let j = 0; j < ids.length; j += 1) rarity[j] = rarityOf(idfOf(frequencies, ids[j]!));
    let sum = 0;
    for (let i = 0; i < phrase.count; i += 1) {
      const weight = weights[i]!;
      if (weight === 0) continue;
      multiply(phrase.codes, i * dimensions, codes, dimensions, products);
      let most = -Infinity;
      for (let j = 0; j < ids.length; j += 1) {
        const product = products[j]! * rarity[j]!;
        if (product <= most) continue;
        most = product;
        bestAt[i] = j;
      }
      best[i] = most / (tokenScale * tokenScale);
      sum += weight * tokenFound(best[i]!, contradicted?.[i] === 1);
    }
    return sum;
  }

  /** The wordpieces of a row's shape, in their order. */
  idsOf(row: number): Uint32Array {
    return this.#tokens.ids(row);
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
