import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  countsOf,
  oracleGap,
  runImesde,
  runShell,
  startImesde,
  tiny,
} from '../helpers/run-imesde.ts';
import { allLogs } from '../helpers/sample-logs.ts';

function trace(order: number, line: number, cause = 'Connection refused by database'): string {
  const frames = (count: number): string =>
    Array.from(
      { length: count },
      (_, i) =>
        `\tat com.example.shop.Orders.step${'abcdefghijklmnop'[i] ?? 'x'}(Orders.java:${line + i})\n`,
    ).join('');
  return (
    `2026-01-31 09:26:53,589 ERROR [http-7] c.e.shop.Checkout - order ${order} failed\n` +
    `java.lang.IllegalStateException: could not store order\n${frames(16)}` +
    `Caused by: org.springframework.dao.DataAccessException: statement failed\n${frames(14)}\t... 12 more\n` +
    `Caused by: java.net.ConnectException: ${cause}\n${frames(4)}\t... 14 more\n`
  );
}

const noise = Array.from(
  { length: 60 },
  (_, i) =>
    `2026-01-31 09:26:5${i % 10},000 INFO [http-${i}] c.e.shop.Cart - item ${i} was added\n`,
).join('');

function jsonOf(stdout: string): Record<string, unknown>[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const phrase = 'connection refused by database';

describe('a record of several lines', () => {
  it('is found by its innermost cause, counted once, and printed whole', async () => {
    const input = noise + trace(1, 10) + noise + trace(2, 400) + trace(3, 77) + noise;
    const { exitCode, stdout, stderr } = await runImesde(
      ['query', phrase, '-k', '1', '--json', '--stats'],
      input,
    );
    expect({ exitCode, matches: jsonOf(stdout) }).toMatchObject({
      exitCode: 0,
      matches: [{ count: 3, text: trace(3, 77).trimEnd(), line: 61 + 40 + 60 + 40 }],
    });
    expect(stderr).toContain(', 117 lines joined');
    expect(countsOf(stderr).read).toBe(183);
    expect(oracleGap(stderr)).toBe(0);
  });

  it('is told apart from others by its cause', async () => {
    const input = trace(1, 10) + trace(2, 10, 'certificate has expired');
    const { stdout } = await runImesde(['query', phrase, '-k', '5', '--json'], input);
    expect(jsonOf(stdout).map(({ count }) => count)).toEqual([1, 1]);
  });

  it('is printed whole by a watch, with the line after it in its place', async () => {
    const next = '2026-01-31 09:26:54,000 ERROR database refused the connection again';
    const { stdout } = await runImesde(['-w', phrase], `${noise}${trace(1, 10)}${next}\n`);
    expect(stdout).toBe(`${trace(1, 10)}${next}\n`);
  });

  it('is as many lines as it has where lines are physical', async () => {
    const args = ['query', phrase, '--all', '-k', '10000', '--stats', ...tiny];
    const { stdout, stderr } = await runImesde([...args, '--lines', 'physical'], trace(1, 10));
    expect(stdout.split('\n').sort()).toEqual(trace(1, 10).split('\n').sort());
    expect(countsOf(stderr).read).toBe(40);
    expect(stderr).not.toContain('joined');
  });

  it('is a shape of its own where nothing is masked', async () => {
    const args = ['query', phrase, '--exact', '-k', '5', '--json', ...tiny];
    const { stdout } = await runImesde(args, trace(1, 10) + trace(1, 11));
    expect(jsonOf(stdout).map(({ count }) => count)).toEqual([1, 1]);
  });

  it('changes nothing for logs of single lines', async () => {
    const args = ['query', 'disk is full', '--all', '-k', '10000', '--json', ...tiny];
    const run = async (kind: string): Promise<unknown[]> => {
      const { stdout } = await runImesde([...args, '--lines', kind], allLogs());
      return jsonOf(stdout).map((match) => ({ ...match, time: undefined }));
    };
    expect(await run('logical')).toEqual(await run('physical'));
  });

  it.each(['logical', 'physical'])(
    'counts every line of %s ones, however it ends',
    async (kind) => {
      const url = new URL('../fixtures/traces/go.log', import.meta.url);
      const input = readFileSync(url, 'utf8').replaceAll('%%\n', '') + trace(1, 10);
      const args = ['query', 'x', '--all', '-k', '10000', '--stats', '--lines', kind, ...tiny];
      const { stderr } = await runImesde(args, input);
      const joined = Number(/(\d+) lines joined/.exec(stderr)?.[1] ?? 0);
      expect(countsOf(stderr).read + joined).toBe(input.split('\n').length - 1);
      expect(oracleGap(stderr)).toBe(0);
    },
  );

  it('is refused as a kind that does not exist', async () => {
    const { exitCode, stdout } = await runImesde(['query', 'x', '--lines', 'other'], 'a\n');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });
});

describe('a live stream', () => {
  const watch = ['-w', 'x', '-s', '-1', '--json', ...tiny];

  it('prints a plain line while its next one is not there', async () => {
    const running = startImesde(watch);
    running.child.stdin.write('2026-01-31 09:26:53 INFO ready\n');
    await running.until(({ stdout }) => stdout.includes('ready'));
    running.child.stdin.write('settings:\n');
    await running.until(({ stdout }) => stdout.includes('settings:'));
    running.child.stdin.end();
    expect(jsonOf((await running.result).stdout).map(({ line }) => line)).toEqual([1, 2]);
  });

  it('joins what a real pipe brings line by line', async () => {
    const script =
      `{ printf 'java.lang.Error: x\\n'; for i in 1 2 3; do printf '\\tat a.B.c(B.java:%s)\\n' $i; done; ` +
      `printf 'next\\n'; sleep 1; } | imesde ${watch.join(' ')}`;
    const { stdout } = await runShell(script);
    expect(jsonOf(stdout).map(({ line, text }) => [line, text])).toEqual([
      [1, 'java.lang.Error: x\n\tat a.B.c(B.java:1)\n\tat a.B.c(B.java:2)\n\tat a.B.c(B.java:3)'],
      [5, 'next'],
    ]);
  });

  it('prints what it held back when it is asked to stop', async () => {
    const running = startImesde([...watch, '--stats']);
    running.child.stdin.write('2026-01-31 09:26:53 INFO ready\n');
    await running.until(({ stdout }) => stdout.includes('ready'));
    running.child.stdin.write('java.lang.Error: x\n\tat a.B.c(B.java:1)\n');
    await running.until(({ stdout }) => stdout.includes('a.B.c'));
    running.child.stdin.write('java.lang.Error: y\n\tat a.B.c(B.java:1)\n');
    running.child.kill('SIGTERM');
    const { exitCode, stderr } = await running.result;
    expect(exitCode).toBe(143);
    expect(oracleGap(stderr)).toBe(0);
  });
});
