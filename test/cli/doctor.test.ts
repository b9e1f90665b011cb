import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { embeddedModelFolder } from '../../src/embed/manifest.ts';
import {
  foreignTokenizerFolder,
  modelFolder,
  temporaryFolder,
  tinyMean,
} from '../helpers/model-folder.ts';
import {
  nodePath,
  repository,
  runImesde,
  runInTerminal,
  runShell,
  type RunResult,
} from '../helpers/run-imesde.ts';

const files = ['model.onnx', 'tokenizer.json', 'word-table.i4', 'antonyms.txt'];
const names = [
  ...['Node', 'memory', 'processor', 'runtime', 'model'],
  ...files,
  ...['sentence', 'FIFOs', 'instances', 'terminal'],
];

/** What each line says: name → its status and the rest. */
function linesOf({ stdout }: RunResult): Map<string, { status: string; text: string }> {
  return new Map(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => {
        const [, status = '', name = '', text = ''] =
          /^(ok|wrong|-) +(\S+) +(.+)$/.exec(line) ?? [];
        return [name, { status, text }];
      }),
  );
}

/** That nothing but these is wrong, and each of them tells what. */
function expectWrong(result: RunResult, wrong: Readonly<Record<string, RegExp>>): void {
  expect(result.exitCode).toBe(2);
  const lines = linesOf(result);
  const found = [...lines].filter(([, { status }]) => status === 'wrong').map(([name]) => name);
  expect(found).toEqual(Object.keys(wrong));
  for (const [name, pattern] of Object.entries(wrong))
    expect(lines.get(name)?.text).toMatch(pattern);
  expect(result.stderr).toBe(
    `imesde: wrong here (${found.join(', ')}): do what imesde doctor prints beside it\n`,
  );
}

/** The embedded model with a file of which one bit is another. */
function flipped(name: string): string {
  const bytes = readFileSync(path.join(embeddedModelFolder, name));
  bytes[bytes.length >> 1]! ^= 1;
  return modelFolder({ [name]: bytes }, embeddedModelFolder);
}

const tmp = temporaryFolder();
const env = { XDG_RUNTIME_DIR: undefined, TMPDIR: tmp };

describe('imesde doctor', () => {
  it('says ok to each, and leaves nothing behind', async () => {
    const result = await runImesde(['doctor'], '', { env });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    const lines = linesOf(result);
    expect([...lines.keys()]).toEqual(names);
    expect(new Set([...lines.values()].map(({ status }) => status))).toEqual(new Set(['ok']));
    const node = spawnSync(nodePath, ['--version'], { encoding: 'utf8' }).stdout.trim();
    expect(lines.get('Node')?.text).toContain(node.slice(1));
    expect(lines.get('processor')?.text).toMatch(/^\d+ cores?, WebAssembly SIMD$/);
    expect(lines.get('runtime')?.text).toMatch(/^ONNX Runtime \d+\.\d+\.\d+$/);
    expect(lines.get('sentence')?.text).toMatch(/gets the known vector, in \d+ ms$/);
    expect(lines.get('FIFOs')?.text).toBe(`can be made in ${tmp}`);
    expect(readdirSync(tmp)).toEqual([]);
  });

  it('tells a terminal how it will look', async () => {
    const { stdout } = await runInTerminal('"$NODE" "$IMESDE" doctor', {
      env: { ...env, LC_ALL: 'C', TERM: 'xterm', NO_COLOR: undefined },
    });
    expect(stdout).toMatch(
      /^ok +terminal +\d+ columns, with colours; .*set LC_ALL=C\.UTF-8 \(it is C\)$/m,
    );
  });
});

