/**
 * Where a process may only have so much address space (ulimit -v), V8 ends it with an abort when it
 * wants more. So a thread is only started where it fits; and it reserves less than it would.
 */
import { readFileSync } from 'node:fs';
import { ImesdeError } from '../shared/errors.ts';

/** Bytes that a thread with the model takes, by measurement on Node 20 to 26, and some to spare. */
const workerBytes = 1_024 * 2 ** 20;
/** V8 reserves up to 512 MB for the machine code of each thread; a worker has next to none. */
const codeRangeSizeMb = 16;

const pageBytes = 4_096;

/** Of `new Worker`: nothing where there is no limit. */
export function workerLimits(): { codeRangeSizeMb?: number } {
  return addressSpaceMax() === Infinity ? {} : { codeRangeSizeMb };
}

/** Whether another embedding worker can be started. */
export function isRoomForWorker(): boolean {
  return addressSpaceLeft() >= workerBytes;
}

/** @throws {ImesdeError} ERR_IMESDE_MEMORY where no embedding worker can be started */
export function assertRoomForWorker(): void {
  const left = addressSpaceLeft();
  if (left >= workerBytes) return;
  const missing = mebibytes(workerBytes - left);
  throw new ImesdeError(
    'ERR_IMESDE_MEMORY',
    `ulimit -v leaves ${mebibytes(left)} MiB for the model, ${missing} too few: ` +
      `raise it by ${Math.ceil(missing / 100) * 100 * 1024}`,
  );
}

function mebibytes(bytes: number): number {
  return Math.ceil(Math.max(0, bytes) / 2 ** 20);
}

function addressSpaceLeft(): number {
  const max = addressSpaceMax();
  if (max === Infinity) return Infinity;
  try {
    const [pages] = readFileSync('/proc/self/statm', 'utf8').split(' ');
    return max - Number(pages) * pageBytes;
  } catch {
    return Infinity;
  }
}

let known: number | undefined;

/** Only Linux keeps such a limit; where there is no /proc, V8's abort tells. */
function addressSpaceMax(): number {
  if (known !== undefined) return known;
  let limits = '';
  try {
    limits = readFileSync('/proc/self/limits', 'utf8');
  } catch {
    // As said above.
  }
  const [, soft] = /^Max address space +(\d+)/m.exec(limits) ?? [];
  return (known = soft === undefined ? Infinity : Number(soft));
}
