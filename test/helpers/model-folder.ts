/** Folders with models to load: copies of those in the tree, with files replaced. */
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { embeddedModelFolder } from '../../src/embed/manifest.ts';

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

/** A copy of the embedded model whose tokenizer gives other ids than it was made with; its hash fits. */
export function foreignTokenizerFolder(): string {
  const read = (name: string): string => readFileSync(path.join(embeddedModelFolder, name), 'utf8');
  const tokenizer = JSON.parse(read('tokenizer.json')) as {
    model: { vocab: Record<string, number> };
  };
  const { vocab } = tokenizer.model;
  for (const [word, id] of Object.entries(vocab)) {
    if (id >= 2_000) vocab[word] = id === 30_521 ? 2_000 : id + 1;
  }
  const json = JSON.stringify(tokenizer);
  const manifest = JSON.parse(read('manifest.json')) as {
    files: Record<string, { sha256: string }>;
  };
  manifest.files['tokenizer.json']!.sha256 = createHash('sha256').update(json).digest('hex');
  return modelFolder(
    { 'tokenizer.json': json, 'manifest.json': JSON.stringify(manifest) },
    embeddedModelFolder,
  );
}
