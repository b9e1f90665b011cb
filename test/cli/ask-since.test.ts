import { expect, it } from 'vitest';
import { endInstance, startInstance } from '../control/instance.ts';
import { runImesde, tiny } from '../helpers/run-imesde.ts';

it('is no slower where the window is full of older lines that are as near', async () => {
  const instance = startInstance();
  const things = 'disk pool cache node router queue shard index lock timer'.split(' ');
  const fates = 'lost found dropped kept moved opened closed failed started stopped'.split(' ');
  const old = things.flatMap((one) =>
    fates.flatMap((fate) =>
      things.flatMap((other) =>
        ['slowly', 'twice', 'again'].map(
          (how) => `2020-01-01T10:00:00Z ${one} ${fate} its ${other} ${how}`,
        ),
      ),
    ),
  );
  const late = '2026-01-01T10:00:00Z the operator went for a walk';
  instance.running.child.stdin.write(`${[...old, late].join('\n')}\n`);
  const args = ['ask', 'the disk lost its cache', '--fifo', instance.fifo, '--since', '2025-01-01'];
  const { exitCode, stdout, stderr } = await runImesde([...args, '--timeout', '30s']);
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 1, stdout: '', stderr: '' });
  const { stdout: status } = await runImesde(['status', '--fifo', instance.fifo, '--json']);
  const { readings, shapes } = JSON.parse(status) as { readings: number; shapes: number };
  expect(shapes).toBeGreaterThan(2_000);
  expect(readings).toBeLessThan(1_000);
  await endInstance(instance);
});

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
