/** manifest.json, which stands beside a model that was made for imesde, like the embedded one. */
import { fileURLToPath } from 'node:url';
import type { ModelCheck, ModelSpec } from './model-spec.ts';

export const manifestFiles = [
  'model.onnx',
  'tokenizer.json',
  'word-table.i4',
  'antonyms.txt',
] as const;

export type ManifestFile = (typeof manifestFiles)[number];

export interface Manifest {
  readonly name: string;
  readonly dimensions: number;
  readonly tokenDimensions: number;
  readonly maxTokens: number;
  readonly files: Readonly<Record<ManifestFile, { readonly sha256: string }>>;
  readonly check: ModelCheck;
}

/** The folder of the embedded model; the same place seen from src/embed and from dist/embed. */
export const embeddedModelFolder = fileURLToPath(new URL('../../model', import.meta.url));

export function isManifest(json: object): json is Manifest {
  const { check, dimensions, tokenDimensions, maxTokens } = json as Partial<Manifest>;
  const { files } = json as { files?: Partial<Manifest['files']> };
  return (
    manifestFiles.every((name) => typeof files?.[name]?.sha256 === 'string') &&
    [dimensions, tokenDimensions, maxTokens].every(Number.isSafeInteger) &&
    Array.isArray(check?.vector)
  );
}

/** @param path - of model.onnx */
export function specOfManifest(manifest: Manifest, path: string): ModelSpec {
  const { name, maxTokens, dimensions, tokenDimensions, check, files } = manifest;
  const { sha256 } = files['model.onnx'];
  return {
    name,
    path,
    sha256,
    pooling: 'graph',
    maxTokens,
    dimensions,
    tokenDimensions,
    check,
  };
}
