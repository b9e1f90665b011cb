/** Lines that no memory should hold whole. */
import { expect } from 'vitest';
import { runCounted } from './oracle.ts';
import { tiny, type Input } from './run-imesde.ts';

const mebibyte = Buffer.alloc(2 ** 20, 'x');

/** So many MiB without a newline, and a short line behind them. */
export function* longLine(mebibytes: number): Generator<Buffer> {
  yield Buffer.from('disk full on ');
  for (let i = 0; i < mebibytes; i += 1) yield mebibyte;
  yield Buffer.from('\nno space left on device\n');
}

/** MiB, of the summary of --stats. */
export function memoryOf(summary: string): number {
  return Number(/memory: (\d+) MiB/.exec(summary.replaceAll(',', ''))?.[1]);
}

/** The long line is cut and counted, memory stays small, and the line behind it is found. */
export async function expectLongLineCut(input: Input): Promise<void> {
  const { counts, stdout, summary } = await runCounted(['query', 'disk full', ...tiny], input);
  expect(counts).toMatchObject({ read: 2, window: 2 });
  expect(summary).toContain('1 lines cut');
  expect(memoryOf(summary)).toBeLessThan(400);
  expect(stdout.split('\n')).toContain('no space left on device');
}
