/** Where it runs: under cron, with little room, as nobody in particular. */
import { chmodSync, cpSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/model-folder.ts';
import { counted } from '../helpers/oracle.ts';
import { nodeMajor, repository, runShell, tiny } from '../helpers/run-imesde.ts';

const query = `query "db failure" -k 1 --rank cosine --stats`;
const input = '< test/fixtures/logs/shop.log';
const isRoot = process.getuid?.() === 0;

describe('34. the environment', () => {
  it('may be empty, as under cron: no HOME, no terminal, no PATH', async () => {
    const script = `env -i "$NODE" "$IMESDE" ${query} ${input}`;
    const { exitCode, stdout, stderr } = counted(await runShell(script));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/database/);
  });

  it('may have a HOME and a temporary folder that do not exist', async () => {
    const env = { HOME: '/nonexistent', TMPDIR: '/nonexistent', XDG_RUNTIME_DIR: '/nonexistent' };
    expect(counted(await runShell(`imesde ${query} ${input}`, { env }))).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
  });

  it('may be a folder that is gone', async () => {
    const folder = path.join(temporaryFolder(), 'gone');
    mkdirSync(folder);
    const { exitCode, stdout } = await runShell(
      `exec ${input.replace('test/', `${repository}/test/`)}; cd ${folder}; rmdir ${folder}; imesde ${query}`,
    );
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/database/);
  });

  it('may have variables that are empty, which is like none', async () => {
    const names = [
      'MODEL',
      'WINDOW',
      'ROWS',
      'WINDOW_BYTES',
      'MAX_LINE_BYTES',
      'WORKERS',
      'MIN_SCORE',
    ];
    const env = Object.fromEntries(names.map((name) => [`IMESDE_${name}`, '']));
    const { exitCode, stdout, stderr } = counted(
      await runShell(`imesde ${query} ${input}`, { env }),
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/database/);
  });

  it('gives way to flags, and is not asked by commands that it means nothing to', async () => {
    const env = { IMESDE_WINDOW: 'many', IMESDE_WORKERS: '99' };
    const flags = '--window 500 --workers 1';
    const { exitCode } = await runShell(`imesde ${query} ${flags} ${input}`, { env });
    expect(exitCode).toBe(0);
    const status = await runShell(
      `imesde status --timeout 100ms --fifo ${temporaryFolder()}/none`,
      { env },
    );
    expect(status.stderr).toMatch(/^imesde: no instance at/);
    for (const help of ['--help', 'help', 'help query', 'query --help']) {
      const { stdout, stderr } = await runShell(`imesde ${help}`, { env });
      expect(stdout).toMatch(/^Usage: imesde/);
      expect(stderr).toBe('');
    }
  });

  it('is left as it was: no file under HOME, no telemetry of the runtime', async () => {
    const home = temporaryFolder();
    const { exitCode } = await runShell(`imesde ${query} ${input}`, { env: { HOME: home } });
    expect(exitCode).toBe(0);
    expect(readdirSync(home)).toEqual([]);
  });

  it.runIf(isRoot)('may be that of a user whom the system does not know', async () => {
    // A copy that anyone may read, for the tree itself may lie in a folder of root's own.
    const folder = temporaryFolder();
    for (const name of ['bin', 'dist', 'model', 'package.json']) {
      cpSync(path.join(repository, name), path.join(folder, name), { recursive: true });
    }
    cpSync(path.join(repository, 'test/fixtures/logs/shop.log'), path.join(folder, 'shop.log'));
    chmodSync(folder, 0o755);
    const script = `
      ln -s "$(realpath ${repository}/node_modules)" ${folder}/node_modules
      setpriv --reuid 54321 --regid 54321 --clear-groups test -r ${folder}/node_modules/commander/package.json || exit 77
      setpriv --reuid 54321 --regid 54321 --clear-groups "$NODE" ${folder}/bin/imesde.js ${query} < ${folder}/shop.log`;
    const result = await runShell(script);
    if (result.exitCode === 77) return; // The tree is where no other user may look.
    const { exitCode, stdout, stderr } = counted(result);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/database/);
  });

  it.runIf(isRoot)('may be a file system that is read-only', async () => {
    const script = `
      unshare -m bash -c '
        mount --bind -o ro ${repository} ${repository} && mount -o remount,bind,ro ${repository} || exit 77
        cd ${repository}; touch probe 2>/dev/null && exit 78
        "$NODE" "$IMESDE" ${query} < test/fixtures/logs/shop.log'`;
    const result = await runShell(script);
    if (result.exitCode === 77 || /unshare|mount/.test(result.stderr)) return; // Not allowed here.
    const { exitCode, stdout, stderr } = counted(result);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/database/);
  });
});

describe('35. little of everything', () => {
  // From version 22 on, Node itself ends where it may not open more than 20.
  const filesOfNode = nodeMajor < 22 ? 20 : 24;

  it('may allow 20 open files: works, or 2 with a reason', async () => {
    const { exitCode, stdout, stderr } = await runShell(
      `ulimit -n ${filesOfNode}; imesde ${query} ${input}`,
    );
    expect([0, 2]).toContain(exitCode);
    if (exitCode === 0) expect(stdout).toMatch(/database/);
    else expect(stderr).toMatch(/imesde: /);
  });

  it('may allow little address space: works, or ends with a reason, but never hangs', async () => {
    let works = 0;
    for (const gigabytes of [8, 4, 2, 1]) {
      const { exitCode, stdout, stderr } = await runShell(
        `ulimit -v ${gigabytes * 1024 * 1024}; imesde ${query} ${tiny.join(' ')} ${input}`,
      );
      if (exitCode === 0) {
        works += 1;
        expect(stdout).not.toBe('');
      } else {
        expect(stdout).toBe('');
        expect(stderr).not.toBe('');
      }
    }
    expect(works).toBeGreaterThan(0);
  });

  it('may have one core and no priority', async () => {
    const { exitCode, stdout } = counted(
      await runShell(`taskset -c 0 nice -n 19 "$NODE" "$IMESDE" ${query} ${input}`),
    );
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/database/);
  });
});
