import { afterAll, beforeAll, expect, it } from 'vitest';
import { endInstance, startInstance, TestAsker, type Instance } from '../control/instance.ts';
import { runImesde } from '../helpers/run-imesde.ts';

const watched = ['disk full', 'no payment'];
let instance: Instance;

beforeAll(async () => {
  const args = watched.flatMap((phrase) => ['-w', phrase]);
  // From 0 on every line answers, so every shape is read.
  instance = startInstance(['--rows', '10', '--max-line-bytes', '16', '-s', '0', ...args]);
  const lines = ['one', '', 'a line that is cut somewhere', 'one', 'bad \xff byte', ''].join('\n');
  instance.running.child.stdin.write(Buffer.from(lines, 'latin1'));
  const asker = new TestAsker(instance.fifo);
  for (let waiting = 1; waiting > 0;) {
    const [status] = await asker.ask({ op: 'status' });
    const counts = status?.['lines'] as { read: number; waiting: number };
    waiting = counts.read === 5 ? counts.waiting : 1;
  }
  asker.close();
});

afterAll(async () => {
  await endInstance(instance);
});

it('--json prints one object, as the documentation lists it', async () => {
  const { exitCode, stdout, stderr } = await runImesde([
    'status',
    '--json',
    '--fifo',
    instance.fifo,
  ]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/^\{.*\}\n$/);
  const status = JSON.parse(stdout) as Record<string, unknown>;
  expect(Object.keys(status)).toEqual([
    'pid',
    'uptimeSeconds',
    'model',
    'lines',
    'shapes',
    'readings',
    'rows',
    'rowsMax',
    'linesPerSecond',
    'latencyMs',
    'watches',
    'rssBytes',
  ]);
  expect(status).toMatchObject({
    pid: instance.running.child.pid,
    model: 'all-MiniLM-L6-v2',
    lines: {
      read: 5,
      waiting: 0,
      window: 4,
      evicted: 0,
      skipped: { empty: 1, overload: 0, vector: 0 },
      screened: 0,
      cut: 1,
      invalidUtf8Bytes: 1,
    },
    shapes: 3,
    readings: 3,
    rows: 3,
    rowsMax: 10,
    latencyMs: { p50: expect.any(Number) as number, p99: expect.any(Number) as number },
    watches: watched,
  });
  for (const name of ['uptimeSeconds', 'linesPerSecond']) {
    expect(status[name]).toBeGreaterThanOrEqual(0);
  }
  expect(status['rssBytes']).toBeGreaterThan(10 * 2 ** 20);
});

it('is read by people', async () => {
  const { exitCode, stdout } = await runImesde(['status', '--fifo', instance.fifo]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^imesde \d+, up \d+ s, all-MiniLM-L6-v2\nlines read +5\n/);
  expect(stdout).toMatch(/watches +2\n {2}disk full\n {2}no payment\n$/);
});
