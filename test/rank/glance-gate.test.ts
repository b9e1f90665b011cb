import { describe, expect, it } from 'vitest';
import { LookedAt } from '../../src/glance/looked-at.ts';
import { GlanceMeans } from '../../src/rank/glance-means.ts';
import { StagesBench, toldPhrase } from '../helpers/stages-bench.ts';

/** Glances are looked into from .2 below the score that answers. */
const minScore = 0.5;

function setUp(
  phrase: Omit<Parameters<typeof toldPhrase>[1], 'phrase'>,
  options: ConstructorParameters<typeof StagesBench>[0] = {},
) {
  const bench = new StagesBench(options);
  const { stages } = bench;
  const ranking = toldPhrase(bench, phrase);
  const watch = stages.watching.watches.add(ranking, minScore);
  return { bench, stages, ranking, watch };
}

describe('a line, where nothing is read that need not be', () => {
  it('commits at once where nobody watches', async () => {
    const bench = new StagesBench();
    await bench.ingest('alpha one', 'beta two');
    expect(bench.stages.window.lineCount).toBe(2);
    expect(bench.take()).toEqual([]);
  });

  it('commits unread where its glance lies too far below, and waits for its reading where not', async () => {
    const { bench, stages } = setUp({
      glances: { below: 0.29, low: 0, near: 0.31, high: 0.9 },
      readings: { near: 0.6, high: 0.4 },
    });
    await bench.ingest('below line');
    expect(stages.window.lineCount).toBe(1);
    await bench.ingest('near line', 'low line', 'high line');
    expect(stages.committer.waitingCount).toBe(3);
    expect(await bench.readAll()).toEqual(['near line', 'high line']);
    expect(stages.committer.waitingCount).toBe(0);
    expect(bench.told).toEqual(['2 near line: told']);
  });

  it('is told of by its reading, never by its glance', async () => {
    const { bench } = setUp({ glances: { sure: 9 }, readings: { sure: 0.49 } });
    await bench.ingest('sure line');
    await bench.readAll();
    expect(bench.told).toEqual([]);
  });

  it('is read once for all of its shape', async () => {
    const { bench } = setUp({ glances: { high: 1 }, readings: { high: 1 } });
    await bench.ingest('high line', 'high line', 'other', 'high line');
    await bench.readAll();
    await bench.ingest('high line');
    expect(bench.read).toEqual(['high line']);
    expect(bench.told).toHaveLength(4);
  });

  it('is glanced at once, and its reading compared once, however often its shape comes', async () => {
    const { bench, ranking } = setUp({
      glances: { high: 1, low: 0 },
      readings: { high: 1 },
    });
    await bench.ingest('low line', 'low line');
    expect(ranking.looked).toEqual(['low']);
    await bench.ingest('high line', 'low line', 'high line');
    await bench.readAll();
    await bench.ingest('high line', 'low line');
    expect(ranking.compared).toEqual(['high']);
    expect(ranking.looked).toEqual(['low', 'high']);
  });

  it('waits for no watch that looks at nothing: from 1 on none answers', async () => {
    const bench = new StagesBench();
    const ranking = toldPhrase(bench, { glances: { a: 9 }, readings: {} });
    bench.stages.watching.watches.add({ ...ranking, rawOf: () => Infinity }, 1);
    await bench.ingest('a');
    expect(bench.stages.committer.waitingCount).toBe(0);
  });

  it('waits for every watch that is not sure, and names all it answers', async () => {
    const { bench, stages } = setUp({ glances: { b: 0.6 }, readings: { b: 0.7 } });
    const other = toldPhrase(bench, { phrase: 'other', glances: { b: 0.2 }, readings: { b: 0.9 } });
    const third = toldPhrase(bench, { phrase: 'third', glances: { b: 0.4 }, readings: { b: 0.8 } });
    stages.watching.watches.add(other, minScore);
    stages.watching.watches.add(third, minScore);
    await bench.ingest('b');
    await bench.readAll();
    expect(bench.told).toEqual(['1 b: third, told']); // For the other its glance lies too low.
    expect(other.compared).toEqual([]);
  });
});

