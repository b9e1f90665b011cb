/** Tokenizer and session together: texts in, vectors out. Lives in a worker. */
import { ImesdeError } from '../shared/errors.ts';
import { planRuns } from './batches.ts';
import type { PhraseEmbedding } from './messages.ts';
import type { LoadedModel, ModelSpec } from './model.ts';
import { EmbeddingSession } from './session.ts';
import { TextEncoder } from './tokenizer.ts';

/** Takes the vectors of one text. Offsets are in floats. */
export type VectorSink = (text: TextVectors) => void;

export interface TextVectors {
  /** Index of the text in the request. */
  readonly index: number;
  readonly sentences: Float32Array;
  readonly sentenceOffset: number;
  /** Undefined where the model has no token output. */
  readonly tokens: Float32Array | undefined;
  /** Of the first token after the special ones at the start. */
  readonly tokensOffset: number;
  /** Ids without special tokens. */
  readonly tokenIds: readonly number[];
}

export class Embedder {
  readonly dimensions: number;
  readonly tokenDimensions: number;
  readonly #encoder: TextEncoder;
  readonly #session: EmbeddingSession;

  private constructor(
    encoder: TextEncoder,
    session: EmbeddingSession,
    dimensions: number,
    spec: ModelSpec,
  ) {
    this.#encoder = encoder;
    this.#session = session;
    this.dimensions = dimensions;
    this.tokenDimensions = spec.tokenDimensions;
  }

  /** @throws {ImesdeError} ERR_IMESDE_MODEL where the model and its tokenizer can't be used */
  static async create(model: LoadedModel): Promise<Embedder> {
    const { spec } = model;
    const encoder = new TextEncoder(model.tokenizerJson, model.tokenizerConfigJson, spec.maxTokens);
    const bytes = new Uint8Array(model.modelBytes).slice(); // The runtime takes no shared memory.
    const session = await EmbeddingSession.create(bytes, spec);
    const probe = encoder.encode(spec.check?.sentence ?? 'ready');
    const { sentences } = await session.run([probe]);
    const expected = spec.check?.vector ?? [];
    const tolerance = spec.check?.tolerance ?? 0;
    if (expected.some((value, i) => !(Math.abs((sentences[i] ?? NaN) - value) <= tolerance))) {
      throw new ImesdeError(
        'ERR_IMESDE_MODEL',
        `${spec.path} and its tokenizer.json do not fit each other: install imesde anew`,
      );
    }
    return new Embedder(encoder, session, sentences.length, spec);
  }

  /** Embeds every text, in runs of like length; the order in which the sink sees them is its own. */
  async embed(texts: readonly string[], sink: VectorSink): Promise<void> {
    const ids = texts.map((text) => this.#encoder.encode(text));
    const { prefix, suffix } = this.#encoder;
    for (const run of planRuns(ids.map((row) => row.length))) {
      const runIds = run.map((index) => ids[index] ?? []);
      const { sentences, tokens, sequence } = await this.#session.run(runIds);
      for (const [position, index] of run.entries()) {
        const row = runIds[position] ?? [];
        sink({
          index,
          sentences,
          sentenceOffset: position * this.dimensions,
          tokens,
          tokensOffset: (position * sequence + prefix.length) * this.tokenDimensions,
          tokenIds: row.slice(prefix.length, row.length - suffix.length),
        });
      }
    }
  }

  /** Embeds phrases for whoever asked: vectors of their own, L2-normalised. */
  async embedPhrases(phrases: readonly string[]): Promise<PhraseEmbedding[]> {
    const embeddings: PhraseEmbedding[] = [];
    await this.embed(phrases, (text) => {
      const { sentenceOffset, tokensOffset, tokenIds } = text;
      const vector = text.sentences.slice(sentenceOffset, sentenceOffset + this.dimensions);
      normalize(vector);
      embeddings[text.index] = {
        vector,
        tokenIds: Uint32Array.from(tokenIds),
        tokens: tokenIds.map((id) => this.#encoder.token(id)),
        tokenVectors:
          text.tokens?.slice(tokensOffset, tokensOffset + tokenIds.length * this.tokenDimensions) ??
          new Float32Array(),
      };
    });
    return embeddings;
  }
}

function normalize(vector: Float32Array): void {
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (squares === 0) return;
  const scale = 1 / Math.sqrt(squares);
  for (let i = 0; i < vector.length; i += 1) vector[i] = (vector[i] ?? 0) * scale;
}
