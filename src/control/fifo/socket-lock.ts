/**
 * A lock for systems without abstract sockets: a socket in a folder of this user. One that takes
 * connections lives; what was left behind by a process that was killed takes none, and is removed.
 *
 * Whoever wants the lock first puts up a socket of its own, under a name that nobody else ever has,
 * and then looks for others. So of two at the same time the later one at least sees the other, and
 * makes way; a name is never used again, and to remove one that is dead can hit nobody else.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { controlError } from '../control-error.ts';
import { isOwnFolder } from './own-folder.ts';

/** Two that made way for each other try again after a while that differs. */
const pauseMsMin = 10;
const pauseMsMax = 100;
const attemptsMax = 10;

/** The same for all processes of a user, whatever TMPDIR says, and short: so must a socket's path be. */
function lockFolder(): string {
  const folder = `/tmp/imesde-locks-${process.geteuid?.() ?? 0}`;
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch {
    // It is there already, or can't be made.
  }
  if (isOwnFolder(folder)) return folder;
  throw controlError(`can't lock anything in ${folder}: make it a folder of yours, with mode 700`);
}

/**
 * @returns undefined where somebody else has the lock
 * @throws {ImesdeError} ERR_IMESDE_CONTROL
 */
export async function acquireSocketLock(
  name: string,
): Promise<{ release: () => void } | undefined> {
  const folder = lockFolder();
  const prefix = createHash('sha256').update(name).digest('hex').slice(0, 16);
  let seen = new Set<string>();
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const own = `${prefix}.${randomBytes(6).toString('hex')}`;
    const release = await putUp(folder, own);
    const others = await livingOthers(folder, prefix, own);
    if (others.length === 0) return { release };
    release();
    // One that only tries would have made way, and come back under another name.
    if (others.some((other) => seen.has(other))) return undefined;
    seen = new Set(others);
    await setTimeout(pauseMsMin + Math.random() * (pauseMsMax - pauseMsMin));
  }
  return undefined;
}

/** Others see it only once it takes connections: before, it would look dead. */
async function putUp(folder: string, name: string): Promise<() => void> {
  const path = join(folder, name);
  const hidden = join(folder, `.${name}`);
  const server = createServer((connection) => {
    connection.destroy();
  });
  await listen(server, hidden);
  server.unref();
  renameSync(hidden, path);
  const release = (): void => {
    process.off('exit', release);
    rmSync(path, { force: true }); // First, so that what others see is alive.
    server.close();
  };
  process.on('exit', release);
  return release;
}

async function livingOthers(folder: string, prefix: string, own: string): Promise<string[]> {
  const living: string[] = [];
  for (const name of readdirSync(folder)) {
    if (name === own || !name.startsWith(`${prefix}.`)) continue;
    const path = join(folder, name);
    if (await isAlive(path)) living.push(name);
    else rmSync(path, { force: true });
  }
  return living;
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen({ path }, resolve);
  });
}

/** Also where its process stands still: the kernel takes the connection for it. */
function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT');
    });
  });
}
