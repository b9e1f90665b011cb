/** Signals at moments that no test would choose. */
import { expect } from 'vitest';
import { shellCode, startImesde, type Running } from './run-imesde.ts';
import { newShapes } from './sample-logs.ts';

/** The real model, and more new shapes than it embeds while a test runs. */
export const manyShapes = newShapes(20_000);
export const busyWatch = [
  ...['-w', 'disk full', '-s', '1', '--stats', '--rank', 'cosine', '--workers', '2'],
];

export function startBusy(args: readonly string[] = busyWatch): Running {
  const running = startImesde(args);
  running.child.stdin.write(manyShapes);
  return running;
}

/** Resolves when it has used so much of the processor, in ms: how far it is, on any machine. */
export async function untilUsed(running: Running, milliseconds: number): Promise<void> {
  const { readFile } = await import('node:fs/promises');
  for (;;) {
    const stat = await readFile(`/proc/${running.child.pid ?? 0}/stat`, 'utf8').catch(() => '');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (stat === '' || (Number(fields[11]) + Number(fields[12])) * 10 >= milliseconds) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** SIGTERM at any moment of a cold ingestion: each run ends with 143, and says nothing but its summary. */
export async function expectTermNeverAborts(runs: number): Promise<void> {
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
    expect(result.stderr.replaceAll(/^imesde: (lines|input|shapes|speed|memory): .*\n/gm, '')).toBe(
      '',
    );
  }
  expect([...codes]).toEqual([[143, runs]]);
}
