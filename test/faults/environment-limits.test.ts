/** Faults 34 and 35: where little is allowed, it works, or says in one line what to do. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/model-folder.ts';
import { oracleGap, repository, runShell, type RunResult } from '../helpers/run-imesde.ts';

const log = 'test/fixtures/logs/shop.log';
const query = `query "db failure" -k 1 ${log}`;
/** Node itself can't start there: nobody is asked. */
const notNode = 77;

function expectAnswerOrRemedy({ exitCode, stdout, stderr }: RunResult, remedy: RegExp): void {
  if (exitCode === 0) {
    expect(stdout).toMatch(/database/);
    expect(stderr).toBe('');
    return;
  }
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(/^imesde: [^\n]+\n$/);
  expect(stderr).toMatch(remedy);
}

describe('a version of Node that is too old', () => {
  it.each([
    ['18.20.8', '20.12'],
    ['20.11.1', '20.12'],
    ['21.6.2', '21.7'],
  ])('is told which is needed: %s', async (version, needed) => {
    const versions = `data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"${version}"}})`;
    const result = await runShell(`"$NODE" --import '${versions}' "$IMESDE" --version`);
    expect(result).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: `imesde: Node ${version} is too old: run it with Node ${needed} or later\n`,
    });
  });

  it('would not stop later ones', async () => {
    const versions = `data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"100.0.0"}})`;
    expect((await runShell(`"$NODE" --import '${versions}' "$IMESDE" --version`)).exitCode).toBe(0);
  });
});

describe('few open files', () => {
  const probe = `"$NODE" test/fixtures/faults/other-system.mjs > /dev/null 2>&1 || exit ${notNode}`;

  it.each([16, 18, 20, 22, 24, 28, 32, 36, 40])('ulimit -n %d', async (files) => {
    const result = await runShell(`ulimit -n ${files}; ${probe}; imesde ${query}`);
    // What Node says before it has loaded a file of ours.
    const isOfNode = result.exitCode !== 2 && /EMFILE/.test(result.stderr);
    if (result.exitCode === notNode || isOfNode) return;
    expectAnswerOrRemedy(result, /ulimit -n 256\n$/);
  });

  it('256 are enough, as it says', async () => {
    const { exitCode, stderr } = await runShell(`ulimit -n 256; imesde ${query}`);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });
});

describe('little address space', () => {
  const megabytes = [512, 640, 768, 900, 1024, 1200, 1400, 1600, 1800, 2048, 2560, 3072];
  it.each(megabytes)('ulimit -v of %d MiB', async (size) => {
    const limit = `ulimit -v ${size * 1024}; "$NODE" -e 0 > /dev/null 2>&1 || exit ${notNode}`;
    const result = await runShell(`{ ${limit}; } 2> /dev/null; imesde ${query}`);
    if (result.exitCode === notNode) return;
    expectAnswerOrRemedy(result, /raise it by \d+\n$|raise ulimit -v|ulimit -v unlimited/);
  });

  it('3 GB are enough, also for many shapes and workers that find no room', async () => {
    const script = `
      ulimit -v ${3 * 1024 * 1024}
      imesde query "db failure" -k 1 --rank cosine --workers 8 --stats test/fixtures/logs/*.log`;
    const { exitCode, stdout, stderr } = await runShell(script);
    expect(exitCode).toBe(0);
    expect(stdout).not.toBe('');
    expect(oracleGap(stderr)).toBe(0);
  });

  it('is no reason for commands that need no model to fail', async () => {
    const script = `ulimit -v ${1536 * 1024}; imesde --help`;
    const { exitCode, stderr } = await runShell(script);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });
});

