import { readFileSync, rmSync, symlinkSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadModel } from '../../src/embed/model.ts';
import { modelFolder, temporaryFolder, tinyMean } from '../helpers/model-folder.ts';
import { TextEmbedder } from '../helpers/text-embedder.ts';
import { idModel, ids, mask, onnxModel, type Graph } from '../helpers/onnx.ts';

/** What a model's folder is refused with, by whoever notices first. */
async function refusal(folder: string): Promise<string> {
  try {
    const embedder = await TextEmbedder.create(await loadModel(folder));
    await embedder.embedPhrases(['one', 'some more words']);
  } catch (error) {
    expect(error).toMatchObject({ name: 'ImesdeError', code: 'ERR_IMESDE_MODEL' });
    return (error as Error).message;
  }
  return 'accepted';
}

const tinyModel = readFileSync(path.join(tinyMean, 'model.onnx'));
const lfsPointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 90405214\n';
const htmlPage = '\n<!DOCTYPE html><html><body>404</body></html>';

function renamed(from: string, to: string): Buffer {
  const text = tinyModel.toString('latin1');
  return Buffer.from(text.replaceAll(from, to), 'latin1');
}

describe('the file model.onnx', () => {
  it.each<[string, string | Buffer | undefined, RegExp]>([
    ['missing', undefined, /model\.onnx is missing/],
    ['empty', '', /model\.onnx is empty/],
    ['a Git LFS pointer', lfsPointer, /model\.onnx is a Git LFS pointer/],
    ['an HTML page', htmlPage, /model\.onnx is an HTML page/],
    ['truncated', tinyModel.subarray(0, 60_000), /model\.onnx is truncated/],
    ['truncated early', tinyModel.subarray(0, 40), /model\.onnx is (truncated|no ONNX model)/],
    ['plain text', 'hello, I am no model', /model\.onnx is no ONNX model/],
    ['an archive', Buffer.from('504b0304140000000800', 'hex'), /model\.onnx is no ONNX model/],
    ['zeros', Buffer.alloc(5_000), /model\.onnx is no ONNX model/],
  ])('is refused when it is %s, with its path', async (_, content, expected) => {
    const folder = modelFolder({ 'model.onnx': content });
    const message = await refusal(folder);
    expect(message).toMatch(expected);
    expect(message).toContain(path.join(folder, 'model.onnx'));
  });

  it('is refused when it is a folder', async () => {
    const folder = modelFolder({ 'model.onnx': undefined });
    mkdirSync(path.join(folder, 'model.onnx'));
    expect(await refusal(folder)).toMatch(/model\.onnx is a folder, not a file/);
  });

  it('is refused when it keeps its weights in other files', async () => {
    const model = onnxModel(
      idModel({ op: 'Add', inputs: ['vectors', 'weights'] }, [
        { name: 'weights', type: 'float', dims: [1], values: [], externalFile: '../secret' },
      ]),
    );
    expect(await refusal(modelFolder({ 'model.onnx': model }))).toMatch(/ONNX external data/);
  });

  it('is refused when it is a link that leads out of the folder', async () => {
    const folder = modelFolder({ 'model.onnx': undefined });
    symlinkSync(path.join(tinyMean, 'model.onnx'), path.join(folder, 'model.onnx'));
    expect(await refusal(folder)).toMatch(/model\.onnx is a link that leads out of the folder/);
  });

  it('may lie in the folder onnx, and may be a link inside the folder', async () => {
    const folder = modelFolder({ 'model.onnx': undefined, 'onnx/model.onnx': tinyModel });
    expect(await refusal(folder)).toBe('accepted');
    symlinkSync('onnx/model.onnx', path.join(folder, 'model.onnx'));
    expect(await refusal(folder)).toBe('accepted');
  });
});

const floats = { name: 'last_hidden_state', type: 'float', dims: ['b', 's', 1] } as const;

