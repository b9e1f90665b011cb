/**
 * The glance: what the word table says of a shape and a phrase, without the model. On the scale of
 * T, the raw score of a reading (rank/meaning.ts), to within .06 (standard deviation):
 *
 *     s = Σ_i w_i · max_j r_j · (c_ij + .1 · [t_j = t_i])       the phrase's words found in the line
 *       + Σ_i w_i · (Σ_j idf_j · c_ij / Σ_j idf_j)              what the line speaks of as a whole
 *       − penalty                                               trouble, see trouble.ts
 *
 * with c_ij the cosine of token i of the phrase and the table's row of wordpiece t_j, w as in
 * phrase-tokens.ts, r_j and idf_j as in document-frequencies.ts. A shape of n wordpieces and a
 * phrase of A tokens cost n · A look-ups.
 */
import { tokensPerRowMax } from '../shared/limits.ts';
import { idfOf, rarityOf, type Frequencies } from './document-frequencies.ts';
import { weighTokens, type PhraseTokens } from './phrase-tokens.ts';
import { penaltyOf, type PhraseTrouble } from './trouble.ts';
import type { WordTable } from './word-table.ts';

/** The very same wordpiece is worth so much more than one like it. */
const samePieceBonus = 0.1;

const foldedPiecesAStep = 512;

/** A phrase, ready for glances. */
export class GlancePhrase {
  readonly #table: WordTable;
  readonly #tokens: PhraseTokens;
  readonly #trouble: PhraseTrouble;
  /** Float32[pieces, tokens]: c_ij with the bonus where it applies; NaN where nobody asked yet. */
  readonly #similarities: Float32Array;
  readonly #weights: Float64Array;
  readonly #best: Float64Array;

  constructor(table: WordTable, tokens: PhraseTokens, trouble: PhraseTrouble) {
    this.#table = table;
    this.#tokens = tokens;
    this.#trouble = trouble;
    this.#similarities = new Float32Array(table.pieceCount * tokens.count).fill(NaN);
    this.#weights = new Float64Array(tokens.count);
    this.#best = new Float64Array(tokens.count);
  }

