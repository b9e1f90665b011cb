/** One ONNX Runtime session: token ids → sentence vectors and token vectors. Blocks its thread. */
import './no-telemetry.ts';
import type * as ort from 'onnxruntime-node';
import { ImesdeError } from '../shared/errors.ts';
import type { ModelSpec } from './model-spec.ts';
import { loadRuntime } from './runtime.ts';

/** Vectors of a batch. */
export interface BatchVectors {
  /** Shape [batch, dimensions], not necessarily normalised. */
  readonly sentences: Float32Array;
  /** Shape [batch, sequence, tokenDimensions], special tokens included; undefined without. */
  readonly tokens: Float32Array | undefined;
  /** Tokens a row of the padded batch has. */
  readonly sequence: number;
}

/**
 * One thread a session, for the pool has a worker for each core; without spinning, which would
 * burn a core while waiting.
 */
const sessionOptions: ort.InferenceSession.SessionOptions = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'all',
  logSeverityLevel: 4, // As in runtime.ts.
  extra: { session: { intra_op: { allow_spinning: '0' } } },
};

const inputsKnown = ['input_ids', 'attention_mask', 'token_type_ids'];

export class EmbeddingSession {
  readonly #runtime: typeof ort;
  readonly #session: ort.InferenceSession;
  readonly #spec: ModelSpec;
  readonly #withTypes: boolean;
  /** The output the sentence vectors come from or are pooled of. */
  readonly #output: string;
  /** Of the sentence vectors; 0 until the first run where only the graph knows. */
  #dimensions: number;

  private constructor(runtime: typeof ort, session: ort.InferenceSession, spec: ModelSpec) {
    this.#runtime = runtime;
    this.#session = session;
    this.#spec = spec;
    this.#withTypes = session.inputNames.includes('token_type_ids');
    this.#output = outputOf(session, spec);
    this.#dimensions = spec.dimensions;
  }

  /** @throws {ImesdeError} ERR_IMESDE_MODEL for bytes that are no model, or not such a model */
  static async create(bytes: Uint8Array, spec: ModelSpec): Promise<EmbeddingSession> {
    const runtime = await loadRuntime();
    let session: ort.InferenceSession;
    try {
      session = await runtime.InferenceSession.create(bytes, sessionOptions);
    } catch (error) {
      throw unfit(spec, `can't be loaded (${firstLine(error)})`, error);
    }
    for (const name of ['input_ids', 'attention_mask']) {
      if (!session.inputNames.includes(name)) throw unfit(spec, `has no input ${name}`);
    }
    for (const input of session.inputMetadata) {
      if (!inputsKnown.includes(input.name)) {
        throw unfit(spec, `wants an input ${input.name} that imesde does not know`);
      }
      if (!input.isTensor || input.type !== 'int64') {
        throw unfit(spec, `has an input ${input.name} that is not int64`);
      }
    }
    return new EmbeddingSession(runtime, session, spec);
  }

  /**
   * @param ids - token ids of each text with their special tokens; shorter ones are padded
   * @throws {ImesdeError} ERR_IMESDE_MODEL where the outputs have other types or dimensions
   */
  async run(ids: readonly (readonly number[])[]): Promise<BatchVectors> {
    const batch = ids.length;
    let sequence = 1;
    for (const row of ids) sequence = Math.max(sequence, row.length);
    const inputIds = new BigInt64Array(batch * sequence);
    const mask = new BigInt64Array(batch * sequence);
    for (const [index, row] of ids.entries()) {
      let at = index * sequence;
      for (const id of row) {
        inputIds[at] = BigInt(id);
        mask[at] = 1n;
        at += 1;
      }
    }
    const { Tensor } = this.#runtime;
    const shape = [batch, sequence];
    const feeds: Record<string, ort.Tensor> = {
      input_ids: new Tensor('int64', inputIds, shape),
      attention_mask: new Tensor('int64', mask, shape),
    };
    if (this.#withTypes) {
      feeds['token_type_ids'] = new Tensor('int64', new BigInt64Array(batch * sequence), shape);
    }
    const withTokens = this.#spec.tokenDimensions > 0;
    const fetches = withTokens ? [this.#output, 'token_embeddings'] : [this.#output];
    const results = await this.#session.run(feeds, fetches);
    const main = this.#float(results[this.#output], this.#output);
    const tokens = withTokens
      ? this.#float(results['token_embeddings'], 'token_embeddings').data
      : undefined;
    return { sentences: this.#pool(main, ids, sequence), tokens, sequence };
  }

  #float(tensor: ort.Tensor | undefined, name: string): FloatTensor {
    if (tensor?.type !== 'float32') throw unfit(this.#spec, `has an output ${name} not of float32`);
    return { data: tensor.data as Float32Array, dims: tensor.dims };
  }

  #pool(tensor: FloatTensor, ids: readonly (readonly number[])[], sequence: number): Float32Array {
    const { data, dims } = tensor;
    const dimensions = dims.at(-1) ?? 0;
    this.#dimensions ||= dimensions;
    const isPooled = dims.length === 2;
    if (
      dimensions === 0 ||
      dimensions !== this.#dimensions ||
      dims[0] !== ids.length ||
      !(isPooled || (dims.length === 3 && dims[1] === sequence))
    ) {
      throw unfit(this.#spec, `gives vectors of shape [${dims.join(', ')}]`);
    }
    if (isPooled) return data;
    const sums = new Float32Array(ids.length * dimensions);
    for (const [index, row] of ids.entries()) {
      const pooled = this.#spec.pooling === 'cls' ? 1 : row.length;
      for (let token = 0; token < pooled; token += 1) {
        const from = (index * sequence + token) * dimensions;
        for (let i = 0; i < dimensions; i += 1) {
          const at = index * dimensions + i;
          sums[at] = (sums[at] ?? 0) + (data[from + i] ?? 0) / pooled;
        }
      }
    }
    return sums;
  }
}

interface FloatTensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

function outputOf(session: ort.InferenceSession, spec: ModelSpec): string {
  const wanted =
    spec.pooling === 'graph' ? ['sentence_embedding'] : ['last_hidden_state', 'sentence_embedding'];
  const output = wanted.find((name) => session.outputNames.includes(name));
  if (output !== undefined) return output;
  throw unfit(spec, `has no output ${wanted.join(' or ')}, only ${session.outputNames.join(', ')}`);
}

function unfit(spec: ModelSpec, what: string, cause?: unknown): ImesdeError {
  return new ImesdeError(
    'ERR_IMESDE_MODEL',
    `${spec.path} ${what}: --model wants a sentence-transformers export`,
    { cause },
  );
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n', 1)[0] ?? '';
}
