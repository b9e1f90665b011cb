/** What a worker must know of a model to load it. */

/** How a sentence's vector comes out of the graph: as an output of its own, or by pooling. */
export type Pooling = 'graph' | 'mean' | 'cls';

/** A sentence and the start of its vector, to notice a tokenizer that does not fit the model. */
export interface ModelCheck {
  readonly sentence: string;
  readonly vector: readonly number[];
  /** Largest accepted difference of a component. */
  readonly tolerance: number;
}

export interface ModelSpec {
  readonly name: string;
  /** Of model.onnx. */
  readonly path: string;
  /** Of model.onnx, in hexadecimal; undefined where no manifest tells it. */
  readonly sha256: string | undefined;
  readonly pooling: Pooling;
  /** Longest input in tokens, special tokens included. */
  readonly maxTokens: number;
  /** Expected dimensions; 0 where only the graph knows. */
  readonly dimensions: number;
  /** Dimensions of the token vectors; 0 where the graph has none to rank with. */
  readonly tokenDimensions: number;
  readonly check: ModelCheck | undefined;
}