describe('what a watch makes of a shape', () => {
  it('is made with the frequencies of its commit, the shape itself counted once', async () => {
    const bench = new StagesBench({ window: 1_000 });
    const { stages } = bench;
    const watch = stages.watching.watches.add(bench.open('disk full'), 0.999_999);
    const lines = ['disk full now', 'disk ok', 'all quiet here', 'disk full now', 'full of joy'];
    const looked = new LookedAt();
    const means = new GlanceMeans(watch.ranking.glance);
    for (const line of lines) {
      await bench.ingest(line);
      await bench.readAll();
      const shape = bench.shapeOf(line);
      if (stages.table.windowLines[shape]! > 1) continue;
      const pieces = Uint16Array.from(line.split(' '), (word) => bench.idOf(word));
      const trouble = stages.table.troubleOf(shape);
      const there = { pieces, start: 0, count: pieces.length, trouble, key: line };
      looked.look(there, stages.frequencies);
      const { glance } = watch.ranking;
      expect(watch.rawOf(shape)).toBeCloseTo(glance!.score(looked, means.values), 6);
      means.learn();
    }
    expect(stages.frequencies.shapeCount).toBe(4);
    expect(stages.frequencies.count(bench.idOf('disk'))).toBe(2);
  });

  it('stays as it was at its first commit: the glance is not made again', async () => {
    const { bench, ranking, watch } = setUp({ glances: { low: 0.1 }, readings: {} });
    await bench.ingest('low line', 'other a', 'other b', 'low line');
    expect(ranking.looked.filter((word) => word === 'low')).toHaveLength(1);
    expect(watch.rawOf(bench.shapeOf('low line'))).toBeCloseTo(0.1, 6);
  });

  it('is no reading that was made for somebody else, where its glance is too low', async () => {
    const { bench, stages, ranking, watch } = setUp({
      glances: { low: 0.1 },
      readings: { low: 0.9 },
    });
    await bench.ingest('low line');
    stages.readings.listen(bench.shapeOf('low line'), () => undefined);
    expect(await bench.readAll()).toEqual(['low line']);
    await bench.ingest('low line');
    expect(ranking.compared).toEqual([]);
    expect(watch.isRead(bench.shapeOf('low line'))).toBe(false);
    expect(bench.told).toEqual([]);
  });

  it('becomes a reading when less is needed than before', async () => {
    // What is needed sinks with how good matches can be expected to get: from .8 to .6 here.
    const { bench, stages } = setUp({
      glances: { fair: 0.53 },
      readings: { fair: 0.6 },
      yardstickShare: 0.3,
    });
    await bench.ingest('fair line');
    expect(stages.committer.waitingCount).toBe(0);
    for (let i = 0; i < 60; i += 1) await bench.ingest(`poor ${'x'.repeat(i + 1)}`);
    await bench.ingest('fair line');
    expect(stages.committer.waitingCount).toBe(1);
    expect(await bench.readAll()).toEqual(['fair line']);
  });

  it('is forgotten with the shape: who comes back is glanced at anew', async () => {
    const { bench, ranking } = setUp({ glances: { low: 0.1 }, readings: {} }, { window: 2 });
    await bench.ingest('low line', 'a', 'b', 'low line');
    expect(ranking.looked.filter((word) => word === 'low')).toHaveLength(2);
  });

  it('is as good as nothing where the model makes nothing of it', async () => {
    const { bench, stages } = setUp({ glances: { high: 1 }, readings: { high: 1 } });
    await bench.ingest('high line', 'other');
    bench.done(bench.take(), 0);
    expect(stages.committer.waitingCount).toBe(0);
    expect(stages.window.lineCount).toBe(2);
    expect(bench.told).toEqual([]);
    await bench.ingest('high line');
    expect(bench.take()).toEqual([]);
  });
});

describe('lines behind one that waits', () => {
  it('have their readings foreseen where they are promising, by the guess of that moment', async () => {
    const { bench } = setUp({
      glances: { high: 1, low: 0, edge: 0.26, below: 0.24 },
      readings: {},
    });
    await bench.ingest('high one', 'low one', 'high two', 'edge one', 'below one');
    expect(bench.take().map(({ text }) => text)).toEqual(['high one', 'high two', 'edge one']);
  });

  it('are read most promising first under screen, and in their order under block', async () => {
    for (const onOverload of ['block', 'screen'] as const) {
      const { bench } = setUp(
        { glances: { first: 1, one: 0.6, two: 0.9, three: 0.7 }, readings: {} },
        { onOverload },
      );
      await bench.ingest('first', 'one', 'two', 'three');
      const texts = bench.take().map(({ text }) => text);
      expect(texts).toEqual(
        onOverload === 'block'
          ? ['first', 'one', 'two', 'three']
          : ['first', 'two', 'three', 'one'],
      );
      bench.stages.committer.stop();
    }
  });

  it('leave nothing to be read that they no longer need (bug: the model read on in vain)', async () => {
    const { bench, stages } = setUp(
      { glances: { first: 1, one: 0.6, two: 0.9 }, readings: { first: 1 } },
      { onOverload: 'screen' },
    );
    await bench.ingest('first', 'one', 'two', 'two');
    const jobs = bench.take(1);
    await new Promise((resolve) => setTimeout(resolve, 1_100)); // They pass unread.
    expect(stages.committer).toMatchObject({ waitingCount: 0, screenedCount: 4 });
    expect(stages.readings.waitingCount).toBe(0);
    bench.done(jobs);
    expect(bench.take()).toEqual([]);
    expect(bench.told).toEqual([]);
    await bench.ingest('first');
    expect(bench.told).toEqual(['5 first: told']);
    stages.committer.stop();
  });
});

describe('a vector from outside', () => {
  it('is compared by its row, at once', async () => {
    const bench = new StagesBench();
    const ranking = toldPhrase(bench, { glances: { '': -9 }, readings: {} });
    bench.stages.watching.watches.add({ ...ranking, raw: () => 0.7 }, minScore);
    bench.ingestRaw('anything');
    expect(bench.told).toEqual(['1 anything: told']);
    await bench.readAll();
    expect(bench.read).toEqual([]);
  });

  it('teaches the margin nothing: it had no glance (bug: others were read in vain)', () => {
    const bench = new StagesBench();
    const ranking = toldPhrase(bench, { glances: { '': -0.05 }, readings: {} });
    const watch = bench.stages.watching.watches.add({ ...ranking, raw: () => 0.7 }, minScore);
    const { promising } = watch;
    for (let i = 0; i < 20; i += 1) bench.ingestRaw(`raw ${i}`);
    expect(watch.promising).toBe(promising);
  });

  it('is skipped where it is no vector', () => {
    const bench = new StagesBench();
    const ranking = toldPhrase(bench, { glances: {}, readings: {} });
    bench.stages.watching.watches.add(ranking, -1);
    bench.ingestRaw('nothing', new Float32Array(8));
    expect(bench.stages.committer.skipped.vector).toBe(1);
    expect(bench.stages.window.lineCount).toBe(0);
    expect(bench.stages.rows.leasedCount).toBe(0);
  });
});
