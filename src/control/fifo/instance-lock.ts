import { createServer, type Server } from 'node:net';

/** An abstract socket's name fills sun_path: Node versions that pad it and those that don't agree. */
const nameBytes = 107;

/**
 * A lock that dies with its owner, however it dies: a Unix socket in Linux's abstract namespace,
 * which has no file. Elsewhere one that has.
 * @returns undefined where somebody else has it
 */
export async function acquireLock(name: string): Promise<{ release: () => void } | undefined> {
  if (process.platform !== 'linux') {
    const { acquireSocketLock } = await import('./socket-lock.ts');
    return await acquireSocketLock(name);
  }
  const server = createServer((connection) => {
    connection.destroy();
  });
  const acquired = await listen(server, `\0${name.padEnd(nameBytes, '.')}`);
  if (!acquired) return undefined;
  server.unref();
  return {
    release: () => {
      server.close();
    },
  };
}

function listen(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen({ path }, () => {
      resolve(true);
    });
  });
}
