/**
 * A glance at a shape for one thing that a phrase asks for:
 *
 *     s = Σ_i w_i · min(.7, max_j r_j · (c_ij + .1 · [t_j = t_i]))   its words found in the line
 *       + 1.4 · (B − μ)                                             what the line speaks of as a whole
 *       − penalty                                                   trouble, see trouble.ts
 *       − .2 · [contradicted]                                       see opposites.ts
 *
 * with c_ij the cosine of token i of the phrase and the table's row of wordpiece t_j, w as in
 * phrase-tokens.ts, r_j and idf_j as in document-frequencies.ts; B = Σ_i w_i · (Σ_j idf_j · c_ij / Σ_j
 * idf_j), and μ what B is of shapes at large. A contradicted token counts −.3. A shape of n wordpieces
 * and a phrase of A tokens cost n · A look-ups.
 */
import { idfOf, rarityOf, type Frequencies } from './document-frequencies.ts';
import { FoldedWay } from './folded-way.ts';
import type { LookedAt } from './looked-at.ts';
import { contradictionPenalty, type Opposites } from './opposites.ts';
import { weighTokens, type PhraseTokens } from './phrase-tokens.ts';
import { Suspects } from './suspects.ts';
import { penaltyOf, type PhraseTrouble } from './trouble.ts';
import { tokenFound, wholeWeight } from './token-found.ts';
import type { WordTable } from './word-table.ts';

/** The very same wordpiece is worth so much more than one like it. */
const samePieceBonus = 0.1;

const foldedPiecesAStep = 512;

/** One thing that a phrase asks for. */
export interface WayParts {
  readonly tokens: PhraseTokens;
  readonly trouble: PhraseTrouble;
  readonly opposites: Opposites;
}

export class GlanceWay {
  /** B of the shape that was scored last. */
  whole = 0;
  readonly #table: WordTable;
  readonly #tokens: PhraseTokens;
  readonly #trouble: PhraseTrouble;
  readonly #opposites: Opposites;
  /** Float32[pieces, tokens]: c_ij with the bonus where it applies; NaN where nobody asked yet. */
  readonly #similarities: Float32Array;
  readonly #weights: Float64Array;
  readonly #best: Float64Array;
  readonly #suspects: Suspects;

  constructor(
    table: WordTable,
    { tokens, trouble, opposites }: WayParts,
    pieceOf: (id: number) => string,
  ) {
    this.#table = table;
    this.#tokens = tokens;
    this.#trouble = trouble;
    this.#opposites = opposites;
    this.#similarities = new Float32Array(table.pieceCount * tokens.count).fill(NaN);
    this.#weights = new Float64Array(tokens.count);
    this.#best = new Float64Array(tokens.count);
    this.#suspects = new Suspects(table.pieceCount, opposites, pieceOf);
  }

  /** @param mean - μ */
  score(shape: LookedAt, mean: number): number {
    const { count } = this.#tokens;
    const penalty = penaltyOf(this.#trouble, shape.trouble, shape.frequencies.proseDegree);
    this.whole = mean; // Of a shape without words: nothing to learn from.
    if (count === 0 || shape.count === 0) return -penalty;
    const weights = this.#weights;
    weighTokens(this.#tokens, shape.frequencies, weights);
    const best = this.#best.fill(-Infinity);
    let whole = 0;
    let idfs = 0;
    let suspicion = 0;
    for (let j = 0; j < shape.count; j += 1) {
      const piece = shape.pieces[j]!;
      const at = this.#row(piece);
      suspicion |= this.#suspects.of(piece);
      const rarity = shape.rarities[j]!;
      let sum = 0;
      for (let i = 0; i < count; i += 1) {
        const met = this.#similarities[at + i]!;
        if (met * rarity > best[i]!) best[i] = met * rarity;
        sum += weights[i]! * met;
      }
      sum -= this.#bonusIn(piece, weights);
      whole += shape.idfs[j]! * sum;
      idfs += shape.idfs[j]!;
    }
    const isOpposed =
      this.#suspects.areAmong(shape.pieces, 0, shape.count, suspicion) &&
      this.#opposites.look(shape.words);
    const { contradicted } = this.#opposites;
    let found = 0;
    for (let i = 0; i < count; i += 1) {
      found += weights[i]! * tokenFound(best[i]!, isOpposed && contradicted[i] === 1);
    }
    this.whole = whole / idfs;
    return (
      found + wholeWeight * (this.whole - mean) - penalty - (isOpposed ? contradictionPenalty : 0)
    );
  }

  *fold(frequencies: Frequencies): Generator<undefined, FoldedWay> {
    const { count } = this.#tokens;
    const { pieceCount } = this.#table;
    // Of its own: between two steps others score, at other moments.
    const weights = new Float64Array(count);
    weighTokens(this.#tokens, frequencies, weights);
    const active: number[] = [];
    for (let i = 0; i < count; i += 1) if (weights[i]! > 0) active.push(i);
    const width = active.length + 2;
    const folded = new Float32Array(pieceCount * width);
    // μ: of all words in the window at once.
    let wholes = 0;
    let idfs = 0;
    for (let piece = 0; piece < pieceCount; piece += 1) {
      if (piece % foldedPiecesAStep === 0) yield;
      const df = frequencies.count(piece);
      if (df === 0) continue;
      this.#suspects.of(piece); // So that its bits are there.
      const idf = idfOf(frequencies, piece);
      const rarity = rarityOf(idf);
      const at = this.#row(piece);
      const out = piece * width;
      let sum = 0;
      for (let k = 0; k < active.length; k += 1) {
        const i = active[k]!;
        const similarity = this.#similarities[at + i]!;
        folded[out + 2 + k] = similarity * rarity;
        sum += weights[i]! * similarity;
      }
      folded[out] = idf;
      folded[out + 1] = idf * (sum - this.#bonusIn(piece, weights));
      wholes += df * folded[out + 1]!;
      idfs += df * idf;
    }
    yield;
    return new FoldedWay({
      folded,
      mean: idfs === 0 ? 0 : wholes / idfs,
      active,
      weights: Float64Array.from(active, (i) => weights[i]!),
      trouble: this.#trouble,
      prose: frequencies.proseDegree,
      opposites: this.#opposites,
      suspects: this.#suspects,
    });
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
