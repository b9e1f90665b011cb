import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startInTerminal } from '../control/terminal.ts';
import { temporaryFolder } from '../helpers/model-folder.ts';
import {
  countsOf,
  oracleGap,
  runShell,
  shellCode,
  startImesde,
  tiny,
  type Running,
} from '../helpers/run-imesde.ts';
import { newShapes } from '../helpers/sample-logs.ts';

/** The real model, and more new shapes than it embeds while a test runs. */
const shapes = newShapes(20_000);
const watch = ['-w', 'disk full', '-s', '1', '--stats', '--rank', 'cosine', '--workers', '2'];

function startBusy(args: readonly string[] = watch): Running {
  const running = startImesde(args);
  running.child.stdin.write(shapes);
  return running;
}

/** Resolves when it has used so much of the processor, in ms: how far it is, on any machine. */
async function untilUsed(running: Running, milliseconds: number): Promise<void> {
  const { readFile } = await import('node:fs/promises');
  for (;;) {
    const stat = await readFile(`/proc/${running.child.pid ?? 0}/stat`, 'utf8').catch(() => '');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (stat === '' || (Number(fields[11]) + Number(fields[12])) * 10 >= milliseconds) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('a signal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s in mid-batch drains what was read and ends with %i', async (signal, code) => {
    const running = startBusy();
    await untilUsed(running, 1_200);
    running.child.kill(signal);
    const result = await running.result;
    expect(shellCode(result)).toBe(code);
    expect(result.stdout).toBe('');
    if (result.exitCode === code) expect(oracleGap(result.stderr)).toBe(0);
  });

  it('lets every line that was read be judged before the end', async () => {
    const running = startImesde(['-w', 'x', '-s', '-1', '--stats', ...tiny]);
    running.child.stdin.write('one\ntwo\n');
    await running.until(({ stdout }) => stdout === 'one\ntwo\n');
    running.child.kill('SIGTERM');
    const result = await running.result;
    expect(result).toMatchObject({ exitCode: 143, stdout: 'one\ntwo\n' });
    expect(countsOf(result.stderr)).toMatchObject({ read: 2, window: 2, waiting: 0 });
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
      await expect.poll(() => existsSync(`${folder}/code`), { timeout: 60_000 }).toBe(true);
      await expect.poll(() => readFileSync(`${folder}/code`, 'utf8')).toBe('129\n');
    },
  );

  it('lets query answer from what it has read', async () => {
    const running = startImesde(['query', 'disk full', '-k', '1', '--json', ...tiny]);
    // More than the pipe holds: once it is written, most of it has been read.
    const input = 'disk full\n'.repeat(200_000);
    await new Promise((resolve) => running.child.stdin.write(input, resolve));
    running.child.kill('SIGINT');
    const { exitCode, stdout, stderr } = await running.result;
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/^imesde: answers from the first \d{6} lines: interrupted\n$/);
    const match = JSON.parse(stdout) as { text: string; count: number };
    expect(match.text).toBe('disk full');
    expect(match.count).toBeGreaterThan(100_000);
  });

  it('that comes a second time ends it at once', async () => {
    const running = startBusy();
    await untilUsed(running, 1_200);
    running.child.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 50));
    running.child.kill('SIGINT');
    const result = await running.result;
    expect([130, 143]).toContain(shellCode(result));
    expect(result.stderr).not.toMatch(/abort|terminate/i);
  });

  it('ends a run that is still starting', async () => {
    for (const milliseconds of [0, 30, 60, 100, 150, 250]) {
      const running = startImesde(watch);
      await untilUsed(running, milliseconds);
      running.child.kill('SIGTERM');
      expect(shellCode(await running.result)).toBe(143);
    }
  });

  const runs = process.env['IMESDE_STRESS'] === undefined ? 20 : 100;
  it(
    `at any moment of a cold ingestion never aborts: ${runs} runs`,
    { timeout: 600_000 },
    async () => {
      let state = 4;
      const codes = new Map<number, number>();
      for (let run = 0; run < runs; run += 1) {
        state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
        const running = startBusy();
        await untilUsed(running, (state >>> 8) % 1_500);
        running.child.kill('SIGTERM');
        const result = await running.result;
        const code = shellCode(result);
        codes.set(code, (codes.get(code) ?? 0) + 1);
        expect(
          result.stderr.replaceAll(/^imesde: (lines|input|shapes|speed|memory): .*\n/gm, ''),
        ).toBe('');
      }
      expect([...codes]).toEqual([[143, runs]]);
    },
  );
});

describe('time', () => {
  it('may run out: timeout ends it, and nothing is left behind', async () => {
    const script = `
      mkfifo "$DIR/never"; sleep 60 > "$DIR/never" & sleeper=$!
      timeout 1 "$NODE" "$IMESDE" -w x ${tiny.join(' ')} < "$DIR/never"; echo "$?"
      kill $sleeper; pgrep -f "$DIR" || true`;
    const { temporaryFolder } = await import('../helpers/model-folder.ts');
    const { stdout, stderr } = await runShell(script, { env: { DIR: temporaryFolder() } });
    expect({ stdout, stderr }).toEqual({ stdout: '124\n', stderr: '' });
  });

  it('may stand still: after STOP and CONT nothing is lost or doubled', async () => {
    const running = startImesde(['-w', 'x', '-s', '-1', '--stats', ...tiny]);
    const lines = shapes.split('\n').slice(0, 900);
    running.child.stdin.write(`${lines.slice(0, 300).join('\n')}\n`);
    await running.until(({ stdout }) => stdout !== '');
    running.child.kill('SIGSTOP');
    running.child.stdin.write(`${lines.slice(300).join('\n')}\n`);
    running.child.kill('SIGCONT');
    running.child.stdin.end();
    const { exitCode, stdout, stderr } = await running.result;
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`${lines.join('\n')}\n`);
    expect(oracleGap(stderr)).toBe(0);
  });
});
