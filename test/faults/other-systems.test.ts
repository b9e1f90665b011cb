/**
 * What only Linux has is switched off: abstract sockets by a platform that is called otherwise,
 * /proc and /sys by empty folders mounted over them.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { endInstance, startInstance, TestAsker, until, makeTestFifo } from '../control/instance.ts';
import { temporaryFolder } from '../helpers/model-folder.ts';
import { repository, runImesde, runShell, startImesde, tiny } from '../helpers/run-imesde.ts';

const elsewhere = { fault: 'other-system.mjs' };

describe.each([
  ['an abstract socket', {}],
  ['a socket in a folder', elsewhere],
])('the lock is %s', (_, options) => {
  it('refuses a second instance, and the first goes on', async () => {
    const first = startInstance([], options);
    const asker = new TestAsker(first.fifo);
    await asker.ask({ op: 'status' });
    const { exitCode, stderr } = await runImesde(['--fifo', first.fifo], 'line\n', options);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: `imesde: another instance serves ${first.fifo}: stop it, or name another path\n`,
    });
    asker.close();
    await endInstance(first);
    expect(existsSync(first.fifo)).toBe(false);
  });

  it('goes to one of several that start at the same time', { timeout: 240_000 }, async () => {
    const folder = temporaryFolder();
    for (let round = 0; round < 3; round += 1) {
      const fifo = makeTestFifo(path.join(folder, `ctl-${round}`)); // Stale: for all to take over.
      const all = Array.from({ length: 5 }, () => startImesde(['--fifo', fifo, ...tiny], options));
      const refused = Promise.all(
        all.map(async (running) => {
          const { exitCode, stderr } = await running.result;
          return { exitCode, stderr };
        }),
      );
      let ended = 0;
      for (const running of all) void running.result.then(() => (ended += 1));
      while (ended < all.length - 1) await setTimeout(20);
      await setTimeout(500);
      expect(ended).toBe(all.length - 1);
      for (const running of all) running.child.stdin.end();
      const codes = (await refused).map(({ exitCode }) => exitCode).sort();
      expect(codes).toEqual([0, 2, 2, 2, 2]);
      expect(existsSync(fifo)).toBe(false);
    }
  });

  it('is had by one at a time, however many want it at the same moment', async () => {
    const name = `test-${path.basename(temporaryFolder())}`;
    // Each tries at the same moments, and holds what it got until all have tried.
    const source = `
      const { acquireLock } = await import("${repository}/dist/control/fifo/instance-lock.js");
      for (let at = Number(process.env.START), round = 0; round < 3; at += 2000, round += 1) {
        while (Date.now() < at);
        const lock = await acquireLock("${name}");
        console.log(round, lock === undefined ? "refused" : "held");
        await new Promise((resolve) => setTimeout(resolve, at + 1700 - Date.now()));
        if (round < 2) lock?.release();
        else process.kill(process.pid, "SIGKILL");
      }`;
    const tries = async (): Promise<string[]> => {
      const env = { SOURCE: source, START: String(Date.now() + 3_000) };
      const script = `"$NODE" --input-type=module -e "$SOURCE"`;
      const all = Array.from({ length: 6 }, () => runShell(script, { env, ...options }));
      return (await Promise.all(all)).flatMap(({ stdout }) => stdout.trim().split('\n'));
    };
    // Twice: all that had a lock or not were killed at the end of the first time.
    for (const said of [await tries(), await tries()]) {
      for (let round = 0; round < 3; round += 1) {
        const held = said.filter((line) => line === `${round} held`);
        const refused = said.filter((line) => line === `${round} refused`);
        expect([held.length, refused.length]).toEqual([1, 5]);
      }
    }
  });

  it('of one that was killed hinders nobody', async () => {
    const first = startInstance([], options);
    const asker = new TestAsker(first.fifo);
    await asker.ask({ op: 'status' });
    asker.close();
    first.running.child.kill('SIGKILL');
    await first.running.result;
    const next = startImesde(['--fifo', first.fifo], options);
    const again = new TestAsker(first.fifo);
    expect(await again.ask({ op: 'quit' })).toMatchObject([{ done: true }]);
    expect((await next.result).exitCode).toBe(0);
    again.close();
  });

  it('of one that stands still holds', async () => {
    const first = startInstance([], options);
    await until(() => existsSync(first.fifo));
    const asker = new TestAsker(first.fifo);
    await asker.ask({ op: 'status' });
    first.running.child.kill('SIGSTOP');
    expect((await runImesde(['--fifo', first.fifo], '', options)).exitCode).toBe(2);
    first.running.child.kill('SIGCONT');
    asker.close();
    await endInstance(first);
  });

  it('keeps two from one state', async () => {
    const folder = temporaryFolder();
    const log = path.join(folder, 'log');
    const script = `
      printf 'disk is full\\n' > ${log}
      "$NODE" "$IMESDE" -w "disk full" -F ${log} --state ${folder}/state > ${folder}/out 2>&1 &
      until [ -s ${folder}/out ]; do sleep 0.05; done
      imesde -w "disk full" -F ${log} --state ${folder}/state; echo "code $?"
      kill $!; wait $!
      imesde query "disk full" --state ${folder}/state ${log}; echo "code $?"`;
    const { stdout, stderr } = await runShell(script, options);
    expect(stdout).toMatch(/^code 2\ncode [01]\n$/);
    expect(stderr).toMatch(/^imesde: [^\n]*another[^\n]*\n$/);
  });
});

describe('without /proc and /sys', () => {
  const hidden = `mount -t tmpfs none /proc && mount -t tmpfs none /sys || exit 77`;
  const isAllowed = spawnSync('unshare', ['-m', 'bash', '-c', hidden]).status === 0;
  const without = (script: string): string =>
    `unshare -m bash -c '${hidden}; ${script.replaceAll('imesde ', '"$NODE" "$IMESDE" ')}'`;

  it.runIf(isAllowed)('a query answers', async () => {
    const script = without('imesde query "db failure" -k 1 test/fixtures/logs/shop.log');
    const { exitCode, stdout, stderr } = await runShell(script);
    expect({ exitCode, stderr: withoutRuntime(stderr) }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/database/);
  });

  it.runIf(isAllowed)('how far the input is read nobody knows, which is no error', async () => {
    const module = path.join(repository, 'dist/cli/input-progress.js');
    const source = `
      const { InputProgress } = await import("${module}");
      console.log(new InputProgress(["package.json"]).read());`;
    const env = { SOURCE: source };
    const script = without('"$NODE" --input-type=module -e "$SOURCE"');
    expect(await runShell(script, { env })).toMatchObject({ exitCode: 0, stdout: 'undefined\n' });
  });

  it.runIf(isAllowed)(
    'an instance is found and asked, and one that was killed is not',
    async () => {
      const runtime = temporaryFolder();
      mkdirSync(runtime, { recursive: true });
      const log = path.join(runtime, 'log');
      writeFileSync(log, 'disk is full\n');
      const script = without(`
        for name in killed ctl; do
          "$NODE" "$IMESDE" --fifo ${runtime}/$name --hold < ${log} & pid=$!
          imesde status --timeout 60s > /dev/null; echo "code $?"
          [ $name = ctl ] || { kill -9 $pid; wait $pid; } 2> /dev/null
        done
        imesde ask "no space left" --timeout 60s -k 1
        kill $pid; wait $pid; echo "code $?"`);
      const env = { XDG_RUNTIME_DIR: runtime };
      const { stdout, stderr } = await runShell(script, { env, ...elsewhere });
      expect(withoutRuntime(stderr)).toBe('');
      expect(stdout).toBe('code 0\ncode 0\ndisk is full\ncode 143\n');
    },
  );

  it.runIf(isAllowed)('the folder that it runs in may be gone', async () => {
    const folder = path.join(temporaryFolder(), 'gone');
    mkdirSync(folder);
    const script = without(`cd ${folder}; rmdir ${folder}; imesde --version`);
    expect(await runShell(script)).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

/** The runtime's library has its own word on that, which nobody can keep from it. */
function withoutRuntime(stderr: string): string {
  return stderr.replaceAll(/^Error in cpuinfo: .*\n/gm, '');
}
