import type { EmbedPool } from '../embed/pool.ts';
import type { PhraseEmbedding } from '../embed/phrase-embedding.ts';
import { phraseCharsMax, phrasesCachedMax } from '../shared/limits.ts';
import { asQuestion, assertAsked, type Asked } from './asked.ts';
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
  async open(asked: string | Asked): Promise<PhraseRanking> {
    const question = asQuestion(asked);
    assertAsked(question);
    return this.#ranking.open(question, await this.#embed(question));
  }

  #embed({ phrase, like, unlike }: Asked): Promise<readonly PhraseEmbedding[]> {
    const key = JSON.stringify([phrase, like, unlike]);
    const known = this.#embeddings.get(key);
    const cut = (text: string): string => text.slice(0, phraseCharsMax);
    const embeddings =
      known ??
      this.#pool.embedPhrases(
        this.#ranking.textsOf({
          phrase: phrase === undefined ? undefined : cut(phrase),
          like: like.map(cut),
          unlike: unlike.map(cut),
        }),
      );
    this.#embeddings.delete(key);
    this.#embeddings.set(key, embeddings);
    embeddings.catch(() => this.#embeddings.delete(key));
    const [oldest] = this.#embeddings.keys();
    if (this.#embeddings.size > phrasesCachedMax && oldest !== undefined) {
      this.#embeddings.delete(oldest);
    }
    return embeddings;
  }
}
