import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { embeddedModelFolder } from '../../src/embed/manifest.ts';
import { TextEncoder } from '../../src/embed/tokenizer.ts';
import { modelFolder, tinyMean } from '../helpers/model-folder.ts';
import { countsOf, oracleGap, runImesde, shellCode, tiny } from '../helpers/run-imesde.ts';
import { idModel, onnxModel } from '../helpers/onnx.ts';
import { linesOfLog, newShapes, readLog } from '../helpers/sample-logs.ts';

const everything = ['-w', 'x', '-s', '-1', '--stats', ...tiny];

function tinyTokenizer(): { vocab: Record<string, number> } {
  const json = readFileSync(path.join(tinyMean, 'tokenizer.json'), 'utf8');
  return (JSON.parse(json) as { model: { vocab: Record<string, number> } }).model;
}

function planted(plan: string) {
  return { fault: 'worker-fault.mjs', env: { PLANTED: plan } };
}

describe('a worker that fails', () => {
  it.each(['throws', 'rejects', 'exits'])('once (%s) has its shapes done again', async (fault) => {
    const shop = readLog('shop.log');
    const result = await runImesde(everything, shop, planted(`${fault} shapes 1`));
    expect(result).toMatchObject({ exitCode: 0, stdout: shop });
    expect(countsOf(result.stderr)).toMatchObject({ read: 309, window: 309, vector: 0 });
  });

  it.each([
    ['throws', 'planted throw'],
    ['rejects', 'planted rejection'],
    ['exits', 'exited with code 7'],
  ])('a second time (%s) ends in 2 with the reason', async (fault, reason) => {
    const plan = planted(`${fault} shapes 99`);
    const { exitCode, stderr } = await runImesde(everything, newShapes(200), plan);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(new RegExp(`^imesde: an embedding worker[^\\n]*${reason}[^\\n]*\\n$`));
  });

  it.each(['throws', 'exits'])('on a phrase (%s) is tried again once, then 2', async (fault) => {
    const args = ['query', 'disk full', ...tiny];
    const once = await runImesde(args, 'disk full\n', planted(`${fault} phrases 1`));
    expect(once).toMatchObject({ exitCode: 0, stdout: 'disk full\n', stderr: '' });
    const twice = await runImesde(args, 'disk full\n', planted(`${fault} phrases 2`));
    expect(twice).toMatchObject({ exitCode: 2, stdout: '' });
    expect(twice.stderr).toMatch(/^imesde: an embedding worker [^\n]+\n$/);
  });

  it('by hanging is noticed: one line on stderr, then it kills itself', async () => {
    const plan = planted('hangs shapes 1');
    const result = await runImesde(everything, 'disk full\n', plan);
    expect(shellCode(result)).toBe(137);
    expect(result.stderr).toMatch(
      /^imesde: an embedding worker has not answered for 30 s[^\n]*\n$/,
    );
  });
});

describe('the main thread', () => {
  it('says so and exits 2 when it fails while the model runs', async () => {
    for (const command of [
      ['-w', 'x', '-s', '-1'],
      ['query', 'x', '-q'],
    ]) {
      const args = [...command, '--rank', 'cosine'];
      const result = await runImesde(args, newShapes(300), { fault: 'throw-on-main.mjs' });
      expect(shellCode(result)).toBe(2);
      expect(result.stderr).toMatch(/^imesde: unexpected failure \(planted failure\)[^\n]*\n$/);
    }
  });
});

describe('a model', () => {
  it('that can not be used ends in 2, with its path, before any line is read', async () => {
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

  it('whose word table is damaged, cut short or missing ends in 2, with its path and what to do', async () => {
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

  it('that is another export is used: mean, CLS, with and without token_type_ids', async () => {
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

  it('that gives infinite vectors for some lines has them counted, not stored', async () => {
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
    const args = [
      'query',
      'a',
      '--all',
      '-k',
      '9',
      '--stats',
      '--rank',
      'cosine',
      '--model',
      model,
    ];
    const { exitCode, stdout, stderr } = await runImesde(args, 'b\nz\nb z\nc\n');
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').sort()).toEqual(['', 'b', 'c']);
    expect(countsOf(stderr)).toMatchObject({ read: 4, window: 2, vector: 2 });
    expect(oracleGap(stderr)).toBe(0);
  });

  it('that gives no vector for a phrase ends in 2', async () => {
    const graph = idModel({ op: 'Div', inputs: ['vectors', 'zero'] }, [
      { name: 'zero', type: 'float', dims: [1], values: [0] },
    ]);
    const model = modelFolder({ 'model.onnx': onnxModel(graph), 'config.json': '{}' });
    const args = ['query', 'a', '--rank', 'cosine', '--model', model];
    const { exitCode, stdout, stderr } = await runImesde(args, 'b\n');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^imesde: [^\n]*vector[^\n]*\n$/);
  });

  it('that fails on some lines is tried again once, then 2 with the reason', async () => {
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
