import { lstatSync } from 'node:fs';

/**
 * Whether a folder is this user's alone. In one that others can write to, a file may lie, or be
 * taken away: it is not used.
 */
export function isOwnFolder(folder: string): boolean {
  try {
    const stats = lstatSync(folder);
    return stats.isDirectory() && stats.uid === process.geteuid?.() && (stats.mode & 0o077) === 0;
  } catch {
    return false;
  }
}
