import type { EmbedPool } from '../embed/pool.ts';
import type { PhraseEmbedding } from '../embed/phrase-embedding.ts';
import { ImesdeError } from '../shared/errors.ts';
import { phraseCharsMax, phrasesCachedMax } from '../shared/limits.ts';
import type { PhraseRanking, Ranking } from './ranking.ts';

/** Phrases made ready to be ranked with. One that was asked for before needs no model. */
export class Phrases {
  readonly #ranking: Ranking;
  readonly #pool: Pick<EmbedPool, 'embedPhrases'>;
  /** Newest last. */
  readonly #embeddings = new Map<string, Promise<readonly PhraseEmbedding[]>>();

  constructor(ranking: Ranking, pool: Pick<EmbedPool, 'embedPhrases'>) {
    this.#ranking = ranking;
    this.#pool = pool;
  }

  /** @throws {ImesdeError} ERR_IMESDE_USAGE for an empty phrase, and what embedding throws */
  async open(phrase: string): Promise<PhraseRanking> {
    if (phrase.trim() === '') {
      throw new ImesdeError('ERR_IMESDE_USAGE', 'the phrase is empty: say what to look for');
    }
    return this.#ranking.open(phrase, await this.#embed(phrase));
  }

  #embed(phrase: string): Promise<readonly PhraseEmbedding[]> {
    const known = this.#embeddings.get(phrase);
    const embeddings =
      known ?? this.#pool.embedPhrases(this.#ranking.textsOf(phrase.slice(0, phraseCharsMax)));
    this.#embeddings.delete(phrase);
    this.#embeddings.set(phrase, embeddings);
    embeddings.catch(() => this.#embeddings.delete(phrase));
    const [oldest] = this.#embeddings.keys();
    if (this.#embeddings.size > phrasesCachedMax && oldest !== undefined) {
      this.#embeddings.delete(oldest);
    }
    return embeddings;
  }
}
