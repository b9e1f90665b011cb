import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  countsOf,
  oracleGap,
  runImesde,
  runShell,
  startImesde,
  startShell,
  tiny,
} from '../helpers/run-imesde.ts';
import { allLogs } from '../helpers/sample-logs.ts';

const flags = tiny.join(' ');
const logs = 'cat test/fixtures/logs/*.* | grep -v "^#"';

describe('standard output', () => {
  it.each([
    ['query', `imesde query x -k 1000 --all ${flags}`],
    ['live', `imesde -w x -s -1 ${flags}`],
  ])('may be closed by a reader that has seen enough: %s', async (_, command) => {
    const script = `${logs} | { ${command}; echo "$?" >&2; } | head -1`;
    const { stdout, stderr } = await runShell(script);
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stderr).toBe('0\n');
  });

  it('ends a live run at the next match after its reader has left, though input goes on', async () => {
    const script = `imesde -w x -s -1 --stats ${flags} | head -1; echo "\${PIPESTATUS[0]}"`;
    const running = startShell(script);
    const feed = setInterval(() => running.child.stdin.write('one more line\n'), 20);
    const { stdout, stderr } = await running.result;
    clearInterval(feed);
    expect(stdout).toBe('one more line\n0\n');
    expect(oracleGap(stderr)).toBe(0);
  });

  it.each([
    ['query', `imesde query x -k 1000 --all ${flags}`],
    ['live', `imesde -w x -s -1 ${flags}`],
  ])('that can not be written is an error, told once: %s', async (_, command) => {
    const { exitCode, stderr } = await runShell(`${logs} | ${command} > /dev/full`);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^imesde: write error on standard output \(ENOSPC\)[^\n]*\n$/);
  });

  it('gets every byte of a megabyte of results before the end', async () => {
    const line = `${'x'.repeat(200)}\n`;
    const input = line.repeat(9_000);
    const { exitCode, stdout } = await runImesde(
      ['query', 'x', '--all', '-k', '9000', ...tiny],
      input,
    );
    expect(exitCode).toBe(0);
    expect(stdout.length).toBe(input.length);
  });

  it('slows reading down where its reader is slow, and bounds memory', async () => {
    const running = startImesde(['-w', 'x', '-s', '-1', ...tiny]);
    const { stdin, stdout } = running.child;
    stdout.pause();
    const chunk = Buffer.from(`${'y'.repeat(100)}\n`.repeat(10_000));
    let accepted = 0;
    // Until nothing moves any more: one second without the pipe taking a chunk.
    for (;;) {
      const isTaken = new Promise<boolean>((resolve) => {
        stdin.write(chunk, () => {
          resolve(true);
        });
        setTimeout(resolve, 1_000, false);
      });
      if (!(await isTaken)) break;
      accepted += chunk.length;
      expect(accepted).toBeLessThan(100e6);
    }
    const status = readFileSync(`/proc/${running.child.pid ?? 0}/status`, 'utf8');
    const peakKilobytes = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]);
    expect(peakKilobytes).toBeLessThan(400_000);
    stdin.end();
    stdout.resume();
    const result = await running.result;
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.stdout.length).toBe(accepted + chunk.length);
  });

  it('does not hold up a signal where its reader does not read', async () => {
    const running = startImesde(['-w', 'x', '-s', '-1', ...tiny]);
    const { stdin, stdout } = running.child;
    stdin.write('first\n');
    await running.until((run) => run.stdout === 'first\n');
    stdout.pause();
    stdin.write(`${'y'.repeat(100)}\n`.repeat(20_000));
    running.child.kill('SIGTERM');
    await new Promise((resolve) => running.child.on('exit', resolve));
    expect([143, null]).toContain(running.child.exitCode);
    expect(['SIGTERM', null]).toContain(running.child.signalCode);
  });
});

describe('standard error', () => {
  it.each(['2>/dev/full', '2>&-'])('may be of no use: %s', async (redirection) => {
    const { exitCode, stdout } = await runShell(
      `${logs} | imesde query x -k 3 --stats ${flags} ${redirection}`,
    );
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toHaveLength(4);
    const bad = await runShell(`imesde query x -k nope ${redirection}`);
    expect(bad.exitCode).toBe(2);
  });
});

describe('--stats', () => {
  it('accounts for every line, and tells how fast it was', async () => {
    const args = ['-w', 'x', '-s', '-1', '--stats', ...tiny];
    const { stderr } = await runImesde(args, `${allLogs()}\n\n \n`);
    expect(countsOf(stderr)).toMatchObject({ read: 1_412, window: 1_409, empty: 3, waiting: 0 });
    expect(oracleGap(stderr)).toBe(0);
    expect(stderr).toMatch(/shapes: \d+ in the window, \d+ read, \d+(\.\d)?% of lines known/);
    expect(stderr).toMatch(
      /lines\/s in \d+\.\d\d s, latency p50 .* ms, p99 .* ms, first match after/,
    );
    expect(
      stderr
        .trimEnd()
        .split('\n')
        .every((line) => line.startsWith('imesde: ')),
    ).toBe(true);
  });
});
