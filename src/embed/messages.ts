/** What the main thread and an embedding worker say to each other, named by direction. */
import type { PhraseVectors } from './phrase-embedding.ts';
import type { RingHandle } from '../ring/vector-ring.ts';
import type { TokenStoreHandle } from '../ring/token-store.ts';
import type { ModelSpec } from './model-spec.ts';

/** Main → worker, once: the model to load. */
export interface LoadMessage {
  readonly type: 'load';
  readonly spec: ModelSpec;
}

/** Main → worker, once: where vectors are written. */
export interface RingMessage {
  readonly type: 'ring';
  readonly ring: RingHandle;
  readonly tokens: TokenStoreHandle | undefined;
}

/** Main → worker: shapes to embed; the worker owns these rows until it has answered. */
export interface ShapesMessage {
  readonly type: 'shapes';
  readonly rows: readonly number[];
  /** Token ids of each text, special tokens included. */
  readonly ids: readonly (readonly number[])[];
  /** Special tokens before and behind every text: their vectors are not stored. */
  readonly prefixLength: number;
  readonly suffixLength: number;
}

/** Main → worker: texts to embed for the main thread itself: phrases. */
export interface PhrasesMessage {
  readonly type: 'phrases';
  readonly ids: readonly (readonly number[])[];
}

/** Main → worker: finish and leave. */
export interface StopMessage {
  readonly type: 'stop';
}

export type RequestMessage =
  LoadMessage | RingMessage | ShapesMessage | PhrasesMessage | StopMessage;

/** Worker → main, once: the model is loaded and answers. */
export interface ReadyMessage {
  readonly type: 'ready';
  readonly dimensions: number;
  /** 0 where the model has no token output. */
  readonly tokenDimensions: number;
}

/** Worker → main: the rows are written. */
export interface ShapesDoneMessage {
  readonly type: 'shapes-done';
  /** For each row of the request: 1 where a vector was stored, 0 where it was NaN, infinite or zero. */
  readonly stored: Uint8Array;
}

export interface PhrasesDoneMessage {
  readonly type: 'phrases-done';
  readonly phrases: readonly PhraseVectors[];
}

/** Worker → main: this request failed, or the model could not be loaded. */
export interface FailedMessage {
  readonly type: 'failed';
  readonly code: 'ERR_IMESDE_MODEL' | 'ERR_IMESDE_WORKER';
  readonly message: string;
}

export type ResponseMessage = ReadyMessage | ShapesDoneMessage | PhrasesDoneMessage | FailedMessage;
