/** Which kernel a ring gets. */
import type { VectorRing } from '../ring/vector-ring.ts';
import type { ScanKernel } from './scan-kernel.ts';
import { TypeScriptKernel } from './typescript-kernel.ts';
import { WasmKernel } from './wasm-kernel.ts';

export function createKernel(ring: VectorRing): ScanKernel {
  return WasmKernel.create(ring) ?? new TypeScriptKernel(ring);
}