describe('the native library', () => {
  const runtime = 'onnxruntime-node';
  const system = path.join('bin/napi-v6', process.platform, process.arch);
  const libraries = path.join(repository, 'node_modules', runtime, system);
  const library = 'libonnxruntime.so.1';
  const other = libraries.replace(/[^/]+$/, process.arch === 'x64' ? 'arm64' : 'x64');

  /** A copy of the package; what is done to its library hurts nobody else. */
  function copyOfPackage(): { folder: string; libraries: string } {
    const folder = temporaryFolder();
    for (const name of ['bin', 'dist', 'model', 'package.json']) {
      cpSync(path.join(repository, name), path.join(folder, name), { recursive: true });
    }
    const modules = path.join(folder, 'node_modules');
    mkdirSync(modules);
    for (const name of readdirSync(path.join(repository, 'node_modules'))) {
      if (name === runtime || name.startsWith('.')) continue;
      symlinkSync(path.join(repository, 'node_modules', name), path.join(modules, name));
    }
    const from = path.join(repository, 'node_modules', runtime);
    for (const name of ['package.json', 'dist', system]) {
      cpSync(path.join(from, name), path.join(modules, runtime, name), { recursive: true });
    }
    return { folder, libraries: path.join(modules, runtime, system) };
  }

  async function answer(folder: string): Promise<RunResult> {
    return await runShell(`"$NODE" ${folder}/bin/imesde.js ${query}`);
  }

  it.each([
    [
      'is missing',
      (at: string) => {
        rmSync(path.join(at, library));
      },
    ],
    [
      'is no library',
      (at: string) => {
        writeFileSync(path.join(at, library), 'no library');
      },
    ],
    [
      'is empty',
      (at: string) => {
        writeFileSync(path.join(at, library), '');
      },
    ],
    [
      'has no binding',
      (at: string) => {
        rmSync(path.join(at, 'onnxruntime_binding.node'));
      },
    ],
    [
      'is for none of this kind of system, like an Intel Mac',
      (at: string) => {
        rmSync(at, { recursive: true });
      },
    ],
  ])('%s: told once', async (_, spoil) => {
    const { folder, libraries: at } = copyOfPackage();
    expect((await answer(folder)).exitCode).toBe(0);
    spoil(at);
    const result = await answer(folder);
    expect(result.exitCode).toBe(2);
    expect(result.exitCode).toBe(2);
    expectAnswerOrRemedy(
      result,
      /can't load ONNX Runtime \(.+\): install imesde again on this system/,
    );
  });

  it.runIf(existsSync(other))('is of another processor: told once', async () => {
    const { folder, libraries: at } = copyOfPackage();
    cpSync(other, at, { recursive: true });
    const result = await answer(folder);
    expect(result.exitCode).toBe(2);
    expect(result.exitCode).toBe(2);
    expectAnswerOrRemedy(
      result,
      /can't load ONNX Runtime \(.+\): install imesde again on this system/,
    );
  });

  it('is not needed by what needs no model', async () => {
    const { folder, libraries: at } = copyOfPackage();
    rmSync(at, { recursive: true });
    expect(await runShell(`"$NODE" ${folder}/bin/imesde.js --help`)).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
  });
});

describe('a full disk', () => {
  const full = (folder: string): string =>
    `mount -t tmpfs -o size=64k,nr_inodes=8 none ${folder} && cd ${repository} || exit ${notNode}
     for i in 1 2 3 4 5 6 7; do head -c 20k /dev/zero > ${folder}/fill$i; done 2> /dev/null`;
  const probe = temporaryFolder();
  const isAllowed = spawnSync('unshare', ['-m', 'bash', '-c', full(probe)]).status !== notNode;

  const where = (script: string): string =>
    `unshare -m bash -c '${script.replaceAll("'", "'\\''")}'`;

  it.runIf(isAllowed)('under /tmp keeps no query from its answer', async () => {
    const tmp = temporaryFolder();
    const env = { TMPDIR: tmp, XDG_RUNTIME_DIR: tmp };
    const script = where(`${full(tmp)}; "$NODE" "$IMESDE" ${query}`);
    const { exitCode, stderr } = await runShell(script, { env });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it.runIf(isAllowed)('has no room for a FIFO, an answer or a state: each is told', async () => {
    const tmp = temporaryFolder();
    const env = { TMPDIR: tmp, XDG_RUNTIME_DIR: tmp };
    const script = where(`${full(tmp)}
      "$NODE" "$IMESDE" --fifo ${tmp}/ctl < /dev/null; echo "code $?"
      "$NODE" "$IMESDE" ask "disk full" --fifo ${tmp}/ctl; echo "code $?"
      "$NODE" "$IMESDE" query "disk full" --state ${tmp}/state ${log} > /dev/null; echo "code $?"`);
    const { stdout, stderr } = await runShell(script, { env });
    expect(stdout).toBe('code 2\ncode 2\ncode 2\n');
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toMatch(/^imesde: .+: .+/);
  });
});