  /** s of a shape that was looked at: for single shapes, as they come. */
  score(shape: LookedAt): number {
    const { count } = this.#tokens;
    const penalty = penaltyOf(this.#trouble, shape.trouble);
    if (count === 0 || shape.count === 0) return -penalty;
    const weights = this.#weights;
    weighTokens(this.#tokens, shape.frequencies, weights);
    const best = this.#best.fill(-Infinity);
    let whole = 0;
    let idfs = 0;
    for (let j = 0; j < shape.count; j += 1) {
      const at = this.#row(shape.pieces[j]!);
      const rarity = shape.rarities[j]!;
      let sum = 0;
      for (let i = 0; i < count; i += 1) {
        const met = this.#similarities[at + i]!;
        if (met * rarity > best[i]!) best[i] = met * rarity;
        sum += weights[i]! * met;
      }
      sum -= this.#bonusIn(shape.pieces[j]!, weights);
      whole += shape.idfs[j]! * sum;
      idfs += shape.idfs[j]!;
    }
    let found = 0;
    for (let i = 0; i < count; i += 1) found += weights[i]! * best[i]!;
    return found + whole / idfs - penalty;
  }

  /**
   * The same for the frequencies of one moment, made quick for many shapes; in steps, since it
   * takes some milliseconds.
   */
  *fold(frequencies: Frequencies): Generator<undefined, FoldedPhrase> {
    const { count } = this.#tokens;
    const { pieceCount } = this.#table;
    const weights = new Float64Array(count); // Its own: others may score between two steps.
    weighTokens(this.#tokens, frequencies, weights);
    const active: number[] = [];
    for (let i = 0; i < count; i += 1) if (weights[i]! > 0) active.push(i);
    const width = active.length + 2;
    const folded = new Float32Array(pieceCount * width);
    for (let piece = 0; piece < pieceCount; piece += 1) {
      if (piece % foldedPiecesAStep === 0) yield;
      if (frequencies.count(piece) === 0) continue;
      const idf = idfOf(frequencies, piece);
      const rarity = rarityOf(idf);
      const at = this.#row(piece);
      const out = piece * width;
      let sum = 0;
      for (let k = 0; k < active.length; k += 1) {
        const i = active[k]!;
        const weighted = weights[i]! * this.#similarities[at + i]!;
        folded[out + 2 + k] = weighted * rarity;
        sum += weighted;
      }
      folded[out] = idf;
      folded[out + 1] = idf * (sum - this.#bonusIn(piece, weights));
    }
    return new FoldedPhrase(folded, active.length, this.#trouble);
  }

  /** @returns where the similarities of a wordpiece begin; they are there */
  #row(piece: number): number {
    const { count } = this.#tokens;
    if (piece >= this.#table.pieceCount) return 0; // Never: ids are the tokenizer's.
    const at = piece * count;
    if (!Number.isNaN(this.#similarities[at])) return at;
    this.#table.similarities(this.#tokens.codes, piece, this.#similarities, at);
    for (let i = 0; i < count; i += 1) {
      if (this.#tokens.ids[i] === piece) this.#similarities[at + i]! += samePieceBonus;
    }
    return at;
  }

  /** The weighted bonus within this wordpiece's similarities: it counts for words found alone. */
  #bonusIn(piece: number, weights: Float64Array): number {
    let sum = 0;
    for (let i = 0; i < this.#tokens.count; i += 1) {
      if (this.#tokens.ids[i] === piece) sum += weights[i]! * samePieceBonus;
    }
    return sum;
  }
}

/** A phrase at one moment: everything that depends on one wordpiece alone, added up. */
export class FoldedPhrase {
  /** Float32[pieces, 2 + tokens]: idf, idf · Σ w c, then w · r · c for each token that counts. */
  readonly #folded: Float32Array;
  readonly #tokenCount: number;
  readonly #trouble: PhraseTrouble;
  readonly #best: Float64Array;

  constructor(folded: Float32Array, tokenCount: number, trouble: PhraseTrouble) {
    this.#folded = folded;
    this.#tokenCount = tokenCount;
    this.#trouble = trouble;
    this.#best = new Float64Array(tokenCount);
  }

  /** s of the shape whose wordpieces are `count` from `start` on. */
  score(pieces: Uint16Array, start: number, count: number, trouble: number): number {
    const penalty = penaltyOf(this.#trouble, trouble);
    const tokenCount = this.#tokenCount;
    if (count === 0 || tokenCount === 0) return -penalty;
    const folded = this.#folded;
    const best = this.#best;
    const width = tokenCount + 2;
    let whole = 0;
    let idfs = 0;
    let at = pieces[start]! * width;
    for (let i = 0; i < tokenCount; i += 1) best[i] = folded[at + 2 + i]!;
    for (let j = start; ;) {
      idfs += folded[at]!;
      whole += folded[at + 1]!;
      j += 1;
      if (j === start + count) break;
      at = pieces[j]! * width;
      for (let i = 0; i < tokenCount; i += 1) {
        const met = folded[at + 2 + i]!;
        if (met > best[i]!) best[i] = met;
      }
    }
    let found = 0;
    for (let i = 0; i < tokenCount; i += 1) found += best[i]!;
    return found + whole / idfs - penalty;
  }
}

/** A shape at one moment, with what all phrases need of it. One object serves all shapes in turn. */
export class LookedAt {
  frequencies!: Frequencies;
  count = 0;
  trouble = 0;
  readonly pieces = new Uint16Array(tokensPerRowMax);
  readonly idfs = new Float64Array(tokensPerRowMax);
  readonly rarities = new Float64Array(tokensPerRowMax);

  /** @param trouble - see trouble.ts */
  look(
    pieces: Uint16Array,
    start: number,
    count: number,
    trouble: number,
    frequencies: Frequencies,
  ): void {
    this.frequencies = frequencies;
    this.count = count;
    this.trouble = trouble;
    for (let j = 0; j < count; j += 1) {
      const piece = pieces[start + j]!;
      const idf = idfOf(frequencies, piece);
      this.pieces[j] = piece;
      this.idfs[j] = idf;
      this.rarities[j] = rarityOf(idf);
    }
  }
}
