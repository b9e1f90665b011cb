/** Workers that fail, and models that are none: with the real binary. */
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { embeddedModelFolder } from '../../src/embed/manifest.ts';
import { TextEncoder } from '../../src/embed/tokenizer.ts';
import { foreignTokenizerFolder, modelFolder, tinyMean } from '../helpers/model-folder.ts';
import { runCounted } from '../helpers/oracle.ts';
import { runImesde, shellCode, tiny } from '../helpers/run-imesde.ts';
import { idModel, ids, mask, onnxModel, type Graph } from '../helpers/onnx.ts';
import { linesOfLog, newShapes, readLog } from '../helpers/sample-logs.ts';

const everything = ['-w', 'x', '-s', '-1', ...tiny];

function tinyTokenizer(): { vocab: Record<string, number> } {
  const json = readFileSync(path.join(tinyMean, 'tokenizer.json'), 'utf8');
  return (JSON.parse(json) as { model: { vocab: Record<string, number> } }).model;
}

function planted(plan: string) {
  return { fault: 'worker-fault.mjs', env: { PLANTED: plan } };
}

describe('18. a worker throws, rejects or exits', () => {
  it.each(['throws', 'rejects', 'exits'])('%s once: its shapes are done again', async (fault) => {
    const shop = readLog('shop.log');
    const result = await runCounted(everything, shop, planted(`${fault} shapes 1`));
    expect(result).toMatchObject({ exitCode: 0, stdout: shop, stderr: '' });
    expect(result.counts).toMatchObject({ read: 309, window: 309, vector: 0 });
  });

  it.each([
    ['throws', 'planted throw'],
    ['rejects', 'planted rejection'],
    ['exits', 'exited with code 7'],
  ])('%s a second time: 2, with the reason', async (fault, reason) => {
    const plan = planted(`${fault} shapes 99`);
    const { exitCode, stderr } = await runImesde(everything, newShapes(200), plan);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(new RegExp(`^imesde: an embedding worker[^\\n]*${reason}[^\\n]*\\n$`));
  });

  it.each(['throws', 'exits'])('%s on a phrase: asked again once, then 2', async (fault) => {
    const args = ['query', 'disk full', ...tiny];
    const once = await runCounted(args, 'disk full\n', planted(`${fault} phrases 1`));
    expect(once).toMatchObject({ exitCode: 0, stdout: 'disk full\n', stderr: '' });
    const twice = await runImesde(args, 'disk full\n', planted(`${fault} phrases 2`));
    expect(twice).toMatchObject({ exitCode: 2, stdout: '' });
    expect(twice.stderr).toMatch(/^imesde: an embedding worker [^\n]+\n$/);
  });
});

describe('19. a worker that hangs inside the model', () => {
  it('is noticed: one line on stderr, then SIGKILL to itself', async () => {
    const plan = planted('hangs shapes 1');
    const result = await runImesde(everything, 'disk full\n', plan);
    expect(shellCode(result)).toBe(137);
    expect(result.stderr).toMatch(
      /^imesde: an embedding worker has not answered for 30 s[^\n]*\n$/,
    );
  });
});

describe('20. a model that is none: 2, with its path and what is wrong', () => {
  it('missing, empty or a pointer of Git LFS, before any line is read', async () => {
    for (const [folder, what] of [
      ['/nonexistent', 'is missing'],
      [modelFolder({ 'model.onnx': 'version https://git-lfs.github.com/spec/v1\n' }), 'Git LFS'],
      [modelFolder({ 'model.onnx': '' }), 'is empty'],
      [modelFolder({ 'tokenizer.json': undefined }), 'is missing'],
    ] as const) {
      for (const command of [
        ['query', 'x'],
        ['-w', 'x'],
      ]) {
        const { exitCode, stdout, stderr } = await runImesde(
          [...command, '--model', folder],
          'disk full\n',
        );
        expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
        expect(stderr).toMatch(/^imesde: [^\n]+\n$/);
        expect(stderr).toContain(folder);
        expect(stderr).toContain(what);
      }
    }
  });

  it.each<[string, () => string, RegExp]>([
    ['truncated', () => modelFolder({ 'model.onnx': tinyModel.subarray(0, 60_000) }), /truncated/],
    ['a folder', folderForModel, /model\.onnx is a folder, not a file/],
    ['an HTML page', () => modelFolder({ 'model.onnx': '<!DOCTYPE html>' }), /an HTML page/],
    [
      'with inputs of other names',
      () => modelFolder({ 'model.onnx': renamed('input_ids', 'input_idz') }),
      /has no input input_ids/,
    ],
    [
      'with an output of another type',
      () => modelFolder({ 'model.onnx': onnxModel(integerOutput), 'config.json': '{}' }),
      /output last_hidden_state not of float32/,
    ],
    [
      'with vectors of other dimensions than config.json says',
      () => modelFolder({ 'config.json': '{"hidden_size":48}' }),
      /gives vectors of shape \[1, \d+, 32\]/,
    ],
  ])('%s', async (_, make, what) => {
    await expectRefused(make(), what);
  });
});