describe('a broken model', () => {
  it.each(files)('%s with a flipped bit', async (name) => {
    const result = await runImesde(['doctor', '--model', flipped(name)], '', { env });
    expectWrong(result, {
      [name]: new RegExp(
        `/${name} is damaged, its SHA-256 is not the manifest's: install imesde anew$`,
      ),
    });
    expect(linesOf(result).get('sentence')).toEqual({
      status: '-',
      text: `not tried: it needs ${name}`,
    });
  });

  it('a tokenizer that gives other ids: the sentence tells', async () => {
    const result = await runImesde(['doctor', '--model', foreignTokenizerFolder()], '', { env });
    expectWrong(result, { sentence: /do not fit each other: install imesde anew$/ });
  });

  it('is looked for where the environment says', async () => {
    const result = await runImesde(['doctor'], '', {
      env: { ...env, IMESDE_MODEL: '/nonexistent' },
    });
    expectWrong(result, { model: /^\/nonexistent is missing: / });
  });

  it('a file is missing, and a manifest is none', async () => {
    const without = modelFolder({ 'antonyms.txt': undefined }, embeddedModelFolder);
    expectWrong(await runImesde(['doctor', '--model', without], '', { env }), {
      'antonyms.txt': /\/antonyms\.txt is missing: install imesde anew/,
    });
    const none = modelFolder({ 'manifest.json': '{"name":"x"}' });
    expectWrong(await runImesde(['doctor', '--model', none], '', { env }), {
      model: /\/manifest\.json is no manifest of an imesde model: /,
    });
  });

  it('one of somebody else is read, if it can be', async () => {
    const result = await runImesde(['doctor', '--model', tinyMean], '', { env });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.stdout).toMatch(
      /^ok +sentence +"connection refused" gets a vector of 32 numbers/m,
    );
    const cut = readFileSync(path.join(tinyMean, 'model.onnx')).subarray(0, 60_000);
    const broken = await runImesde(['doctor', '--model', modelFolder({ 'model.onnx': cut })], '', {
      env,
    });
    expectWrong(broken, { sentence: /model\.onnx is truncated: download or export it anew$/ });
  });
});

describe('a broken system', () => {
  it('ONNX Runtime is missing', async () => {
    const folder = temporaryFolder();
    for (const name of ['bin', 'dist', 'package.json']) {
      cpSync(path.join(repository, name), path.join(folder, name), { recursive: true });
    }
    symlinkSync(embeddedModelFolder, path.join(folder, 'model'));
    mkdirSync(path.join(folder, 'node_modules'));
    for (const name of readdirSync(path.join(repository, 'node_modules'))) {
      if (name.startsWith('onnxruntime') || name.startsWith('.')) continue;
      symlinkSync(
        path.join(repository, 'node_modules', name),
        path.join(folder, 'node_modules', name),
      );
    }
    const result = await runShell(`"$NODE" ${folder}/bin/imesde.js doctor`, { env });
    expectWrong(result, {
      runtime: /^can't load ONNX Runtime \(.+\): install imesde again on this system/,
    });
    expect(linesOf(result).get('model.onnx')?.status).toBe('ok');
  });

  it('there is too little address space', async () => {
    const result = await runShell(`ulimit -v ${1400 * 1024}; imesde doctor`, { env });
    expectWrong(result, {
      memory: /^ulimit -v leaves \d+ MiB for the model, \d+ too few: raise it by \d+$/,
    });
    expect(result.stdout).toMatch(/^- +the rest +not tried: it needs memory$/m);
  });

  it('TMPDIR is missing', async () => {
    const result = await runImesde(['doctor'], '', {
      env: { ...env, TMPDIR: '/nonexistent\x1b[2J' },
    });
    expectWrong(result, {
      FIFOs:
        /^nothing can be made in \/nonexistent\\x1b\[2J \(ENOENT\), .*: set TMPDIR to a folder/,
    });
  });

  it('XDG_RUNTIME_DIR is missing: TMPDIR is used', async () => {
    const result = await runImesde(['doctor'], '', {
      env: { ...env, XDG_RUNTIME_DIR: '/nonexistent' },
    });
    expect(result.exitCode).toBe(0);
    expect(linesOf(result).get('FIFOs')?.text).toBe(
      `can be made in ${tmp}, since XDG_RUNTIME_DIR=/nonexistent is no folder that can be written to`,
    );
  });

  it('TMPDIR can not be written to', async ({ skip }) => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o555);
    const isRoot = process.geteuid?.() === 0;
    // Nothing but a file system that is read-only stops root.
    const mount = `mount -t tmpfs -o ro none ${folder}`;
    if (isRoot && spawnSync('unshare', ['-m', 'sh', '-c', mount]).status !== 0) {
      skip('root may write anywhere here, and may not mount');
    }
    const command = '"$NODE" "$IMESDE" doctor';
    const script = isRoot ? `unshare -m sh -c '${mount} && exec ${command}'` : command;
    const result = await runShell(script, { env: { ...env, TMPDIR: folder } });
    expectWrong(result, {
      FIFOs: /^nothing can be made in \S+ \((EROFS|EACCES)\), .*: set TMPDIR to a/,
    });
    expect(linesOf(result).get('instances')?.status).toBe('-');
  });

  it('others may list their instances in the folder of ours', async () => {
    const runtime = temporaryFolder();
    mkdirSync(path.join(runtime, 'imesde'));
    chmodSync(path.join(runtime, 'imesde'), 0o777);
    const result = await runImesde(['doctor'], '', { env: { ...env, XDG_RUNTIME_DIR: runtime } });
    expectWrong(result, {
      instances: /\/imesde is not a folder of yours alone, .*: remove it, or give/,
    });
  });
});
