import { Embedder } from '../../src/embed/embedder.ts';
import type { Encoder, LoadedModel } from '../../src/embed/model.ts';
import { phraseEmbedding, type PhraseEmbedding } from '../../src/embed/phrase-embedding.ts';

/** A model's tokenizer and session in this thread, as the pool has them in two. */
export class TextEmbedder {
  readonly #encoder: Encoder;
  readonly #embedder: Embedder;

  private constructor(encoder: Encoder, embedder: Embedder) {
    this.#encoder = encoder;
    this.#embedder = embedder;
  }

  static async create(model: LoadedModel): Promise<TextEmbedder> {
    return new TextEmbedder(await model.createEncoder(), await Embedder.create(model.spec));
  }

  get dimensions(): number {
    return this.#embedder.dimensions;
  }

  get tokenDimensions(): number {
    return this.#embedder.tokenDimensions;
  }

  async embedPhrases(texts: readonly string[]): Promise<PhraseEmbedding[]> {
    const ids = texts.map((text) => this.#encoder.encode(text));
    const phrases = await this.#embedder.embedPhrases(ids);
    return phrases.map((vectors, i) => phraseEmbedding(this.#encoder, ids[i]!, vectors));
  }
}
