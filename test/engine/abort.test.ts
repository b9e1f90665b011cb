import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Engine } from '../../dist/index.js';
import { waitingLinesMax } from '../../src/shared/limits.ts';

/** Whatever waits rejects with the signal's reason, and the engine goes on. */
describe('a signal', { timeout: 60_000 }, () => {
  const reason = new Error('no longer wanted');
  const aborted = AbortSignal.abort(reason);
  let engine: Engine;
  beforeAll(async () => {
    engine = await Engine.open({ window: 20_000, workers: 1, rank: 'cosine' });
    await engine.ingest('ERROR lost connection to database');
    await engine.drained();
  });
  afterAll(() => engine.close());

  const vector = new Float32Array(384).fill(1);
  it.each<[string, (signal: AbortSignal) => Promise<unknown>]>([
    ['open', (signal) => Engine.open({ signal })],
    ['ingest', (signal) => engine.ingest('never read', { signal })],
    ['ingestBatch', (signal) => engine.ingestBatch(['never read'], { signal })],
    ['drained', (signal) => engine.drained({ signal })],
    ['search', (signal) => engine.search('db failure', 1, { signal })],
    ['searchAll', (signal) => engine.searchAll(['db failure'], 1, { signal })],
    ['searchRaw', (signal) => engine.searchRaw(vector, 1, { signal })],
    ['ask', (signal) => engine.ask(['db failure'], 1, { signal })],
    ['question', (signal) => engine.question(['db failure'], { signal })],
    ['embedQuery', (signal) => engine.embedQuery('db failure', { signal })],
    ['watch', (signal) => engine.watch('db failure', 0, { signal }).next()],
  ])('that has aborted refuses: %s', async (_, work) => {
    const { read } = engine.stats();
    await expect(work(aborted)).rejects.toBe(reason);
    expect(engine.stats().read).toBe(read);
  });

  it('gives up what waits: lines, what is asked of them, a watch', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const { read } = engine.stats();
    // More than may wait, each to be read: to take them in takes long, to commit them longer.
    const lines = Array.from(
      { length: 2 * waitingLinesMax },
      (_, i) => `${word(i)} ${word(i * 7)} went away`,
    );
    const ingesting = engine.ingestBatch(lines, { signal });
    await setTimeout(5);
    const waiting = [
      ingesting,
      engine.drained({ signal }),
      engine.search('db failure', 1, { signal }),
      engine.watch('db failure', 1, { signal }).next(), // Nothing scores that.
    ];
    const settling = Promise.allSettled(waiting);
    await setTimeout(10);
    controller.abort(reason);
    const settled = await settling;
    expect(settled).toEqual(waiting.map(() => ({ status: 'rejected', reason })));
    const taken = engine.stats().read - read;
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(lines.length);
    await engine.ingest('WARN the last line');
    const found = await engine.search('warn the last line', 1);
    expect(found).toMatchObject([{ text: 'WARN the last line', line: engine.stats().read }]);
    expect(engine.watches).toEqual([]);
  });

  it('does nothing once the work is done', async () => {
    const controller = new AbortController();
    const opened = await Engine.open({ signal: controller.signal, workers: 1 });
    const watching = opened.watch('db failure', 0, { signal: controller.signal });
    await opened.ingest('ERROR lost connection to database', { signal: controller.signal });
    expect((await watching.next()).value).toMatchObject({ line: 1 });
    await watching.return();
    controller.abort(reason);
    expect(await opened.search('db failure', 1)).toHaveLength(1);
    await opened.close();
  });
});

/** A word of its own for each number. */
function word(number: number): string {
  return number.toString().replace(/./g, (digit) => 'bcdfghjklm'[Number(digit)]! + 'a');
}
