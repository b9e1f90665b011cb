/** What the system gives: Node, the processor, memory, and the runtime that it must be able to load. */
import os from 'node:os';
import { assertRoomForWorker } from '../../embed/address-space.ts';
import { usableCores } from '../../embed/cores.ts';
import { resolveOptions } from '../../engine/options.ts';
import { TokenStore } from '../../ring/token-store.ts';
import { VectorRing } from '../../ring/vector-ring.ts';
import { Scanner } from '../../scan/scanner.ts';
import { TypeScriptKernel } from '../../scan/typescript-kernel.ts';
import { ImesdeError } from '../../shared/errors.ts';
import { leasedRowsMax, readingsDefault } from '../../shared/limits.ts';
import type { Check } from './check.ts';

/** Of the embedded model. */
const dimensions = 384;
const tokenDimensions = 128;

export const systemChecks: readonly Check[] = [
  { name: 'Node', look: () => `${process.versions.node} on ${process.platform} ${process.arch}` },
  { name: 'processor', look: lookAtProcessor },
  { name: 'memory', look: lookAtMemory },
  { name: 'runtime', needs: ['memory'], look: lookAtRuntime },
];

/** Scans a few rows, and once more without WebAssembly: both must find the same. */
function lookAtProcessor(): string {
  const rowCount = 100;
  const top = 10;
  const ring = VectorRing.create({ rowCount, dimensions });
  const rows = Int32Array.from({ length: rowCount }, (_, row) => row);
  for (const row of rows) ring.write(row, wave(row), 0);
  const request = {
    queries: [wave(rowCount / 2)],
    rows,
    rowCount,
    k: top,
    tieBreak: Float64Array.from(rows),
  };
  const generations = new Uint32Array(rowCount);
  const scanner = new Scanner({ ring, generations });
  const plain = new Scanner({ ring, generations, kernel: new TypeScriptKernel(ring) });
  const rowsOf = (which: Scanner): string =>
    String(which.scanTopK(request)[0]?.map(({ row }) => row));
  if (rowsOf(scanner) !== rowsOf(plain)) {
    throw new ImesdeError(
      'ERR_IMESDE_WORKER',
      'WebAssembly SIMD finds other rows than plain code does: use another version of Node',
    );
  }
  const kernel =
    scanner.kernelName === 'wasm-simd'
      ? 'WebAssembly SIMD'
      : 'no WebAssembly SIMD, so that reading every shape (--rank cosine) takes longer';
  const cores = usableCores();
  return `${cores} ${cores === 1 ? 'core' : 'cores'}, ${kernel}`;
}

/** A vector that is like those of numbers near to its own. */
function wave(number: number): Float32Array {
  return Float32Array.from({ length: dimensions }, (_, i) => Math.sin(number / 50 + i * i));
}

/** Takes what a run with default options takes, and gives it back. */
function lookAtMemory(): string {
  assertRoomForWorker();
  const { window, windowBytes } = resolveOptions({});
  const rowCount = readingsDefault + leasedRowsMax;
  const ring = VectorRing.create({ rowCount, dimensions });
  const { buffer } = TokenStore.create({ rowCount, tokenDimensions }).handle;
  const shared = mebibytes(ring.buffer.byteLength + buffer.byteLength);
  const whole = Math.min(os.totalmem(), process.constrainedMemory() || Infinity);
  return (
    `${shared} MiB can be shared; of ${mebibytes(whole)} MiB a window of ` +
    `${window} lines and ${mebibytes(windowBytes)} MiB can be held`
  );
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}

/** Loads it: the library is native, and may be made for another system. */
async function lookAtRuntime(): Promise<string> {
  const { loadRuntime } = await import('../../embed/runtime.ts');
  const { env } = await loadRuntime();
  return `ONNX Runtime ${env.versions.node ?? 'of an unknown version'}`;
}
