import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { loadModel } from '../../src/embed/model.ts';
import { modelFolder, tinyCls, tinyMean } from '../helpers/model-folder.ts';
import { TextEmbedder } from '../helpers/text-embedder.ts';
import { ids, mask, onnxModel } from '../helpers/onnx.ts';

const texts = ['disk full', 'the connection to the database was lost again', 'a', 'disk full'];

interface Library {
  encode(text: string): { ids: number[] };
}

/** The plain way: the library's ids through the runtime, one text at a time, pooled here. */
async function plainVectors(folder: string, pooling: 'mean' | 'cls'): Promise<number[][]> {
  const json = JSON.parse(readFileSync(path.join(folder, 'tokenizer.json'), 'utf8')) as object;
  const tokenizer = new (Tokenizer as unknown as new (json: object, config: object) => Library)(
    json,
    {},
  );
  const session = await ort.InferenceSession.create(path.join(folder, 'model.onnx'));
  const vectors: number[][] = [];
  for (const text of texts) {
    const { ids: tokens } = tokenizer.encode(text);
    const tensor = (values: number[]): ort.Tensor =>
      new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
    const feeds = Object.fromEntries(
      session.inputNames.map((name) => {
        const values = { input_ids: tokens, attention_mask: tokens.map(() => 1) }[name];
        return [name, tensor(values ?? tokens.map(() => 0))];
      }),
    );
    const hidden = (await session.run(feeds))['last_hidden_state']!;
    const [, count = 0, dimensions = 0] = hidden.dims;
    const data = hidden.data as Float32Array;
    const pooled = Array.from({ length: dimensions }, (_, i) => {
      if (pooling === 'cls') return data[i]!;
      let sum = 0;
      for (let token = 0; token < count; token += 1) sum += data[token * dimensions + i]!;
      return sum / count;
    });
    const length = Math.hypot(...pooled);
    vectors.push(pooled.map((value) => value / length));
  }
  return vectors;
}

async function ownVectors(folder: string): Promise<number[][]> {
  const embedder = await TextEmbedder.create(await loadModel(folder));
  return (await embedder.embedPhrases(texts)).map(({ vector }) => [...vector]);
}

function expectNear(actual: number[][], expected: number[][]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [i, vector] of actual.entries()) {
    for (const [j, value] of vector.entries()) expect(value).toBeCloseTo(expected[i]![j]!, 4);
  }
}

describe('a sentence-transformers export', () => {
  it('is pooled by mean, with token_type_ids where the graph wants them', async () => {
    expectNear(await ownVectors(tinyMean), await plainVectors(tinyMean, 'mean'));
  });

  it('is pooled by its CLS token, without token_type_ids where there are none', async () => {
    expectNear(await ownVectors(tinyCls), await plainVectors(tinyCls, 'cls'));
  });

  it('is pooled by mean where nothing says how', async () => {
    const folder = modelFolder({ '1_Pooling/config.json': undefined }, tinyCls);
    expectNear(await ownVectors(folder), await plainVectors(tinyCls, 'mean'));
  });

  it('has no token vectors to rank with', async () => {
    const embedder = await TextEmbedder.create(await loadModel(tinyMean));
    expect(embedder).toMatchObject({ dimensions: 32, tokenDimensions: 0 });
    expect((await embedder.embedPhrases(['disk']))[0]?.tokenVectors).toHaveLength(0);
  });

  it('is used at the length that it was made for, however long a text is', async () => {
    const embedder = await TextEmbedder.create(await loadModel(tinyMean));
    const [long] = await embedder.embedPhrases(['a '.repeat(10_000)]);
    const [cut] = await embedder.embedPhrases(['a '.repeat(62)]);
    expect(long).toEqual(cut);
    expect(long!.tokenIds).toHaveLength(62);
  });

  it('may give a sentence its vector itself', async () => {
    const firstTwo = { op: 'Gather', inputs: ['floats', 'places'], attributes: { axis: 1 } };
    const model = onnxModel({
      inputs: [ids, mask],
      outputs: [{ name: 'sentence_embedding', type: 'float', dims: ['batch', 2] }],
      nodes: [
        { op: 'Cast', inputs: ['input_ids'], output: 'floats', attributes: { to: 1 } },
        { ...firstTwo, output: 'sentence_embedding' },
      ],
      constants: [{ name: 'places', type: 'int64', dims: [2], values: [0, 1] }],
    });
    const folder = modelFolder({ 'model.onnx': model, 'config.json': '{}' });
    const embedder = await TextEmbedder.create(await loadModel(folder));
    expect(embedder.dimensions).toBe(2);
  });
});
