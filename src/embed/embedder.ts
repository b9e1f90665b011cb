/** A session and what is made of its batches: token ids in, vectors out. Lives in a worker. */
import { planRuns } from './batches.ts';
import type { PhraseVectors } from './phrase-embedding.ts';
import { readModelBytes } from './model-bytes.ts';
import type { ModelSpec } from './model-spec.ts';
import { EmbeddingSession } from './session.ts';

/** Takes the vectors of one text. Offsets are in floats. */
export type VectorSink = (text: TextVectors) => void;

export interface TextVectors {
  /** Index of the text in the request. */
  readonly index: number;
  readonly sentences: Float32Array;
  readonly sentenceOffset: number;
  /** Undefined where the model has no token output. */
  readonly tokens: Float32Array | undefined;
  /** Of the text's first token. */
  readonly tokensOffset: number;
}

export class Embedder {
  readonly dimensions: number;
  readonly tokenDimensions: number;
  readonly #session: EmbeddingSession;

  private constructor(session: EmbeddingSession, dimensions: number, tokenDimensions: number) {
    this.#session = session;
    this.dimensions = dimensions;
    this.tokenDimensions = tokenDimensions;
  }

  /** @throws {ImesdeError} ERR_IMESDE_MODEL where the model can't be used */
  static async create(spec: ModelSpec): Promise<Embedder> {
    const session = await EmbeddingSession.create(readModelBytes(spec), spec);
    const { sentences } = await session.run([[0, 0, 0]]); // Any text tells how long the vectors are.
    return new Embedder(session, sentences.length, spec.tokenDimensions);
  }

  /** Embeds every text, in runs of like length; the order in which the sink sees them is its own. */
  async embed(ids: readonly (readonly number[])[], sink: VectorSink): Promise<void> {
    for (const run of planRuns(ids.map((row) => row.length))) {
      const { sentences, tokens, sequence } = await this.#session.run(
        run.map((index) => ids[index] ?? []),
      );
      for (const [position, index] of run.entries()) {
        sink({
          index,
          sentences,
          sentenceOffset: position * this.dimensions,
          tokens,
          tokensOffset: position * sequence * this.tokenDimensions,
        });
      }
    }
  }

  /** Embeds phrases for whoever asked: vectors of their own, L2-normalised. */
  async embedPhrases(ids: readonly (readonly number[])[]): Promise<PhraseVectors[]> {
    const phrases: PhraseVectors[] = [];
    await this.embed(ids, (text) => {
      const { index, sentenceOffset, tokensOffset } = text;
      const vector = text.sentences.slice(sentenceOffset, sentenceOffset + this.dimensions);
      normalize(vector);
      const tokensEnd = tokensOffset + (ids[index]?.length ?? 0) * this.tokenDimensions;
      const tokenVectors = text.tokens?.slice(tokensOffset, tokensEnd) ?? new Float32Array();
      phrases[index] = { vector, tokenVectors };
    });
    return phrases;
  }
}

function normalize(vector: Float32Array): void {
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (squares === 0) return;
  const scale = 1 / Math.sqrt(squares);
  for (let i = 0; i < vector.length; i += 1) vector[i] = (vector[i] ?? 0) * scale;
}
