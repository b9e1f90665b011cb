/**
 * Scores by the book: glance and reading of a shape for a phrase, written anew from their formulas.
 * Rounds to float32 where the real parts keep their numbers in float32, so that a score that is
 * compared with a threshold is the same to the last bit but for the order of additions.
 */
import { normalized, tableCodes, tokenDimensions, vectorsOf } from './fake-model.ts';
import { encode, idleWords, pieceCount, textIds, troubleWords, wellWord } from './vocabulary.ts';

/** What scores depend on beside phrase and shape. */
export interface PlainStream {
  /** Shapes of the window, and how many of them hold a wordpiece. */
  readonly shapeCount: number;
  count(piece: number): number;
  /** 0 for logs to 1 for prose. */
  readonly prose: number;
  /** What sampled shapes have in common: shape [dimensions]. */
  readonly mean: readonly number[];
}

/** What can be ranked: of a vector from outside the words are not known. */
export interface Ranked {
  readonly pieces: readonly number[];
  readonly trouble: number;
  /** Undefined where the model gives none. */
  readonly vector: Float32Array | undefined;
  /** Int8 codes of its tokens. */
  readonly tokens: readonly Int8Array[];
}

const tokenScale = 127;
const tokensMax = 32;
/** The most that a token of a phrase can be met. */
const metMax = 0.7;
/** In a glance, of what a shape speaks of as a whole. */
const wholeWeight = 1.4;

export function rankedText(key: string, readsPieces: boolean): Ranked {
  const ids = encode(key);
  const { vector, tokenVectors } = vectorsOf(ids);
  const unit = normalized(vector);
  return {
    pieces: readsPieces ? textIds(key).slice(0, tokensMax) : [],
    trouble: readsPieces ? troubleOf(key, 'inLine') : 0,
    vector: unit.every(Number.isFinite) ? unit : undefined,
    tokens: codesOf(tokenVectors).slice(1, -1).slice(0, tokensMax),
  };
}

export function rankedVector(vector: Float32Array, text: string): Ranked {
  const unit = normalized(vector);
  const isGood = unit.every(Number.isFinite);
  const trouble = troubleOf(text, 'inLine');
  return { pieces: [], trouble, vector: isGood ? unit : undefined, tokens: [] };
}

function codesOf(vectors: Float32Array): Int8Array[] {
  return Array.from({ length: vectors.length / tokenDimensions }, (_, token) =>
    Int8Array.from(
      vectors.subarray(token * tokenDimensions, (token + 1) * tokenDimensions),
      (value) => Math.round(value * tokenScale),
    ),
  );
}

function troubleOf(text: string, where: 'inLine' | 'inPhrase'): number {
  return Math.max(0, ...text.split(' ').map((word) => troubleWords.get(word)?.[where] ?? 0));
}

export function idf(stream: PlainStream, piece: number): number {
  const df = stream.count(piece);
  return Math.log(1 + (stream.shapeCount + 20 - df + 0.5) / (df + 0.5));
}

function rarity(stream: PlainStream, piece: number): number {
  return 0.8 + (1 - 0.8) * Math.min(1, idf(stream, piece) / 4);
}

export class PlainPhrase {
  readonly phrase: string;
  readonly #ids: readonly number[];
  readonly #codes: readonly Int8Array[];
  readonly #isIdle: readonly boolean[];
  readonly #trouble: number;
  readonly #isWell: boolean;
  /** The phrase as a whole, in float32. */
  readonly #vector: Float32Array;
  /** By wordpiece: its similarity to each token. */
  readonly #similarities = new Map<number, number[]>();

  constructor(phrase: string) {
    this.phrase = phrase;
    this.#ids = textIds(phrase);
    this.#codes = codesOf(vectorsOf(encode(phrase)).tokenVectors).slice(1, -1);
    const idle = idleWords.flatMap(textIds);
    this.#isIdle = this.#ids.map((id) => idle.includes(id));
    this.#trouble = troubleOf(phrase, 'inPhrase');
    this.#isWell = this.#trouble === 0 && phrase.split(' ').includes(wellWord);
    const { vector } = vectorsOf(encode(phrase));
    const length = Math.hypot(...vector);
    this.#vector = vector.map((value) => value / length);
  }

