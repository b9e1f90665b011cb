import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Engine, ImesdeError } from '../../dist/index.js';

/** The engine as its users have it: the built package, the real model and workers. */
describe('Engine', { timeout: 60_000 }, () => {
  const lines = [
    'ERROR could not reach primary database after 4 attempts',
    'GET /index.html 200',
    'user logged in from 192.0.2.7',
    'user logged in from 192.0.2.8',
    '',
  ];
  let engine: Engine;
  beforeAll(async () => {
    engine = await Engine.open({ window: 100, rows: 50 });
    await engine.ingestBatch(lines);
  });
  afterAll(() => engine.close());

  it('finds what was ingested before, without being told to wait', async () => {
    await engine.ingest('WARN lost connection to database');
    const found = await engine.search('db failure', 2);
    expect(found.map(({ line }) => line).sort()).toEqual([1, 6]);
    expect(found[0]!.score).toBeGreaterThan(0);
    expect(found[0]!.score).toBeLessThanOrEqual(1);
  });

  it('tells each shape once, or every line', async () => {
    const [shape] = await engine.search('who signed in', 1);
    expect(shape).toMatchObject({ count: 2, line: 4, text: lines[3] });
    const all = await engine.search('who signed in', 2, { all: true });
    expect(all.map(({ line }) => line)).toEqual([4, 3]);
    expect(all[0]).not.toHaveProperty('count');
  });

  it('leaves out what scores less than asked', async () => {
    const scores = (await engine.search('db failure', 10)).map(({ score }) => score);
    const minScore = scores[1]!;
    const found = await engine.search('db failure', 10, { minScore });
    expect(found.map(({ score }) => score)).toEqual(scores.slice(0, 2));
  });

  it('embeds a text as a unit vector', async () => {
    const vector = await engine.embedQuery('hello world');
    expect(vector).toHaveLength(384);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  });

  it.each([0, -1, 2.5, NaN, 10_001])('refuses k = %s', async (k) => {
    await expect(engine.search('x', k)).rejects.toMatchObject({ code: 'ERR_IMESDE_K_RANGE' });
  });

  it('refuses an empty phrase', async () => {
    await expect(engine.search('  ')).rejects.toBeInstanceOf(ImesdeError);
  });

  it('watches from the next ingested line on, and ends when the loop is left', async () => {
    await engine.ingest('the database is gone');
    const watching = engine.watch('database trouble', 0.2);
    await engine.ingestBatch(['all is well', 'database connection refused']);
    const { value } = await watching.next();
    expect(value).toMatchObject({ query: 'database trouble', text: 'database connection refused' });
    await watching.return();
    expect(engine.watches).toHaveLength(0);
  });

  it('numbers lines as they were given, though nobody waited in between', async () => {
    const { read } = engine.stats();
    const batches = ['alpha', 'beta', 'gamma'].map((word) =>
      Array.from({ length: 1_500 }, (_, i) => `${word} ${i}`),
    );
    await Promise.all(batches.map((batch) => engine.ingestBatch(batch)));
    const [last] = await engine.search('gamma', 1);
    expect(last).toMatchObject({ text: 'gamma 1499', line: read + 4_500 });
  });

  it('counts every line: read = waiting + window + evicted + skipped', async () => {
    await engine.ingestBatch(Array.from({ length: 500 }, (_, i) => `request ${i} took ${i} ms`));
    await engine.drained();
    const { read, waiting, window, evicted, skipped } = engine.stats();
    expect(window).toBe(100);
    expect(read).toBe(waiting + window + evicted + skipped.empty + skipped.vector);
  });
});

describe('Engine.open', () => {
  it.each([{ window: 0 }, { rows: 2 ** 21 }, { workers: 9 }, { windowBytes: NaN }])(
    'refuses %o with what is wrong',
    async (options) => {
      await expect(Engine.open(options)).rejects.toMatchObject({ code: 'ERR_IMESDE_USAGE' });
    },
  );

  it('refuses to search once it is closed', async () => {
    const engine = await Engine.open();
    await engine.close();
    await expect(engine.search('x')).rejects.toMatchObject({ code: 'ERR_IMESDE_CLOSED' });
  });

  it('ends the loops of its watches when it closes', async () => {
    const engine = await Engine.open();
    const watching = engine.watch('x');
    const next = watching.next();
    await engine.ingest('a line'); // The watch is open by now.
    await engine.close();
    expect(await next).toMatchObject({ done: true });
  });
});
