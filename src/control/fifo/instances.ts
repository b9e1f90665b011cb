/** Which instances of this user run: one small file each, in a folder that only the user can see. */
import {
  accessSync,
  constants,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isRead } from './fifo-path.ts';
import { isOwnFolder } from './own-folder.ts';

export interface Instance {
  readonly pid: number;
  /** Absolute path of its control FIFO. */
  readonly fifo: string;
}

/**
 * Where sockets and FIFOs of a session belong; without a session, cron's way, the folder for
 * temporary files.
 */
export function runtimeFolder(): string {
  return sessionFolder() ?? resolve(tmpdir());
}

function sessionFolder(): string | undefined {
  const folder = process.env['XDG_RUNTIME_DIR'];
  if (folder?.startsWith('/') !== true) return undefined;
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return folder;
  } catch {
    return undefined; // Left over from another user's session, say.
  }
}

/**
 * Makes an instance known to those who ask without naming a FIFO. Where that can't be done, on a
 * read-only file system say, it can still be asked by path.
 * @returns forgets it again
 */
export function announce(fifo: string): () => void {
  const folder = instancesFolder();
  const file = join(folder, `${process.pid}.json`);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch {
    // It is there already, or can't be made: isOwnFolder tells.
  }
  try {
    if (isOwnFolder(folder)) {
      rmSync(file, { force: true }); // Of a process that had this id and was killed.
      writeFileSync(file, JSON.stringify({ pid: process.pid, fifo }), { mode: 0o600, flag: 'wx' });
    }
  } catch {
    // As said above.
  }
  return () => {
    try {
      rmSync(file, { force: true });
    } catch {
      // Left behind; runningInstances() finds nobody there.
    }
  };
}

/** Instances that answer now. Forgets those that were killed. */
export function runningInstances(): Instance[] {
  const folder = instancesFolder();
  if (!isOwnFolder(folder)) return [];
  const found: Instance[] = [];
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.json')) continue;
    const file = join(folder, name);
    const instance = readInstance(file);
    if (instance !== undefined && isServed(instance)) found.push(instance);
    // Not one that is just being written: its process lives.
    else if (instance !== undefined || !isAlive(parseInt(name))) rmSync(file, { force: true });
  }
  return found;
}

/** Where instances are announced, whether it is there or not. */
export function instancesFolder(): string {
  const folder = sessionFolder();
  return folder === undefined
    ? join(tmpdir(), `imesde-${process.geteuid?.() ?? 0}`)
    : join(folder, 'imesde');
}

function readInstance(file: string): Instance | undefined {
  try {
    const { pid, fifo } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Instance>;
    return typeof pid === 'number' && typeof fifo === 'string' ? { pid, fifo } : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function isServed(instance: Instance): boolean {
  try {
    return isRead(instance.fifo);
  } catch {
    return false; // Something else is at that path by now.
  }
}
