/** When lines come faster than the model reads: --on-overload, with a model that is made slow. */
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { endInstance, startInstance, TestAsker } from '../control/instance.ts';
import { countsOf, oracleGap, runImesde, tiny } from '../helpers/run-imesde.ts';
import { newShapes } from '../helpers/sample-logs.ts';

/** Each message to a worker, of 32 shapes at most, takes so much longer. */
function slow(ms: number) {
  return { fault: 'worker-fault.mjs', env: { PLANTED: `slow shapes 1000000 ${ms}` } };
}
const oneWorker = ['--workers', '1', '--stats'];
/** Every line answers, so every new shape must be read. */
const everything = ['-w', 'x', '-s', '-1', ...oneWorker];

function linesOf(text: string): string[] {
  return text === '' ? [] : text.trimEnd().split('\n');
}

/** How many lines passed unread, as --stats tells. */
function unread(stderr: string): number {
  return Number(/overload: (\d+) lines passed unread/.exec(stderr)?.[1] ?? 0);
}

/** Whether one list holds all of another in its order. */
function isInOrder(some: readonly string[], all: readonly string[]): boolean {
  let at = 0;
  for (const line of some) {
    at = all.indexOf(line, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** The 99th percentile of how long lines took, as --stats tells; without a policy it is the model's. */
function p99Ms(stderr: string): number {
  return Number(/p99 ([\d,]+) ms/.exec(stderr)?.[1]?.replaceAll(',', '') ?? NaN);
}

describe('--on-overload screen', () => {
  it('lets lines pass that wait for a second, counts them apart, and keeps them in the window', async () => {
    const input = newShapes(1_500);
    const result = await runImesde([...everything, '--on-overload', 'screen'], input, slow(300));
    const counts = countsOf(result.stderr);
    expect(oracleGap(result.stderr)).toBe(0);
    expect(counts).toMatchObject({ read: 1_500, waiting: 0, window: 1_500, skipped: 0 });
    expect(unread(result.stderr)).toBeGreaterThan(0);
    expect(p99Ms(result.stderr)).toBeLessThan(5_000);
    // No watch can answer for a line that nobody read.
    const printed = linesOf(result.stdout);
    expect(printed).toHaveLength(1_500 - unread(result.stderr));
    expect(printed.length).toBeGreaterThan(0);
    expect(isInOrder(printed, linesOf(input))).toBe(true);
  });

  it('reads the most promising lines first', async () => {
    const noise = linesOf(newShapes(500));
    const told = 'ERROR cannot store the upload: no space left on device';
    const input = [...noise, told].map((line) => `${line}\n`).join('');
    const args = ['-w', 'no space left on the disk', '-s', '0.001', ...oneWorker];
    const result = await runImesde([...args, '--on-overload', 'screen'], input, slow(150));
    expect(linesOf(result.stdout)).toContain(told);
    expect(unread(result.stderr)).toBeGreaterThan(0);
    expect(oracleGap(result.stderr)).toBe(0);
  });

  it('passes nothing unread where the model keeps up', async () => {
    const input = newShapes(50);
    const result = await runImesde([...everything, '--on-overload', 'screen'], input);
    expect(result.stdout).toBe(input);
    expect(result.stderr).not.toContain('unread');
  });

  it('is refused where every shape is read: one line, and 2', async () => {
    for (const model of [['--rank', 'cosine'], tiny]) {
      const args = ['-w', 'x', '--on-overload', 'screen', ...model];
      const { exitCode, stdout, stderr } = await runImesde(args, 'a line\n');
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toMatch(/^imesde: [^\n]*--on-overload block or drop-oldest\n$/);
    }
  });
});

describe('a line that waits while nothing more comes', () => {
  it.each([
    ['passes unread', 'screen', 'screened'],
    ['is dropped', 'drop-oldest', 'dropped'],
  ] as const)('%s within about a second under %s', async (_, policy, counter) => {
    const args = ['-w', 'x', '-s', '-1', '--workers', '1', '--on-overload', policy];
    const instance = startInstance(args, slow(1_000));
    const asker = new TestAsker(instance.fifo);
    await asker.ask({ op: 'status' });
    instance.running.child.stdin.write(newShapes(600)); // Reading them takes 19 s.
    const begun = performance.now();
    let counts = { read: 0, waiting: 0, screened: 0, dropped: 0 };
    while (counts.read < 600 || counts.waiting > 0) {
      await setTimeout(50);
      const [status] = await asker.ask({ op: 'status' });
      const lines = status!['lines'] as typeof counts & { skipped: { overload: number } };
      counts = { ...lines, dropped: lines.skipped.overload };
    }
    expect(performance.now() - begun).toBeLessThan(15_000);
    expect(counts[counter]).toBeGreaterThan(300);
    expect(counts.screened + counts.dropped).toBe(counts[counter]);
    asker.close();
    await endInstance(instance);
  });
});
