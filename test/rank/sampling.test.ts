import { afterEach, describe, expect, it } from 'vitest';
import { sampleWeight } from '../../src/rank/background.ts';
import { StagesBench, toldPhrase, type BenchOptions } from '../helpers/stages-bench.ts';
import { Random } from '../simulator/random.ts';

const opened: StagesBench[] = [];
afterEach(() => {
  for (const { stages } of opened.splice(0)) stages.committer.stop();
});

/** The stages of a stream that begins: its first shapes are all sampled. */
function open(options: BenchOptions = {}): StagesBench {
  const bench = new StagesBench({ samples: true, window: 100_000, ...options });
  opened.push(bench);
  return bench;
}

/** Texts of two words, no two alike, from the n-th on. */
function texts(count: number, from = 1): string[] {
  return Array.from({ length: count }, (_, i) => `${word(from + i)} ${word((from + i) * 7)}`);
}

/** A number in letters. */
function word(n: number): string {
  return Array.from(
    n.toString(26),
    (digit) => 'abcdefghijklmnopqrstuvwxyz'[parseInt(digit, 26)],
  ).join('');
}

/** Of a stream of these shapes, in order, those that are sampled. */
function sampledOf(shapes: readonly string[]): string[] {
  return shapes.filter((_, i) => sampleWeight(i + 1) > 0);
}

/** What shapes have in common: of those sampled that the model can read, and eight that say nothing. */
function meanOf(
  bench: StagesBench,
  shapes: readonly string[],
  isRead: (text: string) => boolean = () => true,
): number[] {
  const sum = Array<number>(8).fill(0);
  let weights = 8;
  for (const [i, text] of shapes.entries()) {
    const weight = sampleWeight(i + 1);
    if (weight === 0 || !isRead(text)) continue;
    weights += weight;
    for (const [d, value] of bench.embed(text).vector.entries()) sum[d]! += weight * value;
  }
  return sum.map((value) => value / weights);
}

function expectMean(bench: StagesBench, wanted: readonly number[]): void {
  const { vector, square } = bench.stages.background;
  for (const [d, value] of wanted.entries()) expect(vector[d]).toBeCloseTo(value, 6);
  expect(square).toBeCloseTo(
    wanted.reduce((sum, value) => sum + value ** 2, 0),
    6,
  );
}

describe('a line of a shape that is sampled', () => {
  it('waits for its reading though nobody watches, once for all of its shape', async () => {
    const bench = open();
    const { committer, window } = bench.stages;
    await bench.ingest('one', 'one', 'two');
    expect([committer.waitingCount, window.lineCount]).toEqual([3, 0]);
    const jobs = bench.take();
    expect(jobs.map(({ text }) => text)).toEqual(['one', 'two']);
    bench.done(jobs.slice(1));
    expect(window.lineCount).toBe(0); // In input order.
    bench.done(jobs.slice(0, 1));
    expect([committer.waitingCount, window.lineCount]).toEqual([0, 3]);
    await bench.ingest('two', 'one');
    expect([committer.waitingCount, window.lineCount]).toEqual([0, 5]);
    expect(bench.take()).toEqual([]);
  });

  it('is one of the first 32, then of each that the schedule names; others commit unread', async () => {
    const bench = open();
    const shapes = texts(300);
    const waited: string[] = [];
    for (const text of shapes) {
      await bench.ingest(text);
      if (bench.stages.committer.waitingCount > 0) waited.push(text);
      await bench.readAll();
    }
    expect(waited).toEqual(sampledOf(shapes));
    expect(waited).toHaveLength(32 + 3 * 16 + 2); // Up to 64, 128, 256; then each sixteenth.
    expect(bench.read).toEqual(waited);
    expect(bench.stages.window.lineCount).toBe(300);
    expectMean(bench, meanOf(bench, shapes));
  });

  it('is foreseen where it waits behind others, by what will have come before', async () => {
    const bench = open({ rows: 1_000 });
    const shapes = texts(60);
    // Lines of shapes that wait already are none of the count.
    await bench.ingest(...shapes.slice(0, 20), ...shapes);
    expect(bench.take(100).map(({ text }) => text)).toEqual(sampledOf(shapes));
  });

  it('commits where the model makes nothing of it, and is left out', async () => {
    const bench = open();
    const shapes = texts(20);
    const bad = [shapes[3]!, shapes[9]!];
    await bench.ingest(...shapes);
    const jobs = bench.take(100);
    bench.done(
      jobs.filter(({ text }) => bad.includes(text)),
      0,
    );
    bench.done(jobs.filter(({ text }) => !bad.includes(text)));
    expect(bench.stages.window.lineCount).toBe(20);
    expect(bench.stages.background.seen).toBe(20);
    expectMean(
      bench,
      meanOf(bench, shapes, (text) => !bad.includes(text)),
    );
  });

  it('passes unread under screen where it waits too long, and is left out for good', async () => {
    const bench = open({ onOverload: 'screen' });
    const shapes = texts(5);
    await bench.ingest(...shapes);
    const jobs = bench.take(2);
    bench.done(jobs.slice(0, 1));
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const { committer, window, background } = bench.stages;
    expect(committer).toMatchObject({ waitingCount: 0, screenedCount: 4 });
    expect([window.lineCount, background.seen]).toEqual([5, 5]);
    bench.done(jobs.slice(1)); // Too late: it counts for nothing any more.
    await bench.ingest(...shapes);
    expectMean(
      bench,
      meanOf(bench, shapes, (text) => text === shapes[0]),
    );
  });

  it('leaves its place to the next where it is dropped', async () => {
    const bench = open({ onOverload: 'drop-oldest' });
    const shapes = texts(40);
    await bench.ingest(...shapes.slice(0, 3));
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const { committer, background } = bench.stages;
    expect(committer.skipped.overload).toBe(3);
    expect(background.seen).toBe(0);
    await bench.ingest(...shapes.slice(3));
    await bench.readAll();
    expect(background.seen).toBe(37);
    expectMean(bench, meanOf(bench, shapes.slice(3)));
  });

  it('counts once more when it comes back after it had left the window', async () => {
    const bench = open({ window: 2 });
    const lines = ['one', 'two', 'one', 'three', 'one', 'four', 'two'];
    // 'one' stays, 'two' leaves before it comes back.
    await bench.ingest(...lines);
    await bench.readAll();
    expect(bench.stages.background.seen).toBe(5);
    expectMean(bench, meanOf(bench, ['one', 'two', 'three', 'four', 'two']));
  });

  it('is never a vector from outside', () => {
    const bench = open();
    expect(bench.ingestRaw('raw')).toBe(true);
    expect(bench.stages.background).toMatchObject({ seen: 0, version: 0 });
    expect(bench.stages.window.lineCount).toBe(1);
  });
});

