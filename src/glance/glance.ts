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
import { lookingTokens, weighTokens, type PhraseTokens } from './phrase-tokens.ts';
import { penaltyOf, type PhraseTrouble } from './trouble.ts';
import type { WordTable } from './word-table.ts';

/** The very same wordpiece is worth so much more than one like it. */
const samePieceBonus = 0.1;

const foldedPiecesAStep = 512;
/** Tokens of a phrase that go over a shape together; most phrases have no more that look for something. */
const groupTokens = 4;

/** A phrase, ready for glances. */
export class GlancePhrase {
  readonly #table: WordTable;
  readonly #tokens: PhraseTokens;
  readonly #trouble: PhraseTrouble;
  /**
   * Float32[pieces, 1 + tokens]: 1 where one of the tokens is this very piece and 0 where none is,
   * NaN where nobody asked yet; then c_ij, with the bonus where it applies.
   */
  readonly #similarities: Float32Array;
  readonly #weights: Float64Array;
  /** Of the shape at hand, where the cosines of each wordpiece begin. */
  readonly #rows = new Uint32Array(tokensPerRowMax);

  constructor(table: WordTable, tokens: PhraseTokens, trouble: PhraseTrouble) {
    this.#table = table;
    this.#tokens = lookingTokens(tokens);
    this.#trouble = trouble;
    const { count } = this.#tokens;
    this.#similarities = new Float32Array(table.pieceCount * (1 + count)).fill(NaN);
    this.#weights = new Float64Array(count);
  }

  /** s of a shape that was looked at: for single shapes, as they come. */
  score(shape: LookedAt): number {
    const { count } = this.#tokens;
    const penalty = penaltyOf(this.#trouble, shape.trouble);
    if (count === 0 || shape.count === 0) return -penalty;
    const weights = this.#weights;
    weighTokens(this.#tokens, shape.frequencies, weights);
    const { idfs, rarities } = shape;
    const rows = this.#rows;
    let whole = 0;
    let idfSum = 0;
    for (let j = 0; j < shape.count; j += 1) {
      const at = this.#row(shape.pieces[j]!);
      rows[j] = at + 1;
      idfSum += idfs[j]!;
      if (this.#similarities[at] !== 0) {
        whole -= idfs[j]! * this.#bonusIn(shape.pieces[j]!, weights);
      }
    }
    const similarities = this.#similarities;
    let found = 0;
    for (let i = 0; i < count; i += 1) {
      let best = -Infinity;
      let sum = 0;
      for (let j = 0; j < shape.count; j += 1) {
        const met = similarities[rows[j]! + i]!;
        best = Math.max(best, met * rarities[j]!);
        sum += met * idfs[j]!;
      }
      found += weights[i]! * best;
      whole += weights[i]! * sum;
    }
    return found + whole / idfSum - penalty;
  }

  /**
   * The same for the frequencies of one moment, made quick for many shapes; in steps, since it
   * takes some milliseconds.
   */
  *fold(frequencies: Frequencies): Generator<undefined, FoldedPhrase> {
    const { count } = this.#tokens;
    const { pieceCount } = this.#table;
    weighTokens(this.#tokens, frequencies, this.#weights);
    const groups = Math.max(1, Math.ceil(count / groupTokens));
    const width = 2 + groups * groupTokens;
    const folded = new Float32Array(pieceCount * width);
    for (let piece = 0; piece < pieceCount; piece += 1) {
      if (piece % foldedPiecesAStep === 0) yield;
      if (frequencies.count(piece) === 0) continue;
      const idf = idfOf(frequencies, piece);
      const rarity = rarityOf(idf);
      const at = this.#row(piece);
      const out = piece * width;
      let sum = 0;
      for (let i = 0; i < count; i += 1) {
        const weighted = this.#weights[i]! * this.#similarities[at + 1 + i]!;
        folded[out + 2 + i] = weighted * rarity;
        sum += weighted;
      }
      folded[out] = idf;
      folded[out + 1] = idf * (sum - this.#bonusIn(piece, this.#weights));
    }
    return new FoldedPhrase(folded, count === 0 ? 0 : groups, this.#trouble);
  }

  /** @returns where the row of a wordpiece begins; it is there */
  #row(piece: number): number {
    const { count, ids, codes } = this.#tokens;
    if (piece >= this.#table.pieceCount) return 0; // Never: ids are the tokenizer's.
    const at = piece * (1 + count);
    if (!Number.isNaN(this.#similarities[at])) return at;
    this.#table.similarities(codes, piece, this.#similarities, at + 1);
    this.#similarities[at] = 0;
    for (let i = 0; i < count; i += 1) {
      if (ids[i] !== piece) continue;
      this.#similarities[at + 1 + i]! += samePieceBonus;
      this.#similarities[at] = 1;
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
  /**
   * Float32[pieces, 2 + groups · groupTokens]: idf, idf · Σ w c, then w · r · c for each token,
   * zeros where the last group has less.
   */
  readonly #folded: Float32Array;
  /** Of tokens; 0 where the phrase has none. */
  readonly #groups: number;
  readonly #trouble: PhraseTrouble;

  constructor(folded: Float32Array, groups: number, trouble: PhraseTrouble) {
    this.#folded = folded;
    this.#groups = groups;
    this.#trouble = trouble;
  }

  /** s of the shape whose wordpieces are `count` from `start` on. */
  score(pieces: Uint16Array, start: number, count: number, trouble: number): number {
    const penalty = penaltyOf(this.#trouble, trouble);
    const groups = this.#groups;
    if (count === 0 || groups === 0) return -penalty;
    const folded = this.#folded;
    const width = 2 + groups * groupTokens;
    let at = pieces[start]! * width;
    let idfs = folded[at]!;
    let whole = folded[at + 1]!;
    let best0 = folded[at + 2]!;
    let best1 = folded[at + 3]!;
    let best2 = folded[at + 4]!;
    let best3 = folded[at + 5]!;
    for (let j = start + 1; j < start + count; j += 1) {
      at = pieces[j]! * width;
      idfs += folded[at]!;
      whole += folded[at + 1]!;
      best0 = Math.max(best0, folded[at + 2]!);
      best1 = Math.max(best1, folded[at + 3]!);
      best2 = Math.max(best2, folded[at + 4]!);
      best3 = Math.max(best3, folded[at + 5]!);
    }
    let found = best0 + best1 + best2 + best3;
    for (let group = 2 + groupTokens; group < width; group += groupTokens) {
      found += bestOfFour(folded, width, group, pieces, start, count);
    }
    return found + whole / idfs - penalty;
  }
}

/** Four tokens, each with its best in a register: a loop over them would keep these in memory. */
function bestOfFour(
  folded: Float32Array,
  width: number,
  group: number,
  pieces: Uint16Array,
  start: number,
  count: number,
): number {
  let at = pieces[start]! * width + group;
  let best0 = folded[at]!;
  let best1 = folded[at + 1]!;
  let best2 = folded[at + 2]!;
  let best3 = folded[at + 3]!;
  for (let j = start + 1; j < start + count; j += 1) {
    at = pieces[j]! * width + group;
    best0 = Math.max(best0, folded[at]!);
    best1 = Math.max(best1, folded[at + 1]!);
    best2 = Math.max(best2, folded[at + 2]!);
    best3 = Math.max(best3, folded[at + 3]!);
  }
  return best0 + best1 + best2 + best3;
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