describe('21. a damaged model', () => {
  it('a word table with a flipped bit, cut short or missing: 2, with its path and what to do', async () => {
    const table = readFileSync(path.join(embeddedModelFolder, 'word-table.i4'));
    const damaged = Buffer.from(table);
    damaged[1_000_000]! ^= 1;
    for (const [content, what] of [
      [damaged, 'is damaged, its SHA-256 is not the manifest’s'],
      [table.subarray(0, -64), 'is damaged'],
      [Buffer.alloc(0), 'is damaged'],
      [undefined, 'is missing'],
    ] as const) {
      const folder = modelFolder({ 'word-table.i4': content }, embeddedModelFolder);
      for (const command of [
        ['query', 'x'],
        ['-w', 'x', '--rank', 'cosine'],
      ]) {
        const args = [...command, '--model', folder];
        const { exitCode, stdout, stderr } = await runImesde(args, 'disk full\n');
        expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
        expect(stderr).toMatch(/^imesde: [^\n]+: install imesde anew[^\n]*\n$/);
        expect(stderr.replace("'", '’')).toContain(`${path.join(folder, 'word-table.i4')} ${what}`);
      }
    }
  });

  it.each(['model.onnx', 'tokenizer.json'])(
    'one flipped bit of %s: refused by its SHA-256',
    async (name) => {
      const bytes = readFileSync(path.join(embeddedModelFolder, name));
      for (const at of [0.1, 0.5, 0.9]) {
        const damaged = Buffer.from(bytes);
        damaged[Math.floor(damaged.length * at)]! ^= 4;
        await expectRefused(
          modelFolder({ [name]: damaged }, embeddedModelFolder),
          /is damaged, its SHA-256/,
        );
      }
    },
  );

  it('a tokenizer that does not fit the model: noticed by a known sentence', async () => {
    await expectRefused(foreignTokenizerFolder(), /do not fit each other/);
  });
});

describe('20. a model that is another export', () => {
  it('is used: mean, CLS, with and without token_type_ids', async () => {
    for (const name of ['mean', 'cls']) {
      const model = `test/fixtures/model/tiny/${name}`;
      const args = ['query', 'disk full', '-k', '400', '--model', model, '--rank', 'cosine'];
      const { exitCode, stdout } = await runImesde(
        args,
        `${linesOfLog('shop.log')[0]!}\ndisk full\n`,
      );
      expect(exitCode).toBe(0);
      expect(stdout.startsWith('disk full\n')).toBe(true);
    }
  });
});

describe('22. vectors that are none', () => {
  it('infinite ones of some lines are counted, not stored', async () => {
    // Token vectors are 1 / (id - c): infinite for a line with the token whose id is c, "z".
    const { vocab } = tinyTokenizer();
    const zero = [{ name: 'c', type: 'float', dims: [1], values: [vocab['z']!] } as const];
    const graph = idModel({ op: 'Div', inputs: ['vectors', 'shifted'] }, zero);
    const nodes = [...graph.nodes];
    nodes.splice(2, 0, { op: 'Sub', inputs: ['vectors', 'c'], output: 'shifted' });
    const model = modelFolder({
      'model.onnx': onnxModel({ ...graph, nodes }),
      'config.json': '{}',
    });
    const args = ['query', 'a', '--all', '-k', '9', '--rank', 'cosine', '--model', model];
    const { exitCode, stdout, counts } = await runCounted(args, 'b\nz\nb z\nc\n');
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').sort()).toEqual(['', 'b', 'c']);
    expect(counts).toMatchObject({ read: 4, window: 2, vector: 2 });
  });

  it('of a phrase: 2', async () => {
    const graph = idModel({ op: 'Div', inputs: ['vectors', 'zero'] }, [
      { name: 'zero', type: 'float', dims: [1], values: [0] },
    ]);
    const model = modelFolder({ 'model.onnx': onnxModel(graph), 'config.json': '{}' });
    const args = ['query', 'a', '--rank', 'cosine', '--model', model];
    const { exitCode, stdout, stderr } = await runImesde(args, 'b\n');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^imesde: [^\n]*vector[^\n]*\n$/);
  });
});

