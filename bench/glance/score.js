/**
 * What a word table says of a shape and a phrase, on the scale of the ranking's T: every token of
 * the phrase looks for its best wordpiece in the shape, and for the mean of them all.
 */
import { readFileSync } from 'node:fs';
import { phraseTokens } from '../../dist/rank/late-interaction.js';
import { saysWell, troubleOfPhrase } from '../../dist/rank/trouble.js';
import { tokenScale } from '../../dist/ring/token-store.js';

const dimensions = 128;
const codeShift = 8;

/** The very wordpiece of the phrase is so much nearer than any other. */
const sameWordpiece = 0.1;

// As in rank/late-interaction.ts.
const unseenShapes = 20;
const commonTokenShare = 0.8;
const rareTokenIdf = 4;

// As in rank/meaning.ts.
const unspokenPenalty = 0.15;
const unaskedPenalty = 0.05;
const contraryPenalty = 0.15;

export class WordTable {
  #bytes;

  constructor(file) {
    this.#bytes = readFileSync(file);
  }

  get rows() {
    return this.#bytes.length / (dimensions / 2);
  }

  /** The product of a row, a unit vector, and a phrase's token, whose codes these are. */
  product(row, codes, start) {
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < dimensions; i += 1) {
      const byte = this.#bytes[(row * dimensions + i) >> 1];
      const code = (i % 2 === 0 ? byte & 15 : byte >> 4) - codeShift;
      sum += code * codes[start + i];
      squares += code * code;
    }
    return sum / Math.sqrt(squares) / tokenScale;
  }
}

export class Glance {
  #table;
  #tokens;
  #trouble;
  #unasked;
  /** By wordpiece and token of the phrase; NaN where it was not looked up yet. */
  #products;

  /** @param embedding - of the phrase itself */
  constructor(table, phrase, embedding) {
    this.#table = table;
    this.#tokens = phraseTokens(embedding);
    this.#trouble = troubleOfPhrase(phrase);
    this.#unasked = this.#trouble === 0 && saysWell(phrase) ? contraryPenalty : unaskedPenalty;
    this.#products = new Float32Array(table.rows * this.#tokens.count).fill(NaN);
  }

  /**
   * @param ids - wordpieces of the shape, as many as are kept for ranking
   * @param trouble - of the shape
   * @param frequencies - of the shapes so far
   */
  score(ids, trouble, frequencies) {
    const gap = this.#trouble - trouble;
    const penalty = gap > 0 ? unspokenPenalty * gap : -this.#unasked * gap;
    return this.#nearness(ids, frequencies) - penalty;
  }

  #nearness(ids, frequencies) {
    const { count } = this.#tokens;
    if (ids.length === 0 || count === 0) return 0;
    const idfs = Array.from(ids, (id) => idf(id, frequencies));
    const idfSum = idfs.reduce((sum, value) => sum + value, 0);
    const weights = this.#weights(frequencies);
    const weightSum = weights.reduce((sum, value) => sum + value, 0);
    let score = 0;
    for (let i = 0; i < count; i += 1) {
      if (weights[i] === 0) continue;
      let best = -Infinity;
      let mean = 0;
      for (const [j, id] of ids.entries()) {
        const product = this.#product(id, i);
        const same = id === this.#tokens.ids[i] ? sameWordpiece : 0;
        const rarity =
          commonTokenShare + (1 - commonTokenShare) * Math.min(1, idfs[j] / rareTokenIdf);
        best = Math.max(best, rarity * (product + same));
        mean += (idfs[j] / idfSum) * product;
      }
      score += (weights[i] / weightSum) * (best + mean);
    }
    return score;
  }

  #product(id, token) {
    const at = id * this.#tokens.count + token;
    const known = this.#products[at];
    if (!Number.isNaN(known)) return known;
    const product = this.#table.product(id, this.#tokens.codes, token * dimensions);
    this.#products[at] = product;
    return product;
  }

  #weights(frequencies) {
    const { ids, isIdle } = this.#tokens;
    const weights = Array.from(ids, (id, i) => (isIdle[i] ? 0 : idf(id, frequencies) ** 2));
    return weights.some((weight) => weight !== 0) ? weights : weights.fill(1);
  }
}

function idf(id, frequencies) {
  const df = frequencies.count(id);
  return Math.log(1 + (frequencies.shapeCount + unseenShapes - df + 0.5) / (df + 0.5));
}
