import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Engine } from '../../dist/index.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { embeddedModelFolder } from '../../src/embed/manifest.ts';
import { loadModel } from '../../src/embed/model.ts';
import type { PhraseEmbedding } from '../../src/embed/phrase-embedding.ts';
import { foreignTokenizerFolder, modelFolder } from '../helpers/model-folder.ts';
import { TextEmbedder } from '../helpers/text-embedder.ts';

const fixtures = new URL('../fixtures/model/', import.meta.url);
const dimensions = 384;
const sentences = readFileSync(new URL('sentences.txt', fixtures), 'utf8').trimEnd().split('\n');

/** What the float model gives: int16, each component times 32,767. */
function floatVectors(): Int16Array {
  const bytes = readFileSync(new URL('float-embeddings.i16', fixtures));
  return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i += 1) {
    dot += a[i]! * b[i]!;
    aa += a[i]! ** 2;
    bb += b[i]! ** 2;
  }
  return dot / Math.sqrt(aa * bb);
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);
}

describe('the embedded model', { timeout: 120_000 }, () => {
  let embedder: TextEmbedder;
  let together: PhraseEmbedding[];
  beforeAll(async () => {
    embedder = await TextEmbedder.create(await loadModel(embeddedModelFolder));
    together = await embedder.embedPhrases(sentences);
  }, 120_000);

  it('is near to the float model: mean cosine at least .99', () => {
    const expected = floatVectors();
    expect(expected.length).toBe(sentences.length * dimensions);
    const cosines = together.map(({ vector }, i) =>
      cosine(vector, expected.subarray(i * dimensions, (i + 1) * dimensions)),
    );
    expect(cosines.reduce((sum, value) => sum + value) / cosines.length).toBeGreaterThan(0.99);
    expect(Math.min(...cosines)).toBeGreaterThan(0.97);
  });

  it('gives a text the same vectors alone as in any batch', async () => {
    let sentence = 0;
    let token = 0;
    const check = async (order: readonly number[]): Promise<void> => {
      const batch = await embedder.embedPhrases(order.map((index) => sentences[index]!));
      for (const [position, index] of order.entries()) {
        const [one, other] = [batch[position]!, together[index]!];
        sentence = Math.max(sentence, largestDifference(one.vector, other.vector));
        token = Math.max(token, largestDifference(one.tokenVectors, other.tokenVectors));
        expect(one.tokenIds).toEqual(other.tokenIds);
      }
    };
    for (let i = 0; i < sentences.length; i += 4) await check([i]);
    await check([...sentences.keys()].reverse());
    await check([...sentences.keys()].filter((i) => i % 3 === 0));
    expect(sentence).toBeLessThan(1e-5);
    expect(token).toBeLessThan(1e-5);
  });

  it('gives L2-normalised vectors of a sentence and of each of its tokens', async () => {
    expect(embedder).toMatchObject({ dimensions, tokenDimensions: 128 });
    const [embedding] = await embedder.embedPhrases(['connection refused']);
    expect(Math.hypot(...embedding!.vector)).toBeCloseTo(1, 5);
    expect(embedding!.tokenIds).toHaveLength(2);
    expect(embedding!.tokenVectors).toHaveLength(2 * 128);
    expect(Math.hypot(...embedding!.tokenVectors.subarray(128))).toBeCloseTo(1, 2);
  });

  it('takes a text of any length and content', async () => {
    const texts = ['', ' ', 'word '.repeat(5_000), '\0\ud800\u202e', '日本'.repeat(500), '[SEP]'];
    for (const { vector } of await embedder.embedPhrases(texts)) {
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    }
  });
});

describe('the files of the embedded model', () => {
  const manifestFile = path.join(embeddedModelFolder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as {
    files: Record<string, { sha256: string; bytes: number }>;
  };

  it.each(['model.onnx', 'tokenizer.json'])(
    'are refused when one bit of %s is flipped',
    async (name) => {
      const bytes = readFileSync(path.join(embeddedModelFolder, name));
      bytes[bytes.length >> 1]! ^= 1;
      const folder = modelFolder({ [name]: bytes }, embeddedModelFolder);
      const opening = loadModel(folder).then((model) => TextEmbedder.create(model));
      await expect(opening).rejects.toMatchObject({
        code: 'ERR_IMESDE_MODEL',
        message: expect.stringContaining(`${path.join(folder, name)} is damaged`) as string,
      });
    },
  );

  it('are as long as the manifest says, and of the hash it says', () => {
    expect(Object.keys(manifest.files)).toEqual([
      'model.onnx',
      'tokenizer.json',
      'word-table.i4',
      'antonyms.txt',
    ]);
    for (const [name, { sha256, bytes }] of Object.entries(manifest.files)) {
      const content = readFileSync(path.join(embeddedModelFolder, name));
      expect(content.length, name).toBe(bytes);
      expect(createHash('sha256').update(content).digest('hex'), name).toBe(sha256);
    }
  });

  it('are refused when the manifest has no hash of one of them', async () => {
    for (const name of Object.keys(manifest.files)) {
      const files = { ...manifest.files, [name]: undefined };
      const json = JSON.stringify({ ...manifest, files });
      const opening = loadModel(modelFolder({ 'manifest.json': json }, embeddedModelFolder));
      await expect(opening, name).rejects.toMatchObject({
        code: 'ERR_IMESDE_MODEL',
        message: expect.stringMatching(/manifest\.json is no manifest/) as string,
      });
    }
  });

  it('hold a vector of 4-bit codes for every wordpiece', () => {
    const { model } = JSON.parse(
      readFileSync(path.join(embeddedModelFolder, 'tokenizer.json'), 'utf8'),
    ) as { model: { vocab: Record<string, number> } };
    const rows = Object.keys(model.vocab).length;
    const table = readFileSync(path.join(embeddedModelFolder, 'word-table.i4'));
    expect(table).toHaveLength((rows * 128) / 2);
    for (let row = 0; row < rows; row += 1) {
      let largest = 0;
      for (const byte of table.subarray(row * 64, row * 64 + 64)) {
        for (const code of [(byte & 15) - 8, (byte >> 4) - 8]) {
          largest = Math.max(largest, Math.abs(code));
        }
      }
      expect(largest).toBe(7);
    }
  });

  it('are refused when the tokenizer is another than the one of the model', async () => {
    const folder = foreignTokenizerFolder();
    await expect(Engine.open({ model: folder })).rejects.toMatchObject({
      code: 'ERR_IMESDE_MODEL',
      message: expect.stringMatching(/tokenizer\.json do not fit each other/) as string,
    });
  });
});
