import type { PhraseEmbedding } from '../embed/phrase-embedding.ts';
import type { VectorRing } from '../ring/vector-ring.ts';
import { dot } from '../scan/dot.ts';
import { ImesdeError } from '../shared/errors.ts';
import { unlikeAllowance } from '../glance/together.ts';
import { asQuestion, nameOf, type Asked } from './asked.ts';
import type { PhraseRanking, Ranking } from './ranking.ts';

/** Examples together count so much beside a phrase. */
const examplesWeight = 0.4;
/** By the cosine lines of one log are more alike than by meaning. */
const allowanceShare = 1.5;
/** Only the same text has so great a cosine. */
const same = 0.9999;

/**
 * Ranks by the cosine of phrase and shape, -1 to 1: any sentence model can. A phrase with examples is
 * one vector: the sum of its own and, weighted, of theirs.
 */
export class CosineRanking implements Ranking {
  readonly name = 'cosine';
  readonly watchMinScore = 0.6;
  readonly questionMinScore = 0.35;
  readonly #ring: VectorRing;
  readonly #exampleText: (line: string) => string | undefined;

  /** @param exampleText - what the model reads of a line; undefined where nothing is left of it */
  constructor(ring: VectorRing, exampleText: (line: string) => string | undefined = String) {
    this.#ring = ring;
    this.#exampleText = exampleText;
  }

  textsOf(asked: string | Asked): string[] {
    const { phrase, like, unlike } = asQuestion(asked);
    const marks = [...like, ...unlike].map((line) => this.#exampleText(line) ?? line);
    return phrase === undefined ? marks : [phrase, ...marks];
  }

  open(asked: string | Asked, embeddings: readonly PhraseEmbedding[]): CosinePhrase {
    const question = asQuestion(asked);
    const { phrase, like, unlike } = question;
    const exampleFirst = phrase === undefined ? 0 : 1;
    const unlikeFirst = exampleFirst + like.length;
    const vectors = embeddings.map(({ vector }) => vector);
    const own = vectors.slice(0, exampleFirst);
    const examples = vectors.slice(exampleFirst, unlikeFirst);
    // Alone it is taken as it is: made a unit vector once more it would be a little off.
    const [alone] = examples.length === 0 ? own : [];
    const opened = this.openVector(nameOf(question), alone ?? sumOf(own, sumOf(examples)));
    if (unlike.length === 0) return opened;
    const unlikes = embeddings.slice(unlikeFirst).map((embedding) => ({
      opened: this.openVector('', embedding.vector),
      allowance: allowanceShare * unlikeAllowance(embedding.tokenIds.length),
    }));
    return {
      ...opened,
      isUnlike: (row, _shape, _stream, raw) =>
        unlikes.some((one) => {
          const cosine = one.opened.raw(row);
          return cosine > same || cosine - one.allowance > raw;
        }),
    };
  }

  /**
   * @param given - shape [dimensions]; normalised here
   * @throws {ImesdeError} ERR_IMESDE_DIMENSIONS, and ERR_IMESDE_VECTOR where it has a number that is
   * none, or only zeros
   */
  openVector(phrase: string, given: Float32Array): CosinePhrase {
    const { vectors, layout } = this.#ring;
    const { dimensions, stride } = layout;
    if (given.length !== dimensions) {
      throw new ImesdeError(
        'ERR_IMESDE_DIMENSIONS',
        `a vector of ${given.length} dimensions can't be compared with rows of ${dimensions}`,
      );
    }
    const length = Math.hypot(...given);
    if (!(length > 0 && length < Infinity)) {
      throw new ImesdeError('ERR_IMESDE_VECTOR', 'the vector to look for is zero or no number');
    }
    const vector = given.map((value) => value / length);
    const query = new Float64Array(stride); // Doubles, as in the scan: the scores agree.
    query.set(vector);
    const raw = (row: number): number => dot(vectors, row * stride, query, query.length);
    return {
      phrase,
      vector,
      literals: undefined,
      literalsWeight: 0,
      glance: undefined,
      raw,
      score: (raw) => raw,
      rawOf: (score) => score,
      explain: (row) => ({ words: [], whole: raw(row) }),
      yardstickOf: () => undefined,
    };
  }
}

/** The direction of some unit vectors together; @param examples - beside them, weighted */
function sumOf(vectors: readonly Float32Array[], examples?: Float32Array): Float32Array {
  const dimensions = (vectors[0] ?? examples)?.length ?? 0;
  const sum = new Float32Array(dimensions);
  for (const vector of vectors) for (let i = 0; i < dimensions; i += 1) sum[i]! += vector[i]!;
  const length = Math.hypot(...sum);
  if (length > 0) for (let i = 0; i < dimensions; i += 1) sum[i]! /= length;
  if (examples === undefined) return sum;
  for (let i = 0; i < examples.length; i += 1) sum[i]! += examplesWeight * examples[i]!;
  return sum;
}

/** A cosine depends on nothing but its two vectors. */
export interface CosinePhrase extends PhraseRanking {
  raw(row: number): number;
}