describe('what a stream has in common', () => {
  const shapes = texts(120);

  interface Run {
    readonly rows?: number;
    /** A watch that finds every other shape promising. */
    readonly watches?: boolean;
    /** Somebody asks for this on the way, time and again. */
    readonly asks?: string;
  }

  async function meanAfter(
    seed: number,
    { watches = false, asks, ...options }: Run = {},
  ): Promise<Float64Array> {
    const random = new Random(seed);
    const bench = open(options);
    if (watches) {
      const firsts = shapes.map((text) => text.split(' ')[0]!);
      const scores = Object.fromEntries(firsts.map((first, i) => [first, i % 2]));
      const all = toldPhrase(bench, { glances: scores, readings: scores });
      bench.stages.watching.watches.add(all, 0.5);
    }
    const ingesting = (async () => {
      for (let next = 0; next < shapes.length;) {
        const count = random.between(1, 50);
        await bench.ingest(...shapes.slice(next, next + count));
        next += count;
      }
    })();
    // Several workers, each with what it took, which answer in any order.
    const workers: (readonly ReturnType<StagesBench['take']>[number][])[] = [];
    while (bench.stages.window.lineCount < shapes.length) {
      await new Promise(setImmediate);
      if (asks !== undefined && random.chance(0.2)) {
        void bench.stages.searcher.find([bench.open(asks)], 5, false);
      }
      const jobs = bench.take(random.between(1, 9));
      if (jobs.length > 0) workers.push(jobs);
      if (workers.length === 0 || random.chance(0.5)) continue;
      const [answered] = workers.splice(random.between(0, workers.length - 1), 1);
      bench.done(answered!);
    }
    await ingesting;
    return bench.stages.background.vector;
  }

  it('is the same whatever order workers answer in, and however few rows there are', async () => {
    const wanted = await meanAfter(1);
    for (let seed = 2; seed < 12; seed += 1) {
      const rows = [1, 16, 4_096][seed % 3]!;
      expect(await meanAfter(seed, { rows })).toEqual(wanted);
    }
  });

  it('is the same whoever watches, and whatever is read besides', async () => {
    const wanted = await meanAfter(1);
    for (const seed of [2, 3, 4]) {
      expect(await meanAfter(seed, { watches: true })).toEqual(wanted);
      expect(await meanAfter(seed, { asks: shapes[70]! })).toEqual(wanted);
      expect(await meanAfter(seed, { watches: true, asks: shapes[5]!, rows: 2 })).toEqual(wanted);
    }
  });

  it('is, for an answer, that of the moment when it was asked for', async () => {
    const phrase = shapes[50]!;
    const early = open();
    await early.ingest(...shapes.slice(0, 60));
    await early.readAll();
    const asking = early.stages.searcher.find([early.open(phrase)], 30, false);
    await early.readAll();
    const wanted = (await asking)[0]!;

    const bench = open();
    await bench.ingest(...shapes.slice(0, 60));
    await bench.readAll();
    const { readings, background } = bench.stages;
    const before = background.vector.slice();
    const finding = bench.stages.searcher.find([bench.open(phrase)], 30, false);
    while (readings.waitingCount === 0) await new Promise(setImmediate);
    // What is sampled now, goes first; only then comes what the answer waits for.
    const ahead = bench.take(100);
    await bench.ingest(...shapes.slice(60));
    await bench.readAll();
    expect(bench.stages.window.lineCount).toBe(120);
    expect(background.vector).not.toEqual(before);
    bench.done(ahead);
    expect((await finding)[0]).toEqual(wanted);
    // Asked now, the same lines score otherwise.
    const asked = bench.stages.searcher.find([bench.open(phrase)], 30, false);
    await bench.readAll();
    const [later = []] = await asked;
    expect(later[0]!.line).toEqual(wanted[0]!.line);
    expect(later[0]!.score).not.toBe(wanted[0]!.score);
  });
});
