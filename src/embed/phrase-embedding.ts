/** What the main thread knows of a phrase: the worker's vectors beside the tokenizer's tokens. */
import { ImesdeError } from '../shared/errors.ts';
import type { Encoder } from './model.ts';
import type { ModelCheck, ModelSpec } from './model-spec.ts';

/** Vectors of one phrase, as a worker makes them. */
export interface PhraseVectors {
  /** L2-normalised, shape [dimensions]. */
  readonly vector: Float32Array;
  /** Shape [ids, tokenDimensions], special tokens included; empty without token output. */
  readonly tokenVectors: Float32Array;
}

/** What is known of a phrase. */
export interface PhraseEmbedding {
  /** L2-normalised, shape [dimensions]. */
  readonly vector: Float32Array;
  /** Wordpiece ids without the special tokens. */
  readonly tokenIds: Uint32Array;
  /** The wordpieces themselves. */
  readonly tokens: readonly string[];
  /** Shape [tokenIds.length, tokenDimensions], each L2-normalised; empty without token output. */
  readonly tokenVectors: Float32Array;
}

/** @param ids - of the whole text, special tokens included */
export function phraseEmbedding(
  encoder: Encoder,
  ids: readonly number[],
  { vector, tokenVectors }: PhraseVectors,
): PhraseEmbedding {
  const { prefix, suffix } = encoder;
  const own = ids.slice(prefix.length, ids.length - suffix.length);
  const tokenDimensions = tokenVectors.length / ids.length;
  const from = prefix.length * tokenDimensions;
  return {
    vector,
    tokenIds: Uint32Array.from(own),
    tokens: own.map((id) => encoder.token(id)),
    tokenVectors: tokenVectors.slice(from, from + own.length * tokenDimensions),
  };
}

/** @throws {ImesdeError} ERR_IMESDE_MODEL where the known sentence has another vector */
export function assertFits(spec: ModelSpec, check: ModelCheck, vector: Float32Array): void {
  const { vector: expected, tolerance } = check;
  if (expected.every((value, i) => Math.abs((vector[i] ?? NaN) - value) <= tolerance)) return;
  throw new ImesdeError(
    'ERR_IMESDE_MODEL',
    `${spec.path} and its tokenizer.json do not fit each other: install imesde anew`,
  );
}
