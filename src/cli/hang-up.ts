import { closeSync } from 'node:fs';
import { isatty } from 'node:tty';

/**
 * Keeps a terminal that hung up from turning the end of the process into an abort: Node 20 restores
 * the mode of the terminals it was started on as it exits, and asserts that this works. What it
 * finds closed it leaves alone.
 */
export function leaveHungUpTerminals(): void {
  const terminals = [0, 1, 2].filter((fd) => isatty(fd));
  process.on('exit', () => {
    for (const fd of terminals) if (!isatty(fd)) closeSync(fd);
  });
}
