/** The token vectors of each row, int8, in shared memory: what shapes are ranked by. */
import assert from 'node:assert';
import { tokenScale, tokensPerRowMax } from '../shared/limits.ts';
import { sharedBuffer } from './vector-ring.ts';

export interface TokenStoreShape {
  readonly rowCount: number;
  /** 0 where the model has no token output: then the store takes no memory and stays empty. */
  readonly tokenDimensions: number;
}

/** What a worker needs to attach; postMessage shares it without a copy. */
export interface TokenStoreHandle extends TokenStoreShape {
  readonly buffer: SharedArrayBuffer;
}

export class TokenStore {
  readonly handle: TokenStoreHandle;
  readonly #codes: Int8Array;
  readonly #ids: Uint32Array;
  readonly #counts: Uint8Array;

  private constructor(handle: TokenStoreHandle) {
    const { buffer } = handle;
    const { codesBytes, idsBytes, countsBytes } = storeLayout(handle);
    this.handle = handle;
    this.#codes = new Int8Array(buffer, 0, codesBytes);
    this.#ids = new Uint32Array(buffer, codesBytes, idsBytes / 4);
    this.#counts = new Uint8Array(buffer, codesBytes + idsBytes, countsBytes);
  }

  /** @throws {ImesdeError} ERR_IMESDE_MEMORY */
  static create(shape: TokenStoreShape): TokenStore {
    const { rowCount, tokenDimensions } = shape;
    const { codesBytes, idsBytes, countsBytes } = storeLayout(shape);
    const byteLength = codesBytes + idsBytes + countsBytes;
    const buffer = sharedBuffer(byteLength, `the tokens of ${rowCount} rows`);
    return new TokenStore({ rowCount, tokenDimensions, buffer });
  }

  static attach(handle: TokenStoreHandle): TokenStore {
    return new TokenStore(handle);
  }

  get tokenDimensions(): number {
    return this.handle.tokenDimensions;
  }

  /**
   * Stores the first tokensPerRowMax tokens. Only the leaseholder of the row may call this.
   * @param vectors - shape [tokens, tokenDimensions], each L2-normalised; NaN is stored as 0
   * @param offset - of the first token's first number
   * @param tokenIds - one for each token, without special tokens
   */
  write(row: number, vectors: Float32Array, offset: number, tokenIds: ArrayLike<number>): void {
    const { tokenDimensions, rowCount } = this.handle;
    if (tokenDimensions === 0) return;
    const count = Math.min(tokenIds.length, tokensPerRowMax);
    const length = count * tokenDimensions;
    assert(row >= 0 && row < rowCount && offset + length <= vectors.length);
    const start = row * tokensPerRowMax * tokenDimensions;
    for (let i = 0; i < length; i += 1) {
      const code = Math.round(vectors[offset + i]! * tokenScale);
      this.#codes[start + i] = Math.max(-tokenScale, Math.min(tokenScale, code));
    }
    const firstId = row * tokensPerRowMax;
    for (let i = 0; i < count; i += 1) this.#ids[firstId + i] = tokenIds[i]!;
    this.#counts[row] = count;
  }

  /** Forgets the tokens of a row: for a vector from outside, which has none. */
  clear(row: number): void {
    if (this.tokenDimensions > 0) this.#counts[row] = 0;
  }

  /** Tokens stored for a row, 0 to tokensPerRowMax. */
  count(row: number): number {
    return this.#counts[row] ?? 0;
  }

  /** The codes of a row's tokens, in place: Int8[count, tokenDimensions]. */
  codes(row: number): Int8Array {
    const { tokenDimensions } = this.handle;
    const start = row * tokensPerRowMax * tokenDimensions;
    return this.#codes.subarray(start, start + this.count(row) * tokenDimensions);
  }

  /** The wordpiece ids of a row's tokens, in place. */
  ids(row: number): Uint32Array {
    const start = row * tokensPerRowMax;
    return this.#ids.subarray(start, start + this.count(row));
  }
}

/** Codes, ids, counts, in this order: 32 tokens a row keep the ids aligned. */
function storeLayout({ rowCount, tokenDimensions }: TokenStoreShape): {
  readonly codesBytes: number;
  readonly idsBytes: number;
  readonly countsBytes: number;
} {
  if (tokenDimensions === 0) return { codesBytes: 0, idsBytes: 0, countsBytes: 0 };
  const tokenCount = rowCount * tokensPerRowMax;
  return {
    codesBytes: tokenCount * tokenDimensions,
    idsBytes: tokenCount * Uint32Array.BYTES_PER_ELEMENT,
    countsBytes: rowCount,
  };
}
