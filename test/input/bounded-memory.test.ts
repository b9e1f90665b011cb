import { expect, it } from 'vitest';
import { runImesde, tiny } from '../helpers/run-imesde.ts';

const mebibyte = Buffer.alloc(2 ** 20, 'x');

function* endlessLine(mebibytes: number): Generator<Buffer> {
  yield Buffer.from('disk full on ');
  for (let i = 0; i < mebibytes; i += 1) yield mebibyte;
  yield Buffer.from('\nno space left on device\n');
}

function memoryOf(stderr: string): number {
  return Number(/memory: (\d+) MiB/.exec(stderr.replaceAll(',', ''))?.[1]);
}

it('cuts a line of 100 MB at the cap, counts it, and needs no memory for the rest', async () => {
  const small = await runImesde(['query', 'disk full', '--stats', ...tiny], endlessLine(1));
  const large = await runImesde(['query', 'disk full', '--stats', ...tiny], endlessLine(100));
  expect(large.stderr).toContain('1 lines cut');
  expect(large.stderr).toContain('read 2 =');
  expect(large.stdout).toBe(small.stdout);
  expect(
    large.stdout
      .split('\n')
      .map((line) => line.length)
      .sort((a, b) => a - b),
  ).toEqual([0, 'no space left on device'.length, 64 * 1024]);
  expect(memoryOf(large.stderr) - memoryOf(small.stderr)).toBeLessThan(60);
});