describe('18. a model that fails on some lines', () => {
  it('is tried again once, then 2 with the reason', async () => {
    // A table with a place for each token of the check of the start-up, and none for those beyond.
    const { vocab } = tinyTokenizer();
    const json = readFileSync(path.join(tinyMean, 'tokenizer.json'));
    const encoder = await TextEncoder.create(json, '{}', 64);
    const length = 1 + Math.max(...encoder.encode('ready'));
    const [unknown] = Object.entries(vocab).find(
      ([word, id]) => id > length && /^\w+$/.test(word),
    )!;
    const graph = idModel({ op: 'Gather', inputs: ['table', 'input_ids'] }, [
      { name: 'table', type: 'float', dims: [length, 1], values: Array<number>(length).fill(1) },
    ]);
    const model = modelFolder({ 'model.onnx': onnxModel(graph), 'config.json': '{}' });
    const args = ['query', 'a', '--rank', 'cosine', '--model', model];
    const good = await runImesde(args, 'b\n');
    expect(good).toMatchObject({ exitCode: 0, stdout: 'b\n' });
    const bad = await runImesde(args, `b\n${unknown}\n`);
    expect(bad).toMatchObject({ exitCode: 2, stdout: '' });
    expect(bad.stderr).toMatch(/^imesde: [^\n]+\n$/);
  });
});

describe('23. a model that leads elsewhere', () => {
  it.each<[string, () => string, RegExp]>([
    ['a link out of the folder', linkedOut, /is a link that leads out of the folder/],
    [
      'ONNX external data',
      () => modelFolder({ 'model.onnx': onnxModel(externalWeights), 'config.json': '{}' }),
      /ONNX external data/,
    ],
    [
      'a name with ../ in the manifest',
      () => modelFolder({ 'manifest.json': '{"files":{"../secret":{"sha256":"00","bytes":1}}}' }),
      /manifest\.json is/,
    ],
  ])('%s: refused', async (_, make, what) => {
    await expectRefused(make(), what);
  });
});

const tinyModel = readFileSync(path.join(tinyMean, 'model.onnx'));

function renamed(from: string, to: string): Buffer {
  return Buffer.from(tinyModel.toString('latin1').replaceAll(from, to), 'latin1');
}

const integerOutput: Graph = {
  inputs: [ids, mask],
  outputs: [{ name: 'last_hidden_state', type: 'int64', dims: ['b', 's', 1] }],
  nodes: [{ op: 'Identity', inputs: ['input_ids'], output: 'last_hidden_state' }],
};

const externalWeights = idModel({ op: 'Add', inputs: ['vectors', 'weights'] }, [
  { name: 'weights', type: 'float', dims: [1], values: [], externalFile: '../secret' },
]);

function folderForModel(): string {
  const folder = modelFolder({ 'model.onnx': undefined });
  mkdirSync(path.join(folder, 'model.onnx'));
  return folder;
}

function linkedOut(): string {
  const folder = modelFolder({ 'model.onnx': undefined });
  symlinkSync(path.join(tinyMean, 'model.onnx'), path.join(folder, 'model.onnx'));
  return folder;
}

/** 2, one line with the path of the folder, and nothing printed. */
async function expectRefused(folder: string, what: RegExp): Promise<void> {
  const { exitCode, stdout, stderr } = await runImesde(
    ['query', 'x', '--model', folder],
    'disk full\n',
  );
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(/^imesde: [^\n]+\n$/);
  expect(stderr).toContain(folder);
  expect(stderr).toMatch(what);
}
