/**
 * Node and memory, looked at before the rest is loaded: that takes memory, and may end the process
 * where there is none.
 */
import os from 'node:os';
import { assertRoomForWorker } from '../../embed/address-space.ts';
import { resolveOptions } from '../../engine/options.ts';
import { TokenStore } from '../../ring/token-store.ts';
import { VectorRing } from '../../ring/vector-ring.ts';
import { leasedRowsMax, readingsDefault } from '../../shared/limits.ts';
import type { Check } from './check.ts';

/** Of the embedded model. */
const dimensions = 384;
const tokenDimensions = 128;

export const memoryChecks: readonly Check[] = [
  { name: 'Node', look: () => `${process.versions.node} on ${process.platform} ${process.arch}` },
  { name: 'memory', look: lookAtMemory },
];

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
