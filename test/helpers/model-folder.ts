/** Folders with models to load: copies of those in the tree, with files replaced. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

export const tinyMean = fileURLToPath(new URL('../fixtures/model/tiny/mean', import.meta.url));
export const tinyCls = fileURLToPath(new URL('../fixtures/model/tiny/cls', import.meta.url));

const made: string[] = [];
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder of its own under the system's temporary one, gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'imesde-test-'));
  made.push(folder);
  return folder;
}

/**
 * A copy of a model's folder.
 * @param files - path in the folder → new content; undefined leaves the file out
 */
export function modelFolder(
  files: Readonly<Record<string, string | Buffer | undefined>> = {},
  from = tinyMean,
): string {
  const folder = temporaryFolder();
  cpSync(from, folder, { recursive: true, filter: (source) => !source.endsWith('/build') });
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    rmSync(file, { force: true });
    if (content === undefined) continue;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return folder;
}
