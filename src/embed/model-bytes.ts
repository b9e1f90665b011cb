/** Reads model.onnx where it is needed, and checks the very bytes that go to the runtime. */
import { readFileSync } from 'node:fs';
import { ImesdeError } from '../shared/errors.ts';
import type { ModelSpec } from './model-spec.ts';
import { assertHash, describeForeign, unreadable } from './model-files.ts';
import { inspectOnnx } from './onnx-file.ts';

/** @throws {ImesdeError} ERR_IMESDE_MODEL with the path and what is wrong with the file */
export function readModelBytes({ path, sha256 }: ModelSpec): Uint8Array {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
  if (sha256 === undefined) assertOnnx(path, bytes);
  else assertHash(path, bytes, sha256);
  return bytes;
}

function assertOnnx(file: string, bytes: Uint8Array): void {
  const foreign = describeForeign(Buffer.from(bytes.subarray(0, 256)));
  const problem =
    bytes.length === 0 ? 'is empty' : foreign === undefined ? inspectOnnx(bytes) : `is ${foreign}`;
  if (problem === undefined) return;
  throw new ImesdeError('ERR_IMESDE_MODEL', `${file} ${problem}: download or export it anew`);
}
