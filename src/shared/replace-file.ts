import { open, rename, unlink } from 'node:fs/promises';

/**
 * Writes a file: all of it or nothing, for its owner alone. What was there is replaced when the new
 * one is on the disk.
 * @throws {Error} of the system
 */
export async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}
