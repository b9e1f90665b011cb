/** What may be done with the path of a FIFO, and by whom. Nothing here waits for another process. */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  writeSync,
  type Stats,
} from 'node:fs';
import type { ImesdeError } from '../../shared/errors.ts';
import { controlError } from '../control-error.ts';

const { O_NOFOLLOW, O_NONBLOCK, O_RDWR, O_WRONLY } = constants;

export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

/**
 * @returns what is at the path; undefined where nothing is
 * @throws {ImesdeError} ERR_IMESDE_CONTROL where it is anything but a FIFO of the same user
 */
export function statOwnFifo(path: string): Stats | undefined {
  let stats: Stats;
  try {
    stats = lstatSync(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw controlError(`can't look at ${path} (${codeOf(error)}): name another path`, error);
  }
  assertOwnFifo(path, stats);
  return stats;
}

export function assertOwnFifo(path: string, stats: Stats): void {
  if (!stats.isFIFO()) {
    throw controlError(`${path} is ${kindOf(stats)}, not a FIFO: name another path`);
  }
  if (stats.uid !== process.geteuid?.()) {
    throw controlError(`${path} is a FIFO of another user: name another path`);
  }
}

/**
 * Makes a FIFO that only this user can open, whatever the umask.
 * @returns false where something is at the path by now
 * @throws {ImesdeError} ERR_IMESDE_CONTROL
 */
export function makeFifo(path: string): boolean {
  const { error, status, stderr } = spawnSync('mkfifo', ['-m', '600', '--', path], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (error !== undefined) {
    const advice = codeOf(error) === 'ENOENT' ? 'install coreutils' : 'try again';
    throw controlError(`can't run mkfifo (${codeOf(error)}): ${advice}`, error);
  }
  if (status === 0) return true;
  if (statOwnFifo(path) !== undefined) return false;
  const why = /: ([^:]+)$/.exec(stderr.trim())?.[1] ?? `mkfifo ended with ${String(status)}`;
  throw controlError(`can't make a FIFO at ${path} (${why}): name another path`);
}

/**
 * Opens a FIFO for reading and writing: it stays open as writers come and go.
 * @throws {ImesdeError} ERR_IMESDE_CONTROL
 */
export function openBothEnds(path: string): number {
  return openFifo(path, O_RDWR);
}

/**
 * Opens a FIFO for writing, unless nobody reads it.
 * @returns undefined where nobody does, or nothing is there
 * @throws {ImesdeError} ERR_IMESDE_CONTROL where it is anything but a FIFO of the same user
 */
export function openToWrite(path: string): number | undefined {
  // Looked at before it is opened, since opening a device can do things; and after, by openFifo.
  if (statOwnFifo(path) === undefined) return undefined;
  try {
    return openFifo(path, O_WRONLY);
  } catch (error) {
    const { cause } = error as ImesdeError;
    if (['ENXIO', 'ENOENT'].includes(codeOf(cause))) return undefined;
    throw error;
  }
}

/** Whether somebody reads the FIFO at the path. */
export function isRead(path: string): boolean {
  const fd = openToWrite(path);
  if (fd === undefined) return false;
  closeSync(fd);
  return true;
}

/** @returns the bytes that the pipe took: 0 where it is full */
export function tryWrite(fd: number, bytes: Buffer): number {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    if (codeOf(error) === 'EAGAIN') return 0;
    throw error;
  }
}

function openFifo(path: string, access: number): number {
  let fd: number;
  try {
    fd = openSync(path, access | O_NONBLOCK | O_NOFOLLOW);
  } catch (error) {
    throw controlError(`can't open ${path} (${codeOf(error)}): name another path`, error);
  }
  try {
    assertOwnFifo(path, fstatSync(fd));
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function kindOf(stats: Stats): string {
  if (stats.isFile()) return 'a file';
  if (stats.isDirectory()) return 'a folder';
  if (stats.isSymbolicLink()) return 'a link';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}
