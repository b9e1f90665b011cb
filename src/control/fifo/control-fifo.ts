/** The FIFO of an instance: made or taken over, locked, and removed again if it is still its own. */
import { closeSync, fchmodSync, fstatSync, unlinkSync, type Stats } from 'node:fs';
import { resolve } from 'node:path';
import { isRead, makeFifo, openBothEnds, statOwnFifo } from './fifo-path.ts';
import { controlError } from '../control-error.ts';
import { acquireLock } from './instance-lock.ts';

/** Times the path may change hands while it is being opened. */
const attemptsMax = 10;

export class ControlFifo {
  readonly path: string;
  /** For reading and writing, without waiting. Whoever reads through it closes it. */
  readonly fd: number;
  readonly #stats: Stats;
  readonly #lock: { release: () => void };
  #removed = false;

  private constructor(path: string, fd: number, stats: Stats, lock: { release: () => void }) {
    this.path = path;
    this.fd = fd;
    this.#stats = stats;
    this.#lock = lock;
  }

  /**
   * Requests can be written from now on, and wait in the pipe until they are read.
   * @throws {ImesdeError} ERR_IMESDE_CONTROL
   */
  static async create(givenPath: string): Promise<ControlFifo> {
    const path = resolve(givenPath);
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const there = statOwnFifo(path);
      if (there === undefined && !makeFifo(path)) continue;
      // A look for a reader, besides the lock: namespaces of networks don't share locks.
      if (isRead(path)) throw servedAlready(path);
      const fd = openBothEnds(path);
      const stats = fstatSync(fd);
      const lock = await acquireLock(`imesde-control-${stats.dev}-${stats.ino}`);
      if (lock === undefined) {
        closeSync(fd);
        throw servedAlready(path);
      }
      // Its last owner may have removed it between our look at it and the lock.
      if (isSame(statOwnFifo(path), stats)) {
        fchmodSync(fd, 0o600);
        return new ControlFifo(path, fd, stats, lock);
      }
      lock.release();
      closeSync(fd);
    }
    throw controlError(`${path} keeps being removed: name another path`);
  }

  /** Whether stats are those of this FIFO. */
  is(stats: Stats): boolean {
    return isSame(stats, this.#stats);
  }

  /** Removes the FIFO, unless another took its place, and then gives up the lock. At once. */
  remove(): void {
    if (this.#removed) return;
    this.#removed = true;
    try {
      if (isSame(statOwnFifo(this.path), this.#stats)) unlinkSync(this.path);
    } catch {
      // Something else is there by now, or the file system became read-only: left as it is.
    }
    this.#lock.release();
  }
}

function isSame(a: Stats | undefined, b: Stats): boolean {
  return a !== undefined && a.dev === b.dev && a.ino === b.ino;
}

function servedAlready(path: string): Error {
  return controlError(`another instance serves ${path}: stop it, or name another path`);
}
