/**
 * The word table: for each wordpiece the mean of the vectors that the model gave it in many
 * sentences (model/README.md), so that what a word of a phrase and a word of a line have in common
 * can be looked up. In 4-bit codes, two a byte, the first number in the low half; a row stands for
 * codes / |codes|.
 */
import { ImesdeError } from '../shared/errors.ts';
import { tokenScale } from '../shared/limits.ts';

/** A code is stored with this added: 1 to 15. */
const codeZero = 8;

export class WordTable {
  /** Wordpieces, as many as the tokenizer has. */
  readonly pieceCount: number;
  readonly dimensions: number;
  readonly #bytes: Uint8Array;
  readonly #codes: Int8Array;

  /**
   * @param bytes - Uint8[pieces, dimensions / 2]
   * @param dimensions - of the model's token vectors
   * @throws {ImesdeError} ERR_IMESDE_MODEL where the bytes are no whole rows
   */
  constructor(bytes: Uint8Array, dimensions: number) {
    this.pieceCount = (bytes.length * 2) / dimensions;
    this.dimensions = dimensions;
    this.#bytes = bytes;
    this.#codes = new Int8Array(dimensions);
    if (Number.isSafeInteger(this.pieceCount) && this.pieceCount > 0) return;
    throw new ImesdeError(
      'ERR_IMESDE_MODEL',
      `the word table has ${bytes.length} bytes, which are no rows of ${dimensions} dimensions: install imesde anew`,
    );
  }

  /**
   * Cosines of some token vectors with a wordpiece.
   * @param tokens - Int8[count, dimensions]: unit vectors × tokenScale
   * @param out - takes `count` numbers from `offset` on; zeros for an id that the table hasn't
   */
  similarities(tokens: Int8Array, piece: number, out: Float32Array, offset: number): void {
    const { dimensions } = this;
    const count = tokens.length / dimensions;
    if (piece >= this.pieceCount) {
      out.fill(0, offset, offset + count);
      return;
    }
    const scale = this.#unpack(piece) / tokenScale;
    const codes = this.#codes;
    for (let token = 0, at = 0; token < count; token += 1) {
      let sum = 0;
      for (let i = 0; i < dimensions; i += 1, at += 1) sum = (sum + codes[i]! * tokens[at]!) | 0;
      out[offset + token] = sum * scale;
    }
  }

  /**
   * Adds a wordpiece's unit vector, times a weight, to a sum; nothing for an id that the table hasn't.
   * @param sum - shape [dimensions]
   */
  addTo(sum: Float32Array, piece: number, weight = 1): void {
    if (piece >= this.pieceCount) return;
    const scale = this.#unpack(piece) * weight;
    const codes = this.#codes;
    for (let i = 0; i < codes.length; i += 1) sum[i]! += codes[i]! * scale;
  }

  /** @returns 1 / |codes| of the row, which is now in #codes */
  #unpack(piece: number): number {
    const codes = this.#codes;
    const start = (piece * this.dimensions) / 2;
    let squares = 0;
    for (let i = 0, at = start; i < codes.length; i += 2, at += 1) {
      const byte = this.#bytes[at]!;
      const low = (byte & 15) - codeZero;
      const high = (byte >> 4) - codeZero;
      codes[i] = low;
      codes[i + 1] = high;
      squares += low * low + high * high;
    }
    return squares === 0 ? 0 : 1 / Math.sqrt(squares);
  }
}
