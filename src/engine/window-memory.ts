/**
 * Whether a window fits into memory, asked before a line is read: V8 aborts the process that fills its
 * heap, and the system kills the one that fills the machine, each long after it was promised.
 */
import os from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { ImesdeError } from '../shared/errors.ts';
import { windowBytesDefault } from '../shared/limits.ts';

/** Of V8's heap what the text of a window may take; the rest is for keys, batches and the collector. */
const heapShareMax = 0.6;
/** The same where nobody asked for so much. */
const heapShareDefault = 0.2;
/** What a line takes of the heap beside its text, and outside of it. */
const lineHeapBytes = 32;
const lineBytes = 80;

export interface WindowSize {
  /** Lines. */
  readonly window: number;
  /** Bytes of their text. */
  readonly windowBytes: number;
}

/** Bytes of text that a window holds where nobody says how many: less where the heap is small. */
export function defaultWindowBytes(): number {
  return Math.min(windowBytesDefault, Math.floor(heapBytes() * heapShareDefault));
}

/** @throws {ImesdeError} ERR_IMESDE_MEMORY for a window that can't be filled */
export function assertWindowFits({ window, windowBytes }: WindowSize): void {
  const wanted = windowBytes + window * (lineHeapBytes + lineBytes);
  const there = Math.min(os.totalmem(), process.constrainedMemory() || Infinity);
  if (wanted > there) {
    throw new ImesdeError(
      'ERR_IMESDE_MEMORY',
      `a window of ${window} lines and ${mebibytes(windowBytes)} of text needs ${mebibytes(wanted)}, ` +
        `there are ${mebibytes(there)}: lower --window-bytes or --window`,
    );
  }
  const heapWanted = windowBytes + window * lineHeapBytes;
  const heapThere = heapBytes() * heapShareMax;
  if (heapWanted > heapThere) {
    const megabytes = Math.ceil(heapWanted / heapShareMax / 2 ** 20);
    throw new ImesdeError(
      'ERR_IMESDE_MEMORY',
      `a window of ${window} lines and ${mebibytes(windowBytes)} of text is more than Node's heap holds, ` +
        `${mebibytes(heapThere)}: lower --window-bytes or --window, or set NODE_OPTIONS=--max-old-space-size=${megabytes}`,
    );
  }
}

/**
 * V8's limit counts what is set aside for young objects too, where no window is kept: 144 MiB more of
 * it since Node 24.
 */
function heapBytes(): number {
  const limit = getHeapStatistics().heap_size_limit;
  const young = parseInt(process.versions.node) < 24 ? 0 : 144 * 2 ** 20;
  return Math.max(limit - young, limit / 4);
}

function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20).toLocaleString('en-US')} MiB`;
}
