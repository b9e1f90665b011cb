/** What the system gives: the processor, and the runtime that it must be able to load. */
import { usableCores } from '../../embed/cores.ts';
import { VectorRing } from '../../ring/vector-ring.ts';
import { Scanner } from '../../scan/scanner.ts';
import { TypeScriptKernel } from '../../scan/typescript-kernel.ts';
import { ImesdeError } from '../../shared/errors.ts';
import type { Check } from './check.ts';

/** Of the embedded model. */
const dimensions = 384;

export const systemChecks: readonly Check[] = [
  { name: 'processor', look: lookAtProcessor },
  { name: 'runtime', look: lookAtRuntime },
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

/** Loads it: the library is native, and may be made for another system. */
async function lookAtRuntime(): Promise<string> {
  const { loadRuntime } = await import('../../embed/runtime.ts');
  const { env } = await loadRuntime();
  return `ONNX Runtime ${env.versions.node ?? 'of an unknown version'}`;
}
