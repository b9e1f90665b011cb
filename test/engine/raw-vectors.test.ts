import { afterEach, describe, expect, it } from 'vitest';
import { Engine } from '../../dist/index.js';

/** Vectors of the caller's own, in an engine that reads every shape and in one that does not. */
const ranks = ['meaning', 'cosine'] as const;
const dimensions = 384;

const opened: Engine[] = [];
afterEach(async () => {
  for (const engine of opened.splice(0)) await engine.close();
});

async function open(options: Parameters<typeof Engine.open>[0] = {}): Promise<Engine> {
  const engine = await Engine.open(options);
  opened.push(engine);
  return engine;
}

/** Vectors that point elsewhere than anything the model says, each elsewhere than the others. */
function noise(count: number): Float32Array {
  const vectors = new Float32Array(count * dimensions);
  let state = 7;
  for (let i = 0; i < vectors.length; i += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    vectors[i] = state / 2 ** 30 - 1;
  }
  return vectors;
}

describe.each(ranks)('raw vectors, with rank %s', { timeout: 60_000 }, (rank) => {
  it('are found by a phrase, by their cosine', async () => {
    const engine = await open({ rank });
    await engine.ingestBatch(['GET /index.html 200', 'all is well']);
    await engine.ingestRaw(await engine.embedQuery('the disk is full'), ['greeting']);
    await engine.ingestRaw(noise(3), ['a', 'b', 'c']);
    await engine.ingest('user logged in');
    const found = await engine.search('the disk is full', 10);
    expect(found).toHaveLength(7);
    const place = found.findIndex(({ text }) => text === 'greeting');
    expect(place).toBe(0);
    expect(found[0]).toMatchObject({ line: 3, count: 1 });
    const all = await engine.search('the disk is full', 10, { all: true });
    expect(all.map(({ text }) => text)).toEqual(found.map(({ text }) => text));
  });

  it('of one text are lines of their own, however often it comes', async () => {
    const engine = await open({ rank });
    await engine.ingestRaw(noise(3), ['same', 'same', 'same']);
    await engine.ingest('same');
    const found = await engine.search('same', 10);
    expect(found.map(({ line }) => line).sort()).toEqual([1, 2, 3, 4]);
    expect(engine.stats()).toMatchObject({ read: 4, window: 4, shapes: 4 });
  });

  it('evict the oldest lines where there are more of them than rows', async () => {
    const engine = await open({ rank, rows: 5 });
    await engine.ingest('a line of text');
    const texts = Array.from({ length: 2_000 }, (_, i) => `raw ${i}`);
    await engine.ingestRaw(noise(texts.length), texts);
    const stats = engine.stats();
    expect(stats).toMatchObject({ read: 2_001, window: 5, evicted: 1_996, shapes: 5, waiting: 0 });
    const found = await engine.search('raw', 10);
    expect(found.map(({ text }) => text).sort()).toEqual(texts.slice(-5));
    expect(engine.stats().rows).toBe(5);
  });

  it('are counted instead of stored where they hold no number, or only zeros', async () => {
    const engine = await open({ rank });
    await engine.ingestRaw(new Float32Array(dimensions).fill(NaN), ['broken']);
    await engine.ingestRaw(new Float32Array(dimensions), ['zero']);
    await engine.ingestRaw(noise(1), ['good']);
    const stats = engine.stats();
    expect(stats).toMatchObject({ read: 3, window: 1, shapes: 1, rows: 1 });
    expect(stats.skipped).toEqual({ empty: 0, overload: 0, vector: 2 });
  });

  it('answer watches', async () => {
    const engine = await open({ rank });
    const told: string[] = [];
    engine.onMatch(({ text }) => told.push(text));
    // Without words a line is no good answer, but a better one than noise.
    await engine.addWatch('the disk is full', rank === 'cosine' ? 0.3 : 0.005);
    await engine.ingestRaw(noise(1), ['noise']);
    await engine.ingestRaw(await engine.embedQuery('error: the disk is full'), ['told']);
    await engine.drained();
    expect(told).toEqual(['told']);
  });

  it('are refused with other dimensions', async () => {
    const engine = await open({ rank });
    const short = new Float32Array(10).fill(1);
    await expect(engine.ingestRaw(short, ['x'])).rejects.toMatchObject({
      code: 'ERR_IMESDE_DIMENSIONS',
    });
    expect(engine.stats().read).toBe(0);
  });
});

describe('searchRaw', { timeout: 60_000 }, () => {
  it('finds shapes by a vector, and a raw vector exactly', async () => {
    const engine = await open({ rank: 'cosine' });
    await engine.ingestBatch(['hello, everybody', 'GET /index.html 200']);
    const vector = await engine.embedQuery('hello world');
    await engine.ingestRaw(
      vector.map((value) => value * 7),
      ['greeting'],
    );
    const found = await engine.searchRaw(vector, 10);
    expect(found.map(({ text }) => text)).toEqual([
      'greeting',
      'hello, everybody',
      'GET /index.html 200',
    ]);
    expect(found[0]!.score).toBeCloseTo(1, 5);
    expect(await engine.searchRaw(vector, 1)).toEqual(found.slice(0, 1));
  });

  it('refuses vectors of other dimensions, and those that are none', async () => {
    const engine = await open({ rank: 'cosine' });
    await engine.ingest('a line');
    await expect(engine.searchRaw(new Float32Array(10).fill(1), 1)).rejects.toMatchObject({
      code: 'ERR_IMESDE_DIMENSIONS',
    });
    for (const value of [0, NaN, Infinity]) {
      await expect(
        engine.searchRaw(new Float32Array(dimensions).fill(value)),
      ).rejects.toMatchObject({ code: 'ERR_IMESDE_VECTOR' });
    }
  });

  it('says what to do where not every shape is read', async () => {
    const engine = await open();
    await engine.ingestRaw(noise(1), ['raw']);
    await expect(engine.searchRaw(noise(1))).rejects.toMatchObject({
      code: 'ERR_IMESDE_USAGE',
      message: expect.stringMatching(/^[^\n]*rank: 'cosine'[^\n]*$/) as string,
    });
  });
});
