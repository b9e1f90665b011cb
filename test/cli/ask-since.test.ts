import { expect, it } from 'vitest';
import { endInstance, startInstance } from '../control/instance.ts';
import { runImesde, tiny } from '../helpers/run-imesde.ts';

it('answers for lines from a time on, which old ones do not push aside', async () => {
  const instance = startInstance(tiny);
  const words = ['disk', 'network', 'power', 'memory', 'clock', 'sensor', 'battery', 'fan'];
  const old = words.flatMap((one) =>
    words.map((other) => `2020-01-01T10:00:00Z the ${one} lost its ${other}`),
  );
  instance.running.child.stdin.write(`${old.join('\n')}\n2026-01-01T10:00:00Z a late line\nbare\n`);
  const ask = async (...args: string[]): Promise<string[]> => {
    const options = ['--fifo', instance.fifo, '-k', '2', '--sort', 'time', ...args];
    const { stdout, stderr } = await runImesde(['ask', 'the disk lost its fan', ...options]);
    expect(stderr).toBe('');
    return stdout.split('\n').slice(0, -1);
  };
  expect(await ask('--since', '2025-01-01')).toEqual(['2026-01-01T10:00:00Z a late line', 'bare']);
  expect(await ask('--since', '2025-01-01', '--all')).toHaveLength(2);
  expect(await ask('--since', '1h')).toEqual(['bare']);
  expect(await ask()).toHaveLength(2);
  const wrong = await runImesde(['ask', 'x', '--since', 'soon', '--fifo', instance.fifo]);
  expect(wrong).toMatchObject({ exitCode: 2, stdout: '' });
  expect(wrong.stderr).toMatch(/^imesde: --since soon: this is no time.*\n$/);
  await endInstance(instance);
});