  /**
   * s, for single shapes as they come, and B, what the shape speaks of as a whole.
   * @param mean - what B is of shapes at large
   */
  glance(
    { pieces, trouble }: Ranked,
    stream: PlainStream,
    mean: number,
  ): { readonly score: number; readonly whole: number } {
    const penalty = this.#penalty(trouble, stream);
    if (pieces.length === 0 || this.#ids.length === 0) return { score: -penalty, whole: mean };
    const weights = this.#weights(stream);
    const best = this.#ids.map(() => -Infinity);
    let wholes = 0;
    let idfs = 0;
    for (const piece of pieces) {
      const similarities = this.#similaritiesTo(piece);
      const rare = rarity(stream, piece);
      for (const i of best.keys()) best[i] = Math.max(best[i]!, similarities[i]! * rare);
      wholes += idf(stream, piece) * this.#whole(piece, weights);
      idfs += idf(stream, piece);
    }
    let found = 0;
    for (const i of best.keys()) found += weights[i]! * Math.min(metMax, best[i]!);
    const whole = wholes / idfs;
    return { score: found + wholeWeight * (whole - mean) - penalty, whole };
  }

  /**
   * The same as a question sees it, which keeps what depends on one wordpiece in float32, and takes
   * the mean of all words in the window.
   */
  foldedGlance({ pieces, trouble }: Ranked, stream: PlainStream): number {
    const penalty = this.#penalty(trouble, stream);
    if (pieces.length === 0 || this.#ids.length === 0) return Math.fround(-penalty);
    const weights = this.#weights(stream);
    const best = this.#ids.map(() => -Infinity);
    let wholes = 0;
    let idfs = 0;
    for (const piece of pieces) {
      const similarities = this.#similaritiesTo(piece);
      const rare = rarity(stream, piece);
      for (const i of best.keys())
        best[i] = Math.max(best[i]!, Math.fround(similarities[i]! * rare));
      wholes += Math.fround(idf(stream, piece) * this.#whole(piece, weights));
      idfs += Math.fround(idf(stream, piece));
    }
    let found = 0;
    for (const i of best.keys()) {
      if (weights[i]! > 0) found += weights[i]! * Math.min(metMax, best[i]!);
    }
    const beyond = wholes / idfs - this.#meanWhole(stream, weights);
    return Math.fround(found + wholeWeight * beyond - penalty);
  }

  #meanWhole(stream: PlainStream, weights: readonly number[]): number {
    let wholes = 0;
    let idfs = 0;
    for (let piece = 0; piece < pieceCount; piece += 1) {
      const df = stream.count(piece);
      if (df === 0) continue;
      wholes += df * Math.fround(idf(stream, piece) * this.#whole(piece, weights));
      idfs += df * idf(stream, piece);
    }
    return idfs === 0 ? 0 : wholes / idfs;
  }

  /** T. */
  raw(shape: Ranked, stream: PlainStream): number {
    const { pieces, tokens, trouble } = shape;
    let coverage = 0;
    if (tokens.length > 0) {
      const weights = this.#weights(stream);
      for (const [i, weight] of weights.entries()) {
        const best = tokens.map((token, j) => {
          const product = token.reduce((sum, code, d) => sum + code * this.#codes[i]![d]!, 0);
          return product * rarity(stream, pieces[j]!);
        });
        coverage += weight * Math.min(metMax, Math.max(...best) / tokenScale ** 2);
      }
    }
    return coverage + 0.6 * this.#cosineBeyond(shape, stream) - this.#penalty(trouble, stream);
  }

  /** Of what is left of both, which are of length 1, without what the stream has in common. */
  #cosineBeyond({ vector }: Ranked, { mean }: PlainStream): number {
    const square = product(mean, mean);
    const lengthOf = (whole: ArrayLike<number>): number =>
      Math.sqrt(1 - 2 * product(whole, mean) + square);
    const one = this.#vector;
    const both = product(one, vector!) - product(one, mean) - product(vector!, mean) + square;
    return both / Math.max(lengthOf(one) * lengthOf(vector!), 1e-9);
  }

  cosine({ vector }: Ranked): number {
    return vector!.reduce((sum, value, i) => sum + value * this.#vector[i]!, 0);
  }

  /** As the scan has it: of the phrase made a unit vector once more. */
  scanned({ vector }: Ranked): number {
    const inverse = 1 / Math.sqrt(this.#vector.reduce((sum, value) => sum + value * value, 0));
    return vector!.reduce((sum, value, i) => sum + value * (this.#vector[i]! * inverse), 0);
  }

  #penalty(ofShape: number, { prose }: PlainStream): number {
    const gap = this.#trouble - ofShape;
    if (this.#isWell && gap < 0) return -0.2 * gap;
    return (1 - 0.5 * prose) * (gap > 0 ? 0.15 * gap : -0.03 * gap);
  }

  #weights(stream: PlainStream): number[] {
    const squares = this.#ids.map((id, i) => (this.#isIdle[i]! ? 0 : idf(stream, id) ** 2));
    const sum = squares.reduce((a, b) => a + b, 0);
    return squares.map((square) => (sum === 0 ? 1 / squares.length : square / sum));
  }

  /** Σ w c without what the very same piece is worth more. */
  #whole(piece: number, weights: readonly number[]): number {
    let sum = 0;
    for (const [i, met] of this.#similaritiesTo(piece).entries()) sum += weights[i]! * met;
    let bonus = 0;
    for (const [i, id] of this.#ids.entries()) if (id === piece) bonus += weights[i]! * 0.1;
    return sum - bonus;
  }

  #similaritiesTo(piece: number): readonly number[] {
    let similarities = this.#similarities.get(piece);
    if (similarities !== undefined) return similarities;
    if (piece >= pieceCount) throw new Error(`no wordpiece ${piece}`);
    const row = tableCodes(piece);
    const scale = 1 / Math.sqrt(row.reduce((sum, code) => sum + code * code, 0)) / tokenScale;
    similarities = this.#codes.map((codes, i) => {
      const cosine = Math.fround(row.reduce((sum, code, d) => sum + code * codes[d]!, 0) * scale);
      return this.#ids[i] === piece ? Math.fround(cosine + 0.1) : cosine;
    });
    this.#similarities.set(piece, similarities);
    return similarities;
  }
}

function product(one: ArrayLike<number>, other: ArrayLike<number>): number {
  return Array.from(one).reduce((sum, value, i) => sum + value * other[i]!, 0);
}

/** What a score is measured by: in prose always the same. */
function measure(yardstick: number, prose: number): number {
  return yardstick + prose * (0.74 - yardstick);
}

/** How likely a line answers. */
export function chance(raw: number, yardstick: number, prose: number): number {
  const beyond = raw - measure(yardstick, prose);
  return 1 / (1 + Math.exp(-(-5.5 + 8.8 * raw + 3.4 * beyond)));
}

/** The T at which that is `minScore`. */
export function need(minScore: number, yardstick: number, prose: number): number {
  if (minScore <= 0) return -Infinity;
  if (minScore >= 1) return Infinity;
  const odds = Math.log(minScore / (1 - minScore));
  return (5.5 + 3.4 * measure(yardstick, prose) + odds) / 12.2;
}
