/**
 * Late interaction: every token of the phrase looks for its best token in the shape (MaxSim: Khattab
 * and Zaharia, "ColBERT", SIGIR 2020), weighted by how rare tokens are in this very stream (inverse
 * document frequency: Robertson and Spärck Jones, 1976, in the form that Lucene's BM25 uses).
 */
import type { PhraseEmbedding } from '../embed/messages.ts';
import { tokenScale, type TokenStore } from '../ring/token-store.ts';
import type { DocumentFrequencies } from './document-frequencies.ts';

/** Words that hold a sentence together: they look for nothing. */
const functionWords = new Set(
  (
    'the a an of to in on for is was be by at and or from with it its this that as are were has ' +
    'have had been being do does did will would can could should may than then so if when while ' +
    'which who what there their they them we us our you your i my me he him his she her ' +
    'tries try trying someone somebody anyone anybody everyone everybody something anything everything'
  ).split(' '),
);

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
  /** Per token, whether it is a function word. */
  readonly isFunctionWord: readonly boolean[];
}

export function phraseTokens({ tokenIds, tokenVectors, tokens }: PhraseEmbedding): PhraseTokens {
  return {
    count: tokenIds.length,
    codes: Int8Array.from(tokenVectors, (value) => Math.round(value * tokenScale)),
    ids: tokenIds,
    isFunctionWord: tokens.map((token) => functionWords.has(token)),
  };
}

/** How well a shape holds what a phrase says. */
export interface Coverage {
  /** Mean over the phrase's tokens of their best similarity, weighted by idf²: about 0 to 1. */
  readonly mean: number;
  /** The best similarity of the token that is covered worst. */
  readonly weakest: number;
}

const nothing: Coverage = { mean: 0, weakest: 0 };

export class LateInteraction {
  readonly #tokens: TokenStore;
  readonly #frequencies: DocumentFrequencies;

  constructor(tokens: TokenStore, frequencies: DocumentFrequencies) {
    this.#tokens = tokens;
    this.#frequencies = frequencies;
  }

  coverage(phrase: PhraseTokens, row: number): Coverage {
    const ids = this.#tokens.ids(row);
    if (ids.length === 0 || phrase.count === 0) return nothing;
    const codes = this.#tokens.codes(row);
    const dimensions = this.#tokens.tokenDimensions;
    const rarity = Float64Array.from(ids, (id) => this.#rarity(id));
    const weights = this.#weights(phrase);
    let sum = 0;
    let weightSum = 0;
    let weakest = Infinity;
    for (let i = 0; i < phrase.count; i += 1) {
      const weight = weights[i]!;
      if (weight === 0) continue;
      let best = -Infinity;
      for (let j = 0; j < ids.length; j += 1) {
        const similarity =
          dotCodes(phrase.codes, i * dimensions, codes, j * dimensions, dimensions) * rarity[j]!;
        if (similarity > best) best = similarity;
      }
      sum += weight * best;
      weightSum += weight;
      if (best < weakest) weakest = best;
    }
    const unit = 1 / (tokenScale * tokenScale);
    return { mean: (sum / weightSum) * unit, weakest: weakest * unit };
  }

  #rarity(id: number): number {
    return commonTokenShare + (1 - commonTokenShare) * Math.min(1, this.#idf(id) / rareTokenIdf);
  }

  #weights(phrase: PhraseTokens): Float64Array {
    const weights = Float64Array.from(phrase.ids, (id, i) =>
      phrase.isFunctionWord[i] === true ? 0 : this.#idf(id) ** 2,
    );
    return weights.every((weight) => weight === 0) ? weights.fill(1) : weights;
  }

  #idf(id: number): number {
    const { shapeCount } = this.#frequencies;
    const df = this.#frequencies.count(id);
    return Math.log(1 + (shapeCount + unseenShapes - df + 0.5) / (df + 0.5));
  }
}

/** Sums stay far below 2³¹: 127² × dimensions. */
function dotCodes(
  a: Int8Array,
  aStart: number,
  b: Int8Array,
  bStart: number,
  dimensions: number,
): number {
  let even = 0;
  let odd = 0;
  let i = 0;
  for (; i + 1 < dimensions; i += 2) {
    even = (even + a[aStart + i]! * b[bStart + i]!) | 0;
    odd = (odd + a[aStart + i + 1]! * b[bStart + i + 1]!) | 0;
  }
  if (i < dimensions) even += a[aStart + i]! * b[bStart + i]!;
  return even + odd;
}
