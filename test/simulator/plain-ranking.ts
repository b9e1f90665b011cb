/**
 * Scores by the book: glance and reading of a shape for a phrase, written anew from their formulas.
 * Rounds to float32 where the real parts keep their numbers in float32, so that a score that is
 * compared with a threshold is the same to the last bit but for the order of additions.
 */
import { normalized, tableCodes, tokenDimensions, vectorsOf } from './fake-model.ts';
import { encode, idleWords, pieceCount, textIds, troubleWords, wellWord } from './vocabulary.ts';

/** How many shapes of the window there are, and how many of them hold a wordpiece. */
export interface PlainFrequencies {
  readonly shapeCount: number;
  count(piece: number): number;
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

export function idf(frequencies: PlainFrequencies, piece: number): number {
  const df = frequencies.count(piece);
  return Math.log(1 + (frequencies.shapeCount + 20 - df + 0.5) / (df + 0.5));
}

function rarity(frequencies: PlainFrequencies, piece: number): number {
  return 0.8 + (1 - 0.8) * Math.min(1, idf(frequencies, piece) / 4);
}

const prompts = ['{}', 'error: {}', 'log: {}', '{} event', 'warning {}'];

export class PlainPhrase {
  readonly phrase: string;
  readonly #ids: readonly number[];
  readonly #codes: readonly Int8Array[];
  readonly #isIdle: readonly boolean[];
  readonly #trouble: number;
  readonly #unasked: number;
  /** The phrase as a whole, in float32. */
  readonly #vector: Float32Array;
  /** By wordpiece: its similarity to each token. */
  readonly #similarities = new Map<number, number[]>();

  /** @param byMeaning - or by the cosine of the phrase alone */
  constructor(phrase: string, byMeaning: boolean) {
    this.phrase = phrase;
    this.#ids = textIds(phrase);
    this.#codes = codesOf(vectorsOf(encode(phrase)).tokenVectors).slice(1, -1);
    const idle = idleWords.flatMap(textIds);
    this.#isIdle = this.#ids.map((id) => idle.includes(id));
    this.#trouble = troubleOf(phrase, 'inPhrase');
    const isWell = this.#trouble === 0 && phrase.split(' ').includes(wellWord);
    this.#unasked = isWell ? 0.15 : 0.05;
    const sum = new Float32Array(vectorsOf(encode(phrase)).vector.length);
    for (const prompt of byMeaning ? prompts : ['{}']) {
      const { vector } = vectorsOf(encode(prompt.replace('{}', phrase)));
      for (const [i, value] of vector.entries()) sum[i]! += value;
    }
    const length = Math.hypot(...sum);
    this.#vector = sum.map((value) => value / length);
  }

  /** s, for single shapes as they come. */
  glance({ pieces, trouble }: Ranked, frequencies: PlainFrequencies): number {
    if (pieces.length === 0 || this.#ids.length === 0) return -this.#penalty(trouble);
    const weights = this.#weights(frequencies);
    const best = this.#ids.map(() => -Infinity);
    let whole = 0;
    let idfs = 0;
    for (const piece of pieces) {
      const similarities = this.#similaritiesTo(piece);
      const rare = rarity(frequencies, piece);
      for (const i of best.keys()) best[i] = Math.max(best[i]!, similarities[i]! * rare);
      whole += idf(frequencies, piece) * this.#whole(piece, weights);
      idfs += idf(frequencies, piece);
    }
    let found = 0;
    for (const i of best.keys()) found += weights[i]! * best[i]!;
    return found + whole / idfs - this.#penalty(trouble);
  }

  /** The same as a question sees it, which keeps all that depends on one wordpiece in float32. */
  foldedGlance({ pieces, trouble }: Ranked, frequencies: PlainFrequencies): number {
    if (pieces.length === 0 || this.#ids.length === 0) return Math.fround(-this.#penalty(trouble));
    const weights = this.#weights(frequencies);
    const best = this.#ids.map(() => -Infinity);
    let whole = 0;
    let idfs = 0;
    for (const piece of pieces) {
      const similarities = this.#similaritiesTo(piece);
      const rare = rarity(frequencies, piece);
      for (const i of best.keys()) {
        best[i] = Math.max(best[i]!, Math.fround(weights[i]! * similarities[i]! * rare));
      }
      whole += Math.fround(idf(frequencies, piece) * this.#whole(piece, weights));
      idfs += Math.fround(idf(frequencies, piece));
    }
    let found = 0;
    for (const i of best.keys()) if (weights[i]! > 0) found += best[i]!;
    return Math.fround(found + whole / idfs - this.#penalty(trouble));
  }

  /** T. */
  raw(shape: Ranked, frequencies: PlainFrequencies): number {
    const { pieces, tokens, trouble } = shape;
    let coverage = 0;
    if (tokens.length > 0) {
      const weights = this.#weights(frequencies);
      for (const [i, weight] of weights.entries()) {
        const best = tokens.map((token, j) => {
          const product = token.reduce((sum, code, d) => sum + code * this.#codes[i]![d]!, 0);
          return product * rarity(frequencies, pieces[j]!);
        });
        coverage += weight * Math.max(...best);
      }
    }
    return coverage / tokenScale ** 2 + 0.4 * this.cosine(shape) - this.#penalty(trouble);
  }

  cosine({ vector }: Ranked): number {
    return vector!.reduce((sum, value, i) => sum + value * this.#vector[i]!, 0);
  }

  /** As the scan has it: of the phrase made a unit vector once more. */
  scanned({ vector }: Ranked): number {
    const inverse = 1 / Math.sqrt(this.#vector.reduce((sum, value) => sum + value * value, 0));
    return vector!.reduce((sum, value, i) => sum + value * (this.#vector[i]! * inverse), 0);
  }

  #penalty(ofShape: number): number {
    const gap = this.#trouble - ofShape;
    return gap > 0 ? 0.15 * gap : -this.#unasked * gap;
  }

  #weights(frequencies: PlainFrequencies): number[] {
    const squares = this.#ids.map((id, i) => (this.#isIdle[i]! ? 0 : idf(frequencies, id) ** 2));
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

/** How likely a line answers. */
export function chance(raw: number, yardstick: number): number {
  return 1 / (1 + Math.exp(-(-5.75 + 8.5 * raw + 3.5 * (raw - yardstick))));
}

/** The T at which that is `minScore`. */
export function need(minScore: number, yardstick: number): number {
  if (minScore <= 0) return -Infinity;
  if (minScore >= 1) return Infinity;
  return (5.75 + 3.5 * yardstick + Math.log(minScore / (1 - minScore))) / 12;
}
