import { createHash } from 'node:crypto';
import { access, constants, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { acquireLock } from '../control/fifo/instance-lock.ts';
import { ImesdeError } from '../shared/errors.ts';

/**
 * Locks a file that is kept for the next run, until the process ends. The file itself is replaced
 * whenever it is written, so that the lock goes by its folder and its name there.
 * @param what - it is, in messages
 * @returns where it is, links followed
 * @throws {ImesdeError} ERR_IMESDE_INPUT where none could be written, or another run has it
 */
export async function lockKept(file: string, what: string): Promise<string> {
  const kept = await lock(file);
  if (kept !== undefined) return kept;
  throw new ImesdeError(
    'ERR_IMESDE_INPUT',
    `another run has ${what} ${file}: wait for its end, or name another`,
  );
}

/** @returns undefined where somebody else has the lock */
async function lock(file: string): Promise<string | undefined> {
  const real = await realpath(file).catch(() => path.resolve(file));
  const folder = path.dirname(real);
  try {
    await access(folder, constants.W_OK);
    const { dev, ino } = await stat(folder);
    const name = createHash('sha256').update(path.basename(real)).digest('hex').slice(0, 16);
    const acquired = await acquireLock(`imesde-state-${dev}-${ino}-${name}`);
    return acquired === undefined ? undefined : real;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ImesdeError(
      'ERR_IMESDE_INPUT',
      `can't keep a state in ${folder} (${code ?? String(error)}): name a file where one may be made`,
      { cause: error },
    );
  }
}
