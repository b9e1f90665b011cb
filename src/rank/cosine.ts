import type { PhraseEmbedding } from '../embed/phrase-embedding.ts';
import type { VectorRing } from '../ring/vector-ring.ts';
import { dot } from '../scan/dot.ts';
import { ImesdeError } from '../shared/errors.ts';
import type { PhraseRanking, Ranking } from './ranking.ts';

/** Ranks by the cosine of phrase and shape, -1 to 1: any sentence model can. */
export class CosineRanking implements Ranking {
  readonly name = 'cosine';
  readonly watchMinScore = 0.6;
  readonly questionMinScore = 0.35;
  readonly #ring: VectorRing;

  constructor(ring: VectorRing) {
    this.#ring = ring;
  }

  textsOf(phrase: string): string[] {
    return [phrase];
  }

  open(phrase: string, embeddings: readonly PhraseEmbedding[]): CosinePhrase {
    return this.openVector(phrase, embeddings[0]!.vector);
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

/** A cosine depends on nothing but its two vectors. */
export interface CosinePhrase extends PhraseRanking {
  raw(row: number): number;
}
