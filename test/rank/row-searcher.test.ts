import { afterEach, describe, expect, it } from 'vitest';
import { StagesBench, toldPhrase } from '../helpers/stages-bench.ts';

/** Where every shape is read. */
const opened: StagesBench[] = [];
afterEach(() => {
  for (const { stages } of opened.splice(0)) stages.committer.stop();
});

function open(options: ConstructorParameters<typeof StagesBench>[0] = {}): StagesBench {
  const bench = new StagesBench({ rank: 'cosine', rows: 100, ...options });
  opened.push(bench);
  return bench;
}

function find(bench: StagesBench, phrase: string, k: number, all = false) {
  return bench.stages.searcher.find([bench.open(phrase)], k, all, () => undefined);
}

describe('a line, where every shape is read', () => {
  it('waits for its reading, commits in order, and is asked for once', async () => {
    const bench = open();
    const { committer, window } = bench.stages;
    await bench.ingest('one', 'two', 'one', 'three');
    expect(committer.waitingCount).toBe(4);
    const [one, two, three] = bench.take();
    bench.done([two!, three!]);
    expect(window.lineCount).toBe(0);
    bench.done([one!]);
    expect([window.lineCount, committer.waitingCount]).toEqual([4, 0]);
    expect(bench.take()).toEqual([]);
    await bench.ingest('two');
    expect(window.lineCount).toBe(5);
  });

  it('is skipped where the model makes nothing of it, and read anew when it comes again', async () => {
    const bench = open();
    const { committer, rows } = bench.stages;
    await bench.ingest('bad', 'bad');
    bench.done(bench.take(), 0);
    expect(committer.skipped.vector).toBe(2);
    expect(rows.leasedCount).toBe(0);
    await bench.ingest('bad');
    await bench.readAll();
    expect(bench.stages.window.lineCount).toBe(1);
  });

  it('keeps its row as long as it is in the window, however many others come', async () => {
    const bench = open({ rows: 3 });
    const { rows, readings, window } = bench.stages;
    for (let i = 0; i < 2_000; i += 1) {
      await bench.ingest('stays', `comes ${'x'.repeat((i % 50) + 1)}`);
      await bench.readAll();
      expect(readings.rowOf(bench.shapeOf('stays'))).toBeDefined();
      if (i > 60) i += 97; // Long enough.
    }
    expect(bench.read.filter((text) => text === 'stays')).toHaveLength(1);
    expect(window.shapeCount).toBe(3);
    expect(rows.leasedCount).toBe(3);
  });

  it('that is dropped leaves nothing to be read', async () => {
    const bench = open({ onOverload: 'drop-oldest' });
    const { committer, readings, rows } = bench.stages;
    await bench.ingest('one', 'two', 'three');
    const under = bench.take(1);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(committer.skipped.overload).toBe(3);
    expect(bench.take()).toEqual([]);
    expect(rows.leasedCount).toBe(1); // A worker is writing it.
    bench.done(under);
    expect([rows.leasedCount, readings.isKnown(0)]).toEqual([0, false]);
  });

  it('is told of when its reading answers a watch', async () => {
    const bench = open();
    const ranking = toldPhrase(bench, { glances: {}, readings: { yes: 0.7, no: 0.2 } });
    bench.stages.watching.watches.add(ranking, 0.5);
    await bench.ingest('yes one', 'no one', 'yes one');
    await bench.readAll();
    await bench.ingest('yes one');
    expect(bench.told).toEqual(['1 yes one: told', '3 yes one: told', '4 yes one: told']);
    expect(ranking.compared).toEqual(['yes', 'no']);
  });
});

describe('a search where every shape is read', () => {
  it('finds the nearest by cosine, and reads nothing for it', async () => {
    const bench = open();
    await bench.ingest('disk full', 'all quiet here', 'disk full', 'memory low');
    await bench.readAll();
    const { length } = bench.read;
    const [found = []] = await find(bench, 'disk full', 2, true);
    expect(found[0]).toMatchObject({ count: 2, line: { text: 'disk full', number: 3 } });
    expect(found[0]!.score).toBeCloseTo(1, 5);
    expect(found[0]!.lines.map(({ number }) => number)).toEqual([3, 1]);
    expect(bench.read).toHaveLength(length);
  });

  it('leaves out shapes that leave while it scans (bug: other lines were told in their place)', async () => {
    // So many rows and phrases that a scan takes several slices.
    const bench = open({ rows: 60_000, window: 60_000 });
    const texts = Array.from({ length: 60_000 }, (_, i) => `line ${i}`);
    const vector = Float32Array.of(1, 0, 0, 0, 0, 0, 0, 0);
    for (const [i, text] of texts.entries()) {
      vector[1] = i / 1_000;
      bench.ingestRaw(text, vector);
    }
    const { searcher, committer } = bench.stages;
    const east = Float32Array.of(1, 0, 0, 0, 0, 0, 0, 0);
    const phrases = Array.from({ length: 100 }, () => ({ ...bench.open('line'), vector: east }));
    let scanned = false;
    const finding = searcher.find(phrases, 20, false, () => {
      scanned = true;
    });
    await new Promise(setImmediate);
    expect(scanned).toBe(false);
    // The nearest are the oldest: half of those that would be told leave.
    const west = east.map((value) => -value);
    for (let i = 0; i < 10; i += 1) bench.ingestRaw(`new ${i}`, west);
    const [found = []] = await finding;
    expect(committer.lastNumber).toBe(60_010);
    expect(found.map(({ line }) => line.text)).toEqual(texts.slice(10, 30));
    expect(found.map(({ line }) => line.number)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 11),
    );
  });
});
