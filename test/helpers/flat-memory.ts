/** Memory after so many lines: what is forgotten must be given back. */
import { expect } from 'vitest';
import { runCounted } from './oracle.ts';
import { tiny } from './run-imesde.ts';
import { newShapes } from './sample-logs.ts';

const window = 20_000;

/** @returns MiB of a live run after so many long lines, no two alike in their text, of 50 shapes */
export async function memoryAfter(count: number): Promise<number> {
  const args = ['-w', 'x', '-s', '1', '--window', String(window), ...tiny];
  const { counts, summary } = await runCounted(args, lines(count));
  expect(counts).toMatchObject({ read: count, window });
  return Number(/memory: ([\d,]+) MiB/.exec(summary)?.[1]?.replace(',', ''));
}

function* lines(count: number): Generator<string> {
  const chunk = newShapes(50).split('\n').slice(0, -1);
  for (let i = 0; i < count; i += chunk.length) {
    yield chunk.map((line, at) => `${line} ${i + at} ${'z'.repeat(400)}${i}\n`).join('');
  }
}
