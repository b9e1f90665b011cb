/** The model: whether its files are as they were made, and whether it reads a known sentence as it should. */
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { manifestFiles, type Manifest } from '../../embed/manifest.ts';
import { assertHash, unreadable } from '../../embed/model-files.ts';
import { loadModel, readManifest, readManifestFile } from '../../embed/model.ts';
import { EmbedPool } from '../../embed/pool.ts';
import { ImesdeError } from '../../shared/errors.ts';
import { complain } from '../complain.ts';
import type { Check } from './check.ts';

/** Where no manifest tells how a sentence is read, any must get a vector. */
const anySentence = 'connection refused';

/** @param folder - of the model that is to be used */
export async function modelChecks(folder: string): Promise<readonly Check[]> {
  let root = folder;
  let manifest: Manifest | undefined;
  try {
    root = await realpath(folder).catch((error: unknown) => {
      throw unreadable(folder, error);
    });
    manifest = await readManifest(root);
  } catch (error) {
    const look = (): never => {
      throw error;
    };
    return [{ name: 'model', look }, sentenceCheck(folder, ['model'])];
  }
  const files = manifest === undefined ? [] : hashChecks(root, manifest);
  const look = (): string =>
    manifest === undefined
      ? `${root}, without a manifest.json that would tell how its files should be`
      : `${manifest.name} in ${root}`;
  const names = ['model', ...files.map(({ name }) => name)];
  return [{ name: 'model', look }, ...files, sentenceCheck(root, names)];
}

function hashChecks(root: string, { files }: Manifest): Check[] {
  return manifestFiles.map((name) => ({
    name,
    look: async () => {
      const bytes = await readManifestFile(root, name);
      const { sha256 } = files[name];
      assertHash(path.join(root, name), bytes, sha256);
      return `${bytes.length} bytes, SHA-256 ${sha256.slice(0, 16)}… as it should be`;
    },
  }));
}

function sentenceCheck(folder: string, needs: readonly string[]): Check {
  return { name: 'sentence', needs: ['runtime', ...needs], look: () => readSentence(folder) };
}

/** In a worker, as every run does. The pool itself compares the vector with the manifest's. */
async function readSentence(folder: string): Promise<string> {
  const model = await loadModel(folder);
  const pool = new EmbedPool({
    model: Promise.resolve(model),
    workersMax: 1,
    source: { waitingCount: 0, take: () => [] },
    onShapes: () => undefined,
    onFatal: () => undefined, // ready() tells.
    onHang: (message) => {
      complain(`${message}: this process ends itself`);
      process.kill(process.pid, 'SIGKILL');
    },
  });
  try {
    await pool.ready();
    const { check } = model.spec;
    const sentence = check?.sentence ?? anySentence;
    const started = performance.now();
    const [{ vector } = { vector: new Float32Array() }] = await pool.embedPhrases([sentence]);
    const ms = Math.ceil(performance.now() - started);
    if (!vector.every(Number.isFinite) || vector.every((value) => value === 0)) {
      throw new ImesdeError(
        'ERR_IMESDE_MODEL',
        `"${sentence}" gets a vector that is none: export the model anew`,
      );
    }
    const how = check === undefined ? `a vector of ${vector.length} numbers` : 'the known vector';
    return `"${sentence}" gets ${how}, in ${ms} ms`;
  } finally {
    await pool.stop();
  }
}
