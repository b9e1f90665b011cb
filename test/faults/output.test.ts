/** What can happen to standard output and standard error. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { counted, runCounted } from '../helpers/oracle.ts';
import { runShell, startImesde, startShell, tiny } from '../helpers/run-imesde.ts';
import { allLogs } from '../helpers/sample-logs.ts';

const flags = tiny.join(' ');
const logs = 'cat test/fixtures/logs/*.* | grep -v "^#"';
const commands = [
  ['query', `imesde query x -k 1000 --all ${flags}`],
  ['live', `imesde -w x -s -1 ${flags}`],
] as const;

describe('1. a reader that leaves (| head -1)', () => {
  it.each(commands)('ends %s quietly with 0', async (_, command) => {
    const script = `${logs} | { ${command}; echo "$?" >&2; } | head -1`;
    const { stdout, stderr } = await runShell(script);
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stderr).toBe('0\n');
    const { stderr: said } = counted(await runShell(`${logs} | ${command} --stats | head -1`));
    expect(said).toBe('');
  });

  it('ends a live run at the next match after it has left, though input goes on', async () => {
    const script = `imesde -w x -s -1 --stats ${flags} | head -1; echo "\${PIPESTATUS[0]}"`;
    const running = startShell(script);
    const feed = setInterval(() => running.child.stdin.write('one more line\n'), 20);
    const { stdout, stderr } = counted(await running.result);
    clearInterval(feed);
    expect({ stdout, stderr }).toEqual({ stdout: 'one more line\n0\n', stderr: '' });
  });
});

describe('2. standard output is full: an error, told once, and 2', () => {
  it.each(commands)('%s', async (_, command) => {
    const { exitCode, stderr } = await runShell(`${logs} | ${command} > /dev/full`);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^imesde: write error on standard output \(ENOSPC\)[^\n]*\n$/);
  });
});

describe('3. a reader that reads slowly', () => {
  it('slows reading down, and memory is bounded', async () => {
    const running = startImesde(['-w', 'x', '-s', '-1', '--stats', ...tiny]);
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
    const result = counted(await running.result);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.stdout.length).toBe(accepted + chunk.length);
    expect(result.counts.read).toBe(result.stdout.length / 101);
  });

  it('does not hold up a signal where it does not read at all', async () => {
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

describe('4. a megabyte of results and an immediate end', () => {
  it('every byte arrives', async () => {
    const line = `${'x'.repeat(200)}\n`;
    const input = line.repeat(9_000);
    const { exitCode, stdout, counts } = await runCounted(
      ['query', 'x', '--all', '-k', '9000', ...tiny],
      input,
    );
    expect(exitCode).toBe(0);
    expect(stdout.length).toBe(input.length);
    expect(counts.read).toBe(9_000);
  });
});

describe('5. standard error is closed or full: work goes on', () => {
  it.each(['2>/dev/full', '2>&-'])('%s', async (redirection) => {
    const { exitCode, stdout } = await runShell(
      `${logs} | imesde query x -k 3 --stats ${flags} ${redirection}`,
    );
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toHaveLength(4);
    const bad = await runShell(`imesde query x -k nope ${redirection}`);
    expect(bad.exitCode).toBe(2);
  });
});

describe('the counts that all of this is judged by', () => {
  it('account for every line, and tell how fast it was', async () => {
    const args = ['-w', 'x', '-s', '-1', ...tiny];
    const { counts, stderr, summary } = await runCounted(args, `${allLogs()}\n\n \n`);
    expect(counts).toMatchObject({ read: 1_412, window: 1_409, empty: 3, waiting: 0 });
    expect(summary).toMatch(/shapes: \d+ in the window, \d+ read, \d+(\.\d)?% of lines known/);
    expect(summary).toMatch(
      /lines\/s in \d+\.\d\d s, latency p50 .* ms, p99 .* ms, first match after/,
    );
    expect(stderr).toBe('');
  });
});
