import type { PhraseEmbedding } from '../embed/phrase-embedding.ts';
import type { VectorRing } from '../ring/vector-ring.ts';
import { dot } from '../scan/dot.ts';
import { ImesdeError } from '../shared/errors.ts';
import type { PhraseRanking, Ranking } from './ranking.ts';

/** Ranks by the cosine of phrase and shape, -1 to 1: any sentence model can. */
export class CosineRanking implements Ranking {
  readonly name = 'cosine';
  readonly watchMinScore = 0.6;
  readonly #ring: VectorRing;

  constructor(ring: VectorRing) {
    this.#ring = ring;
  }

  textsOf(phrase: string): string[] {
    return [phrase];
  }

  open(phrase: string, embeddings: readonly PhraseEmbedding[]): PhraseRanking {
    return this.openVector(phrase, embeddings[0]!.vector);
  }

  /**
   * @param vector - L2-normalised, shape [dimensions]
   * @throws {ImesdeError} ERR_IMESDE_VECTOR where it has a number that is none, or only zeros
   */
  openVector(phrase: string, vector: Float32Array): PhraseRanking {
    if (vector.every((value) => value === 0) || !vector.every(Number.isFinite)) {
      throw new ImesdeError('ERR_IMESDE_VECTOR', 'the model gave no vector for the phrase');
    }
    const { vectors, layout } = this.#ring;
    const query = new Float64Array(layout.stride); // Doubles, as in the scan: the scores agree.
    query.set(vector);
    return {
      phrase,
      vector,
      raw: (row) => dot(vectors, row * layout.stride, query, query.length),
      observe: () => undefined,
      score: (raw) => raw,
    };
  }

  enter(): void {
    // A cosine depends on nothing but its two vectors.
  }

  leave(): void {
    // As above.
  }
}
