/** The control FIFO as a file: faults 28 to 30, and what must be gone afterwards. */
import { chownSync, existsSync, lstatSync, readdirSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  endInstance,
  makeTestFifo,
  shopLog,
  startInstance,
  TestAsker,
  until,
  wrongPlaces,
  type Instance,
} from '../control/instance.ts';
import { temporaryFolder } from '../helpers/model-folder.ts';
import { runImesde, runShell, shellCode, startImesde } from '../helpers/run-imesde.ts';

const isRoot = process.geteuid?.() === 0;

describe('the path', () => {
  it.each([
    ['a file', 'a file'],
    ['a folder', 'a folder'],
    ['a link', 'a link to a FIFO'],
  ] as const)('of %s is refused, and left alone', async (kind, made) => {
    const place = path.join(temporaryFolder(), 'ctl');
    wrongPlaces[made](place);
    const before = lstatSync(place);
    const { exitCode, stdout, stderr } = await runImesde(['--fifo', place], 'line\n');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toBe(`imesde: ${place} is ${kind}, not a FIFO: name another path\n`);
    expect(lstatSync(place)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
  });

  it.runIf(isRoot)("of another user's FIFO is refused, and left alone", async () => {
    const place = makeTestFifo(path.join(temporaryFolder(), 'ctl'), '666');
    chownSync(place, 65_534, 65_534);
    const { exitCode, stderr } = await runImesde(['--fifo', place]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('of another user');
    expect(existsSync(place)).toBe(true);
  });

  it('in a folder that is not there is an error', async () => {
    const { exitCode, stderr } = await runImesde(['--fifo', '/nowhere/ctl']);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr:
        "imesde: can't make a FIFO at /nowhere/ctl (No such file or directory): name another path\n",
    });
  });

  it.each(['000', '022', '777'])('becomes a FIFO of mode 600 under umask %s', async (umask) => {
    const place = path.join(temporaryFolder(), 'ctl');
    const { stdout } = await runShell(
      `umask ${umask}; exec 3>&1
       (until [ -p ${place} ]; do sleep 0.02; done; sleep 0.1; stat -c %a ${place} >&3) |
         imesde --fifo ${place}`,
    );
    expect(stdout).toBe('600\n');
  });

  it('that begins with a dash is a path', async () => {
    const folder = temporaryFolder();
    const { exitCode } = await runImesde(['--fifo=-m'], 'line\n', { cwd: folder });
    expect({ exitCode, left: readdirSync(folder) }).toEqual({ exitCode: 0, left: [] });
  });
});

describe('a stale FIFO', () => {
  it('is used again, with mode 600, and removed at the end', async () => {
    const place = makeTestFifo(path.join(temporaryFolder(), 'ctl'), '644');
    const running = startImesde(['--fifo', place]);
    const asker = new TestAsker(place);
    await asker.ask({ op: 'status' });
    expect(lstatSync(place).mode & 0o777).toBe(0o600);
    running.child.stdin.end();
    await running.result;
    asker.close();
    expect(existsSync(place)).toBe(false);
  });

  it('is what SIGKILL leaves behind, and the next instance serves it', async () => {
    const first = startInstance();
    await until(() => existsSync(first.fifo));
    first.running.child.kill('SIGKILL');
    await first.running.result;
    expect(existsSync(first.fifo)).toBe(true);
    const running = startImesde(['--fifo', first.fifo]);
    const asker = new TestAsker(first.fifo);
    expect(await asker.ask({ op: 'quit' })).toMatchObject([{ done: true }]);
    expect((await running.result).exitCode).toBe(0);
    asker.close();
  });

  it('that took the place of its own is left alone', async () => {
    const instance = startInstance();
    const asker = new TestAsker(instance.fifo);
    await asker.ask({ op: 'status' });
    asker.close();
    unlinkSync(instance.fifo);
    makeTestFifo(instance.fifo);
    const { ino } = lstatSync(instance.fifo);
    await endInstance(instance);
    expect(lstatSync(instance.fifo).ino).toBe(ino);
  });
});

describe('a second instance', () => {
  it('on the same FIFO is refused, and the first goes on', async () => {
    const first = startInstance();
    const asker = new TestAsker(first.fifo);
    await asker.ask({ op: 'status' });
    const { exitCode, stdout, stderr } = await runImesde(['--fifo', first.fifo], 'line\n');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toBe(
      `imesde: another instance serves ${first.fifo}: stop it, or name another path\n`,
    );
    expect(await asker.ask({ op: 'status', id: 'still there' })).toHaveLength(2);
    asker.close();
    await endInstance(first);
  });

  it('is refused too where both start together', async () => {
    const place = path.join(temporaryFolder(), 'ctl');
    const all = [1, 2, 3].map(() => startImesde(['--fifo', place]));
    const refused = all.map(({ result }) => result.then(({ exitCode }) => exitCode));
    const asker = new TestAsker(place);
    await Promise.race(refused);
    await asker.ask({ op: 'status' });
    await until(() => all.filter(({ child }) => child.exitCode === 2).length === 2);
    await asker.ask({ op: 'quit' });
    expect((await Promise.all(refused)).sort()).toEqual([0, 2, 2]);
    asker.close();
  });
});

describe('nothing is left behind', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('after %s', async (signal) => {
    const instance = startInstance();
    const asker = new TestAsker(instance.fifo);
    instance.running.child.stdin.write(shopLog);
    await asker.ask({ op: 'status' });
    instance.running.child.kill(signal);
    const result = await instance.running.result;
    asker.close();
    expect(shellCode(result)).toBe({ SIGTERM: 143, SIGINT: 130, SIGHUP: 129 }[signal]);
    expect(result.stderr).toBe('');
    expect(tracesOf(instance)).toEqual([]);
  });

  it('after a second signal at once', async () => {
    const instance = startInstance();
    await until(() => existsSync(instance.fifo));
    instance.running.child.stdin.write(shopLog.repeat(200));
    await setTimeout(300);
    instance.running.child.kill('SIGTERM');
    instance.running.child.kill('SIGINT');
    await instance.running.result;
    expect(tracesOf(instance)).toEqual([]);
  });

  it('after a model that can not be loaded', async () => {
    const instance = startInstance(['--model', '/nowhere']);
    const { exitCode } = await instance.running.result;
    expect({ exitCode, traces: tracesOf(instance) }).toEqual({ exitCode: 2, traces: [] });
  });

  it('after the end of input', async () => {
    const instance = startInstance();
    instance.running.child.stdin.end('line\n');
    const { exitCode } = await instance.running.result;
    expect({ exitCode, traces: tracesOf(instance) }).toEqual({ exitCode: 0, traces: [] });
  });

  function tracesOf({ fifo, runtime }: Instance): string[] {
    const announced = path.join(runtime, 'imesde');
    return [...readdirSync(path.dirname(fifo)), ...readdirSync(announced)];
  }
});
