/**
 * The vectors of all rows in one shared memory, each beside an int8 copy that the scan reads first.
 * Who may write a row is settled elsewhere (rows.ts): here are no locks.
 */
import os from 'node:os';
import assert from 'node:assert';
import { ImesdeError } from '../shared/errors.ts';
import { amountOf, ringLayout } from './layout.ts';
import type { RingLayout, RingShape } from './layout.ts';

/** What a worker needs to attach; postMessage shares it without a copy. */
export interface RingHandle extends RingShape {
  /** A WebAssembly.Memory, a name that not every user's declarations know; or a plain buffer. */
  readonly memory: { readonly buffer: ArrayBufferLike } | SharedArrayBuffer;
}

const pageBytes = 65_536;
const codeMax = 127;
/** Rounding to float32 may round down; this lifts the result above what was rounded. */
const roundUp = 1 + 2 ** -23;

export class VectorRing {
  readonly layout: RingLayout;
  readonly handle: RingHandle;
  readonly buffer: SharedArrayBuffer;
  /** Float32[rowCount, stride] */
  readonly vectors: Float32Array;
  /** Int8[rowCount, stride] */
  readonly codes: Int8Array;
  /** Float32[rowCount, 2]: scale and error bound of each row's codes. */
  readonly codeBounds: Float32Array;

  private constructor(handle: RingHandle) {
    const layout = ringLayout(handle);
    const { memory } = handle;
    // The buffer of a shared memory is a SharedArrayBuffer, whatever its type says.
    const buffer = (
      memory instanceof SharedArrayBuffer ? memory : memory.buffer
    ) as SharedArrayBuffer;
    const elements = layout.rowCount * layout.stride;
    this.layout = layout;
    this.handle = handle;
    this.buffer = buffer;
    this.vectors = new Float32Array(buffer, layout.vectorsOffset, elements);
    this.codes = new Int8Array(buffer, layout.codesOffset, elements);
    this.codeBounds = new Float32Array(buffer, layout.codeBoundsOffset, layout.rowCount * 2);
  }

  /**
   * @throws {ImesdeError} ERR_IMESDE_MEMORY where this machine or process has not that much
   */
  static create({ rowCount, dimensions }: RingShape): VectorRing {
    const { byteLength } = ringLayout({ rowCount, dimensions });
    const what = `${rowCount} rows of ${dimensions} dimensions`;
    const memory = sharedMemory(byteLength) ?? sharedBuffer(byteLength, what);
    return new VectorRing({ rowCount, dimensions, memory });
  }

  static attach(handle: RingHandle): VectorRing {
    return new VectorRing(handle);
  }

  /**
   * Stores a vector L2-normalised, with its codes. Only the leaseholder of the row may call this.
   * @param offset - of the vector's first number
   * @returns false where the vector is NaN, infinite or zero: then nothing was stored
   */
  write(row: number, vector: Float32Array, offset: number): boolean {
    const { dimensions, stride, rowCount } = this.layout;
    assert(row >= 0 && row < rowCount && offset + dimensions <= vector.length);
    let squares = 0;
    for (let i = offset; i < offset + dimensions; i += 1) squares += vector[i]! * vector[i]!;
    // Float32 squares can't overflow a double, so an infinite sum means an infinite number.
    if (!(squares > 0 && squares < Infinity)) return false;
    const inverse = 1 / Math.sqrt(squares);
    const { vectors } = this;
    const start = row * stride;
    let largest = 0;
    for (let i = 0; i < dimensions; i += 1) {
      vectors[start + i] = vector[offset + i]! * inverse;
      largest = Math.max(largest, Math.abs(vectors[start + i]!));
    }
    this.#writeCodes(row, Math.fround(largest / codeMax));
    return true;
  }

  /** The vector of a row, in place: [dimensions], L2-normalised. */
  vector(row: number): Float32Array {
    const { dimensions, stride } = this.layout;
    return this.vectors.subarray(row * stride, row * stride + dimensions);
  }

  #writeCodes(row: number, scale: number): void {
    const { vectors, codes, codeBounds } = this;
    const { dimensions, stride } = this.layout;
    const start = row * stride;
    let errorSquares = 0;
    for (let i = start; i < start + dimensions; i += 1) {
      const value = vectors[i]!;
      const code = Math.round(value / scale);
      codes[i] = code;
      const error = value - scale * code;
      errorSquares += error * error;
    }
    codeBounds[row * 2] = scale;
    codeBounds[row * 2 + 1] = Math.sqrt(errorSquares) * roundUp;
  }
}

/** Undefined where address space is scarce: up to Node 22, V8 reserves 10 GiB for each such memory. */
function sharedMemory(bytes: number): WebAssembly.Memory | undefined {
  const pages = Math.ceil(bytes / pageBytes);
  try {
    assertFits(bytes, 'the ring');
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch {
    return undefined;
  }
}

/**
 * Shared memory that is handed out only where the machine has so much of it at all: the system
 * promises any amount, and kills the process that believes it.
 * @param what - named in the error
 */
export function sharedBuffer(bytes: number, what: string): SharedArrayBuffer {
  assertFits(bytes, what);
  try {
    return new SharedArrayBuffer(bytes);
  } catch (cause) {
    throw new ImesdeError(
      'ERR_IMESDE_MEMORY',
      `no memory for ${what} (${amountOf(bytes)}): raise ulimit -v, or give smaller --rows`,
      { cause },
    );
  }
}

function assertFits(bytes: number, what: string): void {
  // 0 or an absurd number where no control group sets a limit.
  const limit = process.constrainedMemory() || Infinity;
  const available = Math.min(os.totalmem(), limit);
  if (bytes > available) {
    throw new ImesdeError(
      'ERR_IMESDE_MEMORY',
      `${what} need ${amountOf(bytes)}; there are ${amountOf(available)}`,
    );
  }
}
