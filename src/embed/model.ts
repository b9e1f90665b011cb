/**
 * Loads a model from its folder: the embedded one, whose files are checked by hash, or any
 * sentence-transformers export. Says what is wrong with files that are not what they should be;
 * what only the ONNX runtime can tell (names, types, dimensions) is checked in session.ts.
 */
import { createHash } from 'node:crypto';
import { open, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ImesdeError } from '../shared/errors.ts';
import { inspectOnnx } from './onnx-file.ts';

/** How a sentence's vector comes out of the graph: as an output of its own, or by pooling. */
export type Pooling = 'graph' | 'mean' | 'cls';

/** A sentence and the start of its vector, to notice a tokenizer that does not fit the model. */
export interface ModelCheck {
  readonly sentence: string;
  readonly vector: readonly number[];
  /** Largest accepted difference of a component. */
  readonly tolerance: number;
}

export interface ModelSpec {
  readonly name: string;
  /** Path of model.onnx, for messages. */
  readonly path: string;
  readonly pooling: Pooling;
  /** Longest input in tokens, special tokens included. */
  readonly maxTokens: number;
  /** Expected dimensions; 0 where only the graph knows. */
  readonly dimensions: number;
  /** Dimensions of the token vectors; 0 where the graph has none to rank with. */
  readonly tokenDimensions: number;
  readonly check: ModelCheck | undefined;
}

export interface LoadedModel {
  readonly spec: ModelSpec;
  /** Shared, so that each worker reads the very bytes that were checked. */
  readonly modelBytes: SharedArrayBuffer;
  readonly tokenizerJson: string;
  readonly tokenizerConfigJson: string;
}

/** The folder of the embedded model; the same place seen from src/embed and from dist/embed. */
export const embeddedModelFolder = fileURLToPath(new URL('../../model', import.meta.url));

const tokensMaxDefault = 256;

/**
 * @param folder - a folder with model.onnx and tokenizer.json
 * @throws {ImesdeError} ERR_IMESDE_MODEL with the path and what is wrong with it
 */
export async function loadModel(folder: string): Promise<LoadedModel> {
  const root = await realpath(folder).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  const manifestJson = await readOptional(root, 'manifest.json');
  return manifestJson === undefined
    ? await loadExport(root)
    : await loadManifest(root, parseObject(path.join(root, 'manifest.json'), manifestJson));
}

interface Manifest {
  readonly name: string;
  readonly dimensions: number;
  readonly tokenDimensions: number;
  readonly maxTokens: number;
  readonly files: Readonly<Record<string, { readonly sha256: string } | undefined>>;
  readonly check: ModelCheck;
}

function isManifest(json: object): json is Manifest {
  const { files, check, dimensions, tokenDimensions, maxTokens } = json as Partial<Manifest>;
  return (
    ['model.onnx', 'tokenizer.json'].every((name) => typeof files?.[name]?.sha256 === 'string') &&
    [dimensions, tokenDimensions, maxTokens].every(Number.isSafeInteger) &&
    Array.isArray(check?.vector)
  );
}

async function loadManifest(root: string, json: object): Promise<LoadedModel> {
  if (!isManifest(json)) {
    throw new ImesdeError(
      'ERR_IMESDE_MODEL',
      `${path.join(root, 'manifest.json')} is no manifest of an imesde model: install imesde anew, ` +
        'or take this file out of a model of your own',
    );
  }
  const manifest = json;
  const modelPath = path.join(root, 'model.onnx');
  const [modelBytes, tokenizerBytes] = await Promise.all([
    readShared(root, 'model.onnx'),
    readWithin(root, 'tokenizer.json'),
  ]);
  assertHash(modelPath, new Uint8Array(modelBytes), manifest.files['model.onnx']?.sha256);
  assertHash(
    path.join(root, 'tokenizer.json'),
    tokenizerBytes,
    manifest.files['tokenizer.json']?.sha256,
  );
  return {
    spec: {
      name: manifest.name,
      path: modelPath,
      pooling: 'graph',
      maxTokens: manifest.maxTokens,
      dimensions: manifest.dimensions,
      tokenDimensions: manifest.tokenDimensions,
      check: manifest.check,
    },
    modelBytes,
    tokenizerJson: tokenizerBytes.toString(),
    tokenizerConfigJson: '{}',
  };
}

