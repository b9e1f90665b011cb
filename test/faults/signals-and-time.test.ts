/** Being asked to stop, standing still, failing in the midst, and a clock that nobody can trust. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { endInstance, startInstance, TestAsker } from '../control/instance.ts';
import { startInTerminal } from '../control/terminal.ts';
import { busyWatch, expectTermNeverAborts, startBusy, untilUsed } from '../helpers/killing.ts';
import { temporaryFolder } from '../helpers/model-folder.ts';
import { counted, runCounted } from '../helpers/oracle.ts';
import { runImesde, runShell, shellCode, startImesde, tiny } from '../helpers/run-imesde.ts';
import { newShapes } from '../helpers/sample-logs.ts';

const everything = ['-w', 'x', '-s', '-1', '--stats', ...tiny];
/** Polls for a minute: vitest alone gives up after a second. */
const patient = { timeout: 60_000 };

describe('14. a signal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s in mid-batch drains what was read and ends with %i', async (signal, code) => {
    const running = startBusy();
    await untilUsed(running, 1_200);
    const sent = performance.now();
    running.child.kill(signal);
    const result = await running.result;
    expect(performance.now() - sent).toBeLessThan(10_000); // 2 s, on a machine with little to do.
    expect(shellCode(result)).toBe(code);
    expect(result.stdout).toBe('');
    if (result.exitCode === code) expect(counted(result).stderr).toBe('');
  });

  it('lets every line that was read be judged before the end', async () => {
    const running = startImesde(everything);
    running.child.stdin.write('one\ntwo\n');
    await running.until(({ stdout }) => stdout === 'one\ntwo\n');
    running.child.kill('SIGTERM');
    const result = counted(await running.result);
    expect(result).toMatchObject({ exitCode: 143, stdout: 'one\ntwo\n' });
    expect(result.counts).toMatchObject({ read: 2, window: 2, waiting: 0 });
  });

  it.each([['-w x -s -1'], ['query x --progress']])(
    'ends %s like any other SIGHUP when the terminal hangs up',
    async (command) => {
      const folder = temporaryFolder();
      // A query takes a line in when the next one has begun: it may be the first of a record.
      // The first shell dies with the terminal, by which the others get SIGHUP; the one that tells
      // how the command ended ignores it.
      const running = startInTerminal(
        `{ trap "" HUP; (echo disk; echo full; sleep 30) |
           ("$NODE" "$IMESDE" ${command} ${tiny.join(' ')}; echo $? >${folder}/code); } & wait`,
      );
      await running.until(({ stdout }) => /disk|[12] lines read/.test(stdout));
      running.child.kill('SIGKILL');
      await expect.poll(() => existsSync(`${folder}/code`), patient).toBe(true);
      await expect.poll(() => readFileSync(`${folder}/code`, 'utf8'), patient).toBe('129\n');
    },
  );

  it('is not waited for where a write tells that the terminal hung up', async () => {
    const folder = temporaryFolder();
    // In a session of its own no SIGHUP reaches it.
    const running = startInTerminal(
      `{ trap "" HUP; (echo disk; until [ -e ${folder}/gone ]; do sleep 0.1; done; echo full; sleep 30) |
         (setsid --wait "$NODE" "$IMESDE" -w x -s -1 ${tiny.join(' ')}; echo $? >${folder}/code); } & wait`,
    );
    await running.until(({ stdout }) => stdout.includes('disk'));
    running.child.kill('SIGKILL');
    await running.result;
    writeFileSync(`${folder}/gone`, '');
    await expect.poll(() => existsSync(`${folder}/code`), patient).toBe(true);
    await expect.poll(() => readFileSync(`${folder}/code`, 'utf8'), patient).toBe('129\n');
  });

  it('lets query answer from what it has read', async () => {
    const running = startImesde(['query', 'disk full', '-k', '1', '--json', '--stats', ...tiny]);
    // More than the pipe holds: once it is written, most of it has been read.
    const input = 'disk full\n'.repeat(200_000);
    await new Promise((resolve) => running.child.stdin.write(input, resolve));
    running.child.kill('SIGINT');
    const { exitCode, stdout, stderr, counts } = counted(await running.result);
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/^imesde: answers from the first \d{6} lines: interrupted\n$/);
    const match = JSON.parse(stdout) as { text: string; count: number };
    expect(match.text).toBe('disk full');
    expect(match.count).toBeGreaterThan(100_000);
    expect(counts.read - match.count).toBeLessThanOrEqual(1); // The last line may be half of one.
  });

  it('that comes a second time ends it at once', async () => {
    const running = startBusy();
    await untilUsed(running, 1_200);
    running.child.kill('SIGTERM');
    await setTimeout(50);
    running.child.kill('SIGINT');
    const result = await running.result;
    expect([130, 143]).toContain(shellCode(result));
    expect(result.stderr).not.toMatch(/abort|terminate/i);
  });

  it('ends a run that is still starting', async () => {
    for (const milliseconds of [0, 30, 60, 100, 150, 250]) {
      const running = startImesde(busyWatch);
      await untilUsed(running, milliseconds);
      running.child.kill('SIGTERM');
      expect(shellCode(await running.result)).toBe(143);
    }
  });

  const runs = 20;
  it(
    `at any moment of a cold ingestion never aborts: ${runs} runs`,
    { timeout: 600_000 },
    async () => {
      await expectTermNeverAborts(runs);
    },
  );
});

