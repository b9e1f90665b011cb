/**
 * Loads what the main thread needs of a model: the embedded one, whose files are checked by hash, or
 * any sentence-transformers export. The workers read model.onnx themselves (model-bytes.ts); what
 * only the ONNX runtime can tell (names, types, dimensions) is checked in session.ts.
 */
import { open, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { Antonyms } from '../glance/antonyms.ts';
import { WordTable } from '../glance/word-table.ts';
import { ImesdeError } from '../shared/errors.ts';
import { isManifest, specOfManifest, type Manifest, type ManifestFile } from './manifest.ts';
import { assertHash, describeForeign, unreadable } from './model-files.ts';
import { TextEncoder } from './tokenizer.ts';
import type { Pooling, ModelSpec } from './model-spec.ts';

/** What is used of a tokenizer. */
export type Encoder = Pick<TextEncoder, 'prefix' | 'suffix' | 'encode' | 'token' | 'wordIds'>;

export interface LoadedModel {
  readonly spec: ModelSpec;
  /** Undefined where the model has none: then every shape is read. */
  readonly words: WordTable | undefined;
  /** Undefined where the model has none: then no word is known to contradict another. */
  readonly antonyms: Antonyms | undefined;
  /**
   * Makes the tokenizer, which takes some 10 ms, or 50 by the library: while the worker loads the
   * model.
   * @throws {ImesdeError} ERR_IMESDE_MODEL where tokenizer.json can't be used
   */
  readonly createEncoder: () => Encoder | Promise<Encoder>;
}

const tokensMaxDefault = 256;
/** Where a file is missing that manifest.json names. */
const adviceWithManifest = 'install imesde anew, or take manifest.json out of a model of your own';

/**
 * @param folder - a folder with model.onnx and tokenizer.json
 * @throws {ImesdeError} ERR_IMESDE_MODEL with the path and what is wrong with it
 */
export async function loadModel(folder: string): Promise<LoadedModel> {
  const root = await realpath(folder).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  const manifest = await readManifest(root);
  return manifest === undefined ? await loadExport(root) : await loadManifest(root, manifest);
}

/**
 * @param root - the real path of a model's folder
 * @returns undefined where it has none
 * @throws {ImesdeError} ERR_IMESDE_MODEL where manifest.json is something else
 */
export async function readManifest(root: string): Promise<Manifest | undefined> {
  const text = await readOptional(root, 'manifest.json');
  if (text === undefined) return undefined;
  const file = path.join(root, 'manifest.json');
  const json = parseObject(file, text);
  if (isManifest(json)) return json;
  throw new ImesdeError(
    'ERR_IMESDE_MODEL',
    `${file} is no manifest of an imesde model: install imesde anew, or take this file out of a ` +
      'model of your own',
  );
}

/**
 * Reads a file that the manifest names.
 * @param root - as for readManifest
 * @throws {ImesdeError} ERR_IMESDE_MODEL with the path and what is wrong with it
 */
export async function readManifestFile(root: string, name: ManifestFile): Promise<Buffer> {
  return await readWithin(root, name, adviceWithManifest);
}

async function loadManifest(root: string, manifest: Manifest): Promise<LoadedModel> {
  const [modelPath, tokenizer, words, antonyms] = await Promise.all([
    assertInside(root, 'model.onnx', adviceWithManifest),
    readManifestFile(root, 'tokenizer.json'),
    readManifestFile(root, 'word-table.i4'),
    readManifestFile(root, 'antonyms.txt'),
  ]);
  assertHash(path.join(root, 'tokenizer.json'), tokenizer, manifest.files['tokenizer.json'].sha256);
  assertHash(path.join(root, 'word-table.i4'), words, manifest.files['word-table.i4'].sha256);
  assertHash(path.join(root, 'antonyms.txt'), antonyms, manifest.files['antonyms.txt'].sha256);
  const spec = specOfManifest(manifest, modelPath);
  return {
    spec,
    words: new WordTable(words, spec.tokenDimensions),
    antonyms: new Antonyms(antonyms.toString()),
    createEncoder: () => TextEncoder.create(tokenizer, '{}', spec.maxTokens),
  };
}

async function loadExport(root: string): Promise<LoadedModel> {
  const name = await firstExisting(root, ['model.onnx', 'onnx/model.onnx']);
  const modelPath = await assertInside(root, name);
  const tokenizer = await readWithin(root, 'tokenizer.json');
  parseObject(path.join(root, 'tokenizer.json'), tokenizer.toString());
  const settings = async (file: string): Promise<Record<string, unknown>> => {
    const json = await readOptional(root, file);
    return json === undefined ? {} : parseObject(path.join(root, file), json);
  };
  const [pooling, sentence, config, tokenizerConfig] = await Promise.all([
    settings('1_Pooling/config.json'),
    settings('sentence_bert_config.json'),
    settings('config.json'),
    settings('tokenizer_config.json'),
  ]);
  const dimensions = positiveInteger(config['hidden_size']);
  const maxTokens = Math.min(
    positiveInteger(sentence['max_seq_length']) ?? tokensMaxDefault,
    positiveInteger(config['max_position_embeddings']) ?? Infinity,
    positiveInteger(tokenizerConfig['model_max_length']) ?? Infinity,
  );
  return {
    spec: {
      name: path.basename(root),
      path: modelPath,
      sha256: undefined,
      pooling: poolingOf(path.join(root, '1_Pooling/config.json'), pooling),
      maxTokens,
      dimensions: dimensions ?? 0,
      tokenDimensions: 0,
      check: undefined,
    },
    words: undefined,
    antonyms: undefined,
    createEncoder: () => TextEncoder.create(tokenizer, JSON.stringify(tokenizerConfig), maxTokens),
  };
}

function poolingOf(file: string, config: Record<string, unknown>): Pooling {
  if (config['pooling_mode_cls_token'] === true) return 'cls';
  if (config['pooling_mode_mean_tokens'] === true) return 'mean';
  const other = Object.keys(config).find(
    (key) => key.startsWith('pooling_mode_') && config[key] === true,
  );
  if (other === undefined) return 'mean';
  throw new ImesdeError(
    'ERR_IMESDE_MODEL',
    `${file} asks for ${other}: imesde can pool by mean or by CLS token`,
  );
}

function positiveInteger(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

async function firstExisting(root: string, names: readonly string[]): Promise<string> {
  for (const name of names) {
    const file = await open(path.join(root, name)).catch(() => undefined);
    if (file === undefined) continue;
    await file.close();
    return name;
  }
  return names[0] ?? '';
}

async function readOptional(root: string, name: string): Promise<string | undefined> {
  try {
    return (await readWithin(root, name)).toString();
  } catch (error) {
    const cause = error instanceof ImesdeError ? error.cause : undefined;
    if ((cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @param advice - for who has no such file */
async function assertInside(root: string, name: string, advice?: string): Promise<string> {
  const file = path.join(root, name);
  const real = await realpath(file).catch((error: unknown) => {
    throw unreadable(file, error, advice);
  });
  if (real.startsWith(root + path.sep)) return real;
  throw new ImesdeError(
    'ERR_IMESDE_MODEL',
    `${file} is a link that leads out of the folder: put the file itself there`,
  );
}

async function readWithin(root: string, name: string, advice?: string): Promise<Buffer> {
  const real = await assertInside(root, name, advice);
  return await readFile(real).catch((error: unknown) => {
    throw unreadable(path.join(root, name), error, advice);
  });
}

function parseObject(file: string, json: string): Record<string, unknown> {
  const what = describeForeign(Buffer.from(json.slice(0, 256)));
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below, with the path.
  }
  throw new ImesdeError(
    'ERR_IMESDE_MODEL',
    `${file} is ${what ?? 'no JSON object'}: download it anew`,
  );
}