describe('the graph of model.onnx', () => {
  it.each<[string, Buffer, RegExp]>([
    ['no input_ids', renamed('input_ids', 'input_idz'), /has no input input_ids/],
    ['no attention_mask', renamed('attention_mask', 'attention_masc'), /no input attention_mask/],
    ['an unknown input', renamed('token_type_ids', 'token_tipe_ids'), /input token_tipe_ids/],
    [
      'other outputs',
      renamed('last_hidden_state', 'last_hidden_statf'),
      /no output last_hidden_state/,
    ],
    ...graphs([
      [
        'inputs of another type',
        {
          inputs: [{ ...ids, type: 'int32' }, mask],
          outputs: [{ name: 'last_hidden_state', type: 'int32', dims: ['b', 's'] }],
          nodes: [{ op: 'Identity', inputs: ['input_ids'], output: 'last_hidden_state' }],
        },
        /input input_ids that is not int64/,
      ],
      [
        'an output of another type',
        {
          inputs: [ids, mask],
          outputs: [{ ...floats, type: 'int64' }],
          nodes: [{ op: 'Identity', inputs: ['input_ids'], output: 'last_hidden_state' }],
        },
        /output last_hidden_state not of float32/,
      ],
      [
        'vectors whose length varies',
        {
          inputs: [ids, mask],
          outputs: [{ ...floats, dims: ['b', 's'] }],
          nodes: [
            {
              op: 'Cast',
              inputs: ['input_ids'],
              output: 'last_hidden_state',
              attributes: { to: 1 },
            },
          ],
        },
        /gives vectors of shape \[\d+, \d+\]/,
      ],
      [
        'an operator that is unknown',
        idModel({ op: 'Teleport', inputs: ['vectors'] }),
        /can't be loaded/,
      ],
    ]),
  ])('is refused with %s', async (_, model, expected) => {
    const folder = modelFolder({ 'model.onnx': model, 'config.json': '{}' });
    const message = await refusal(folder);
    expect(message).toMatch(expected);
    expect(message).toContain(path.join(folder, 'model.onnx'));
    expect(message).not.toContain('\n');
  });

  it('is refused when its vectors are not as long as config.json says', async () => {
    expect(await refusal(modelFolder({ 'config.json': '{"hidden_size":48}' }))).toMatch(
      /model\.onnx gives vectors of shape \[1, \d+, 32\]/,
    );
  });
});

function graphs(rows: readonly [string, Graph, RegExp][]): [string, Buffer, RegExp][] {
  return rows.map(([name, graph, expected]) => [name, onnxModel(graph), expected]);
}

describe('the other files of a model', () => {
  it.each([
    ['a folder that is not there', '/nonexistent/model', /\/nonexistent\/model is missing/],
    ['a file in place of a folder', path.join(tinyMean, 'config.json'), /config\.json/],
  ])('are refused for %s', async (_, folder, expected) => {
    expect(await refusal(folder)).toMatch(expected);
  });

  it.each<[string, string | undefined, RegExp]>([
    ['missing', undefined, /tokenizer\.json is missing/],
    ['empty', '', /tokenizer\.json is empty/],
    ['a Git LFS pointer', lfsPointer, /tokenizer\.json is a Git LFS pointer/],
    ['an HTML page', htmlPage, /tokenizer\.json is an HTML page/],
    ['truncated', '{"model": {"type": "WordPi', /tokenizer\.json is no JSON object/],
    ['some other JSON', '{"a": 1}', /tokenizer\.json can't be used/],
  ])('are refused when tokenizer.json is %s', async (_, content, expected) => {
    expect(await refusal(modelFolder({ 'tokenizer.json': content }))).toMatch(expected);
  });

  it('are refused when the pooling is one that imesde can not do', async () => {
    const pooling = JSON.stringify({ pooling_mode_max_tokens: true });
    expect(await refusal(modelFolder({ '1_Pooling/config.json': pooling }))).toMatch(
      /1_Pooling\/config\.json asks for pooling_mode_max_tokens/,
    );
  });

  it.each([['{}'], ['[]'], ['{"files":{}}'], ['{"files":7}'], ['no json']])(
    'are refused when manifest.json is %s, without a crash',
    async (manifest) => {
      expect(await refusal(modelFolder({ 'manifest.json': manifest }))).toMatch(
        /manifest\.json is/,
      );
    },
  );

  it('do not matter where they only have defaults', async () => {
    const folder = modelFolder({ '1_Pooling/config.json': undefined, 'config.json': undefined });
    expect(await refusal(folder)).toBe('accepted');
    expect((await loadModel(folder)).spec).toMatchObject({ pooling: 'mean', dimensions: 0 });
  });

  it('say how long an input may be: the least of what they say', async () => {
    const maxTokens = async (files: Record<string, string>): Promise<number> =>
      (await loadModel(modelFolder(files))).spec.maxTokens;
    expect(await maxTokens({})).toBe(64);
    expect(await maxTokens({ 'sentence_bert_config.json': '{"max_seq_length":20}' })).toBe(20);
    expect(await maxTokens({ 'tokenizer_config.json': '{"model_max_length":30}' })).toBe(30);
    expect(await maxTokens({ 'tokenizer_config.json': '{"model_max_length":1e30}' })).toBe(64);
  });

  it('may not lead out of the folder by a link of any of them', async () => {
    const folder = modelFolder({ 'tokenizer.json': undefined });
    symlinkSync(path.join(tinyMean, 'tokenizer.json'), path.join(folder, 'tokenizer.json'));
    expect(await refusal(folder)).toMatch(/tokenizer\.json is a link that leads out/);
    rmSync(path.join(folder, 'tokenizer.json'));
  });

  it('may lie in a folder that is itself reached by a link', async () => {
    const link = path.join(temporaryFolder(), 'link');
    symlinkSync(tinyMean, link);
    writeFileSync(path.join(path.dirname(link), 'unrelated'), '');
    expect(await refusal(link)).toBe('accepted');
  });
});