describe('15. a run that is timed, or held', () => {
  it('timeout 1 ends it: 124 outside, and no orphan', async () => {
    const script = `
      mkfifo "$DIR/never"; sleep 60 > "$DIR/never" & sleeper=$!
      timeout 1 "$NODE" "$IMESDE" -w x ${tiny.join(' ')} < "$DIR/never"; echo "$?"
      kill $sleeper; pgrep -f "$DIR" || true`;
    const { stdout, stderr } = await runShell(script, { env: { DIR: temporaryFolder() } });
    expect({ stdout, stderr }).toEqual({ stdout: '124\n', stderr: '' });
  });

  it('STOP and CONT: nothing is lost or doubled', async () => {
    const running = startImesde(everything);
    const lines = newShapes(900).trimEnd().split('\n');
    running.child.stdin.write(`${lines.slice(0, 300).join('\n')}\n`);
    await running.until(({ stdout }) => stdout !== '');
    running.child.kill('SIGSTOP');
    const status = `/proc/${running.child.pid ?? 0}/status`;
    await expect.poll(() => readFileSync(status, 'utf8'), patient).toMatch(/^State:\tT/m);
    running.child.stdin.write(`${lines.slice(300).join('\n')}\n`);
    await setTimeout(300);
    running.child.kill('SIGCONT');
    running.child.stdin.end();
    const { exitCode, stdout, counts } = counted(await running.result);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`${lines.join('\n')}\n`);
    expect(counts.read).toBe(900);
  });
});

describe('16. a throw on the main thread while the model runs', () => {
  it.each(['-w x -s -1', 'query x -q'])('is told, and 2: %s', async (command) => {
    const args = [...command.split(' '), '--rank', 'cosine'];
    const result = await runImesde(args, newShapes(300), { fault: 'throw-on-main.mjs' });
    expect(shellCode(result)).toBe(2);
    expect(result.stderr).toMatch(/^imesde: unexpected failure \(planted failure\)[^\n]*\n$/);
  });
});

describe('17. the clock jumps an hour', () => {
  const jumping = { fault: 'jumping-clock.mjs' };

  /** Of what --stats says of the time: seconds, and two percentiles in ms. */
  function timesOf(summary: string): number[] {
    const found = /in ([\d.,]+) s, latency p50 ([\d.,]+) ms, p99 ([\d.,]+) ms/.exec(summary);
    return found!.slice(1).map((digits) => Number(digits.replaceAll(',', '')));
  }

  it('and lines are judged as ever, none of them early, and the times measured are true', async () => {
    const input = newShapes(600);
    for (const policy of ['block', 'screen', 'drop-oldest']) {
      const args = ['-w', 'x', '-s', '-1', '--on-overload', policy];
      const began = performance.now();
      const result = await runCounted(args, input, jumping);
      const took = performance.now() - began;
      expect(result.exitCode).toBe(0);
      expect(result.counts).toMatchObject({ read: 600, waiting: 0 });
      if (policy === 'block') expect(result.stdout).toBe(input);
      const [seconds = NaN, p50 = NaN, p99 = NaN] = timesOf(result.summary);
      expect(seconds * 1_000).toBeLessThanOrEqual(took);
      expect(Math.max(p50, p99)).toBeLessThanOrEqual(took * 1.1); // A histogram rounds.
    }
  });

  it('and records of several lines are joined as ever', async () => {
    const trace = readFileSync('test/fixtures/traces/python.log', 'utf8');
    const args = ['-w', 'x', '-s', '-1', '--json', ...tiny];
    const texts = async (options: object): Promise<unknown[]> =>
      (await runCounted(args, trace, options)).stdout
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { text: string }).text);
    expect(await texts(jumping)).toEqual(await texts({}));
  });

  it('and an asker waits neither longer nor shorter, an instance answers, its uptime is true', async () => {
    const began = performance.now();
    const instance = startInstance([], jumping);
    const asker = new TestAsker(instance.fifo);
    instance.running.child.stdin.write('disk full\n');
    const [status] = await asker.ask({ op: 'status' });
    expect(Number(status?.['uptimeSeconds'])).toBeLessThanOrEqual(
      (performance.now() - began) / 1_000,
    );
    const args = ['ask', 'disk full', '-k', '1', '--fifo', instance.fifo, '--timeout', '60s'];
    expect(await runImesde(args, '', jumping)).toMatchObject({ stdout: 'disk full\n', stderr: '' });
    asker.close();
    await endInstance(instance);
    const nobody = ['ask', 'x', '--fifo', `${temporaryFolder()}/none`, '--timeout', '500ms'];
    const asked = performance.now();
    expect((await runImesde(nobody, '', jumping)).exitCode).toBe(2);
    const waited = performance.now() - asked;
    expect(waited).toBeGreaterThan(500);
    expect(waited).toBeLessThan(30_000);
  });

  it('and only the time of a line goes with it', async () => {
    const args = ['-w', 'x', '-s', '-1', '--json', ...tiny];
    const times = async (options: object): Promise<number[]> =>
      (await runImesde(args, 'a line\n', options)).stdout
        .trimEnd()
        .split('\n')
        .map((line) => Date.parse((JSON.parse(line) as { time: string }).time));
    const minutesOff = async (options: object): Promise<number> =>
      Math.abs((await times(options))[0]! - Date.now()) / 60_000;
    expect(await minutesOff(jumping)).toBeLessThan(62);
    expect(await minutesOff({ env: { TZ: 'Europe/Berlin' } })).toBeLessThan(2);
  });
});
