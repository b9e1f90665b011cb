/** `--seen FILE`: what was seen, for the next run. One run at a time has it. */
import { KeptFile } from './kept-file.ts';
import type { LineTaker, Run } from './run.ts';

/** A run that is killed tells again what was new in so long. */
const everyMs = 60_000;

/**
 * @returns where the file is, undefined where none is wanted
 * @throws {ImesdeError} ERR_IMESDE_INPUT where none could be written, or another run has it
 */
export async function lockSeen(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const { lockKept } = await import('./kept-lock.ts');
  return lockKept(file, 'what was seen,');
}

/** @param save - writes what was seen by then */
export function keptSeen(run: Run, taker: LineTaker, save: () => Promise<void>): KeptFile {
  return new KeptFile(run, taker, {
    everyMs,
    version: () => taker.stats().read,
    takeDown: () => save,
  });
}
