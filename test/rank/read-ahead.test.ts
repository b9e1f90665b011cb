import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { ReadAhead } from '../../src/rank/read-ahead.ts';
import { StagesBench } from '../helpers/stages-bench.ts';

const opened: { stop: () => void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.stop();
});

function open(options: ConstructorParameters<typeof StagesBench>[0] = {}) {
  const bench = new StagesBench({ window: 1_000, rows: 1_000, ...options });
  const { table, frequencies, readings, window, committer } = bench.stages;
  const readAhead = new ReadAhead({
    table,
    frequencies,
    readings,
    lineCount: () => window.lineCount + window.evictedCount,
  });
  opened.push(readAhead, committer);
  return { bench, readAhead };
}

function lines(count: number, words: string): string[] {
  return Array.from(
    { length: count },
    (_, i) => `${words} ${'abcdefghij'[i % 10]!}${'x'.repeat(i / 10 + 1)}`,
  );
}

/** What an idle worker reads within a while. */
async function idleReads(bench: StagesBench, ms = 400): Promise<string[]> {
  const texts: string[] = [];
  for (const end = performance.now() + ms; performance.now() < end;) {
    texts.push(...bench.done(bench.take()));
    await setTimeout(10);
  }
  return texts;
}

describe('reading ahead', () => {
  it('reads what an open phrase would ask for, best first, and so spares its wait', async () => {
    const { bench, readAhead } = open();
    await bench.ingest(...lines(50, 'all quiet'), ...lines(20, 'disk full again'));
    readAhead.open(bench.open('disk full again'));
    const texts = await idleReads(bench);
    expect(texts).toHaveLength(70);
    expect(texts.slice(0, 10).every((text) => text.startsWith('disk full again'))).toBe(true);
    const finding = bench.stages.searcher.find([bench.open('disk full again')], 5, false);
    expect(await bench.readAll()).toEqual([]);
    expect((await finding)[0]).toHaveLength(5);
  });

  it('leaves the model alone while nothing is open, little is new, or somebody waits', async () => {
    const { bench, readAhead } = open();
    await bench.ingest(...lines(200, 'all quiet'));
    expect(await idleReads(bench, 250)).toEqual([]);
    bench.stages.readings.foresee(0, 0);
    readAhead.open(bench.open('quiet'));
    await setTimeout(250);
    expect(bench.take().map(({ shape }) => shape)).toEqual([0]);
    expect((await idleReads(bench, 1_500)).length).toBeGreaterThan(100); // All, on a busy machine too.
    await bench.ingest(...lines(5, 'some more'));
    expect(await idleReads(bench, 250)).toEqual([]);
  });

  it('stops when it is told to', async () => {
    const { bench, readAhead } = open();
    readAhead.open(bench.open('quiet'));
    readAhead.stop();
    await bench.ingest(...lines(200, 'all quiet'));
    expect(await idleReads(bench, 250)).toEqual([]);
  });

  it('reads nothing of shapes that have left meanwhile, and keeps none of their numbers', async () => {
    const { bench, readAhead } = open({ window: 100 });
    await bench.ingest(...lines(100, 'disk full'));
    readAhead.open(bench.open('disk full'));
    let jobs = bench.take(1);
    for (; jobs.length === 0; jobs = bench.take(1)) await setTimeout(10);
    await bench.ingest(...lines(100, 'all quiet')); // While the others are still to be read.
    bench.done(jobs);
    const rest = bench.take(100);
    expect(rest.filter(({ text }) => text.startsWith('disk full'))).toEqual([]);
    await bench.ingest(...lines(100, 'yet others'));
    // A hundred in the window, the one that comes, and the one that was being read.
    expect(bench.stages.table.end).toBeLessThanOrEqual(102);
  });
});