function assertHash(file: string, bytes: Uint8Array, expected: string | undefined): void {
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual === expected) return;
  throw new ImesdeError(
    'ERR_IMESDE_MODEL',
    `${file} is damaged, its SHA-256 is not the manifest's: install imesde anew`,
  );
}

async function loadExport(root: string): Promise<LoadedModel> {
  const name = await firstExisting(root, ['model.onnx', 'onnx/model.onnx']);
  const modelPath = path.join(root, name);
  const modelBytes = await readShared(root, name);
  assertOnnx(modelPath, new Uint8Array(modelBytes));
  const tokenizerJson = (await readWithin(root, 'tokenizer.json')).toString();
  parseObject(path.join(root, 'tokenizer.json'), tokenizerJson);
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
  return {
    spec: {
      name: path.basename(root),
      path: modelPath,
      pooling: poolingOf(path.join(root, '1_Pooling/config.json'), pooling),
      maxTokens: Math.min(
        positiveInteger(sentence['max_seq_length']) ?? tokensMaxDefault,
        positiveInteger(config['max_position_embeddings']) ?? Infinity,
        positiveInteger(tokenizerConfig['model_max_length']) ?? Infinity,
      ),
      dimensions: dimensions ?? 0,
      tokenDimensions: 0,
      check: undefined,
    },
    modelBytes,
    tokenizerJson,
    tokenizerConfigJson: JSON.stringify(tokenizerConfig),
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

async function assertInside(root: string, name: string): Promise<string> {
  const file = path.join(root, name);
  const real = await realpath(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  if (real.startsWith(root + path.sep)) return real;
  throw new ImesdeError(
    'ERR_IMESDE_MODEL',
    `${file} is a link that leads out of the folder: put the file itself there`,
  );
}

async function readWithin(root: string, name: string): Promise<Buffer> {
  const real = await assertInside(root, name);
  return await readFile(real).catch((error: unknown) => {
    throw unreadable(path.join(root, name), error);
  });
}

async function readShared(root: string, name: string): Promise<SharedArrayBuffer> {
  const real = await assertInside(root, name);
  const file = path.join(root, name);
  try {
    await using handle = await open(real);
    const { size } = await handle.stat();
    const bytes = new SharedArrayBuffer(size);
    const view = new Uint8Array(bytes);
    let position = 0;
    while (position < size) {
      const { bytesRead } = await handle.read(view, position, size - position, position);
      if (bytesRead === 0) break;
      position += bytesRead;
    }
    return bytes;
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): ImesdeError {
  const code = (error as NodeJS.ErrnoException).code;
  const why =
    code === 'ENOENT'
      ? 'is missing'
      : code === 'EISDIR'
        ? 'is a folder, not a file'
        : `can't be read (${code ?? String(error)})`;
  return new ImesdeError(
    'ERR_IMESDE_MODEL',
    `${file} ${why}: --model wants a folder with model.onnx and tokenizer.json`,
    { cause: error },
  );
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

function assertOnnx(file: string, bytes: Uint8Array): void {
  const problem =
    bytes.length === 0
      ? 'is empty'
      : (prefixed('is ', describeForeign(Buffer.from(bytes.subarray(0, 256)))) ??
        prefixed('', inspectOnnx(bytes)));
  if (problem === undefined) return;
  throw new ImesdeError('ERR_IMESDE_MODEL', `${file} ${problem}: download or export it anew`);
}

function prefixed(prefix: string, text: string | undefined): string | undefined {
  return text === undefined ? undefined : prefix + text;
}

/** What people get in place of a model: a pointer to it, or the page around it. */
function describeForeign(head: Buffer): string | undefined {
  const text = head.toString('latin1').trimStart().toLowerCase();
  if (text === '') return 'empty';
  if (text.startsWith('version https://git-lfs')) return 'a Git LFS pointer, not the file itself';
  if (text.startsWith('<!doctype') || text.startsWith('<html')) return 'an HTML page';
  return undefined;
}
