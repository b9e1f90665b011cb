import { afterEach, describe, expect, it } from 'vitest';
import { LookedAt } from '../../src/glance/looked-at.ts';
import type { PhraseRanking } from '../../src/rank/ranking.ts';
import type { FoundEvent } from '../../src/rank/searcher.ts';
import { candidateCount } from '../../src/rank/candidates.ts';
import { StagesBench } from '../helpers/stages-bench.ts';
import { seeded } from '../scan/vectors.ts';

const phrase = 'disk of the store is full';
const opened: StagesBench[] = [];
afterEach(() => {
  for (const { stages } of opened.splice(0)) stages.committer.stop();
});

function open(options: ConstructorParameters<typeof StagesBench>[0] = {}): StagesBench {
  const bench = new StagesBench({ window: 100_000, ...options });
  opened.push(bench);
  return bench;
}

/** Lines of 4 to 9 words out of 120, among them those of the phrase; no two of them alike. */
function randomLines(count: number, seed = 1): string[] {
  const random = seeded(seed);
  const letters = 'abcdefghijkl';
  const words = [
    ...phrase.split(' '),
    ...Array.from(
      { length: 114 },
      (_, i) => letters[i % 12]! + letters[(i * 7) % 12]! + letters[Math.floor(i / 12)]!,
    ),
  ];
  return Array.from({ length: count }, (_, i) => {
    const some = Array.from(
      { length: 4 + Math.floor(random() * 6) },
      () => words[Math.floor(random() ** 1.5 * words.length)]!,
    );
    return [
      ...some,
      `x${letters[i % 12]!}${letters[Math.floor(i / 12) % 12]!}${letters[Math.floor(i / 144)]!}`,
    ].join(' ');
  });
}

/** Asks, and reads what the answer waits for. */
async function find(bench: StagesBench, k: number, all = false, one = bench.open(phrase)) {
  const finding = bench.stages.searcher.find([one], k, all);
  await bench.readAll();
  return (await finding)[0]!;
}

/** What a reading of every shape of the window would answer: the raw scores by line, best first. */
function fullRanking(bench: StagesBench, ranking: PhraseRanking): { text: string; raw: number }[] {
  const all = open({ rows: 4_096 });
  const { table, frequencies, background } = bench.stages;
  const scored: { text: string; raw: number; number: number }[] = [];
  for (const [shape, text] of table.keys.entries()) {
    if (text === undefined || table.windowLines[shape] === 0) continue;
    const { vector, tokenVectors, tokenIds } = bench.embed(text);
    all.stages.ring.write(0, vector, 0);
    all.stages.tokens!.write(0, tokenVectors, 0, tokenIds);
    const phraseThere = all.stages.ranking.open(ranking.phrase, [bench.embed(ranking.phrase)]);
    const raw = phraseThere.raw(0, table.saidOf(shape), { frequencies, background });
    scored.push({ text, raw, number: bench.stages.window.newestNumberOf(shape) });
  }
  return scored.sort((a, b) => b.raw - a.raw || b.number - a.number);
}

/** How many shapes are read for the k best, where there are more. */
function candidatesOf({ stages }: StagesBench, k: number): number {
  return candidateCount(k, stages.frequencies.proseDegree);
}

function textsOf(found: readonly FoundEvent[]): string[] {
  return found.map(({ line }) => line.text);
}

describe('a search where little is read', () => {
  it('finds what reading everything would, where there are no more shapes than candidates', async () => {
    const bench = open();
    await bench.ingest(...randomLines(180));
    const wanted = fullRanking(bench, bench.open(phrase));
    const found = await find(bench, 40);
    expect(textsOf(found)).toEqual(wanted.slice(0, 40).map(({ text }) => text));
    expect(found.map(({ score }) => score)).toEqual(
      found.map(({ score }) => score).toSorted((a, b) => b - a),
    );
  });

  it('reads with 16 rows as with 4,096, and answers the same', async () => {
    const lines = randomLines(600);
    const answers: FoundEvent[][] = [];
    for (const rows of [16, 4_096]) {
      const bench = open({ rows });
      await bench.ingest(...lines);
      answers.push(await find(bench, 100));
      expect(bench.read).toHaveLength(candidatesOf(bench, 100));
    }
    expect(answers[0]).toEqual(answers[1]);
  });

  it('says why alike where readings had to go and be made again', async () => {
    const k = 700;
    const told = async (rows: number): Promise<{ whys: unknown[]; read: number }> => {
      const bench = open({ rows });
      for (const line of randomLines(2_000)) await bench.ingest(line);
      const { searcher } = bench.stages;
      const finding = searcher.find([bench.open(phrase)], k, false, undefined, { explain: true });
      await bench.readAll();
      const [found = []] = await finding;
      return { whys: found.map(({ why }) => why), read: bench.read.length };
    };
    const [few, many] = [await told(1), await told(4_096)];
    expect(few.whys).toHaveLength(k);
    expect(few.whys.every((why) => why !== undefined)).toBe(true);
    expect(few.whys).toEqual(many.whys);
    expect(few.read).toBeGreaterThan(many.read);
  });

  it('answers the same whatever was read before, and by whom', async () => {
    const lines = randomLines(700);
    const fresh = open();
    await fresh.ingest(...lines);
    const wanted = await find(fresh, 30);
    const busy = open();
    await busy.ingest(...lines);
    for (const line of lines.slice(100, 200)) {
      busy.stages.readings.listen(busy.shapeOf(line), () => undefined);
    }
    await busy.readAll();
    await find(busy, 5, false, busy.open('quite another thing'));
    expect(await find(busy, 30)).toEqual(wanted);
    const again = busy.read.length;
    expect(await find(busy, 30)).toEqual(wanted);
    // All of them are still there: nothing was read once more.
    expect(busy.read).toHaveLength(again);
  });

  it('has the best by glance read, as many as there are candidates, and no others', async () => {
    const bench = open();
    const lines = randomLines(1_000);
    await bench.ingest(...lines);
    const { table, frequencies } = bench.stages;
    const looked = new LookedAt();
    const ranking = bench.open(phrase);
    const means = Float64Array.of(0); // What all have in common tells none from another.
    const glances = lines.map((text) => {
      const shape = bench.shapeOf(text);
      const start = table.pieceStarts[shape]!;
      const count = table.pieceCounts[shape]!;
      const { pieces } = table.arena;
      const trouble = table.troubleOf(shape);
      looked.look({ pieces, start, count, trouble, key: text }, frequencies);
      return { text, glance: ranking.glance!.score(looked, means) };
    });
    glances.sort((a, b) => b.glance - a.glance);
    await find(bench, 10);
    expect(new Set(bench.read)).toEqual(
      new Set(glances.slice(0, candidatesOf(bench, 10)).map(({ text }) => text)),
    );
  });

  it('reads twice as many as are wanted where that is more', async () => {
    const bench = open({ rows: 1_000 });
    await bench.ingest(...randomLines(1_000));
    expect(await find(bench, 300)).toHaveLength(300);
    expect(bench.read).toHaveLength(600);
  });

  it('lists the newer first among equals', async () => {
    const bench = open();
    // The same words to the model, but lines of their own.
    await bench.ingest('disk full now', 'other words here', 'disk  full now', 'disk full  now');
    const found = await find(bench, 4);
    expect(found.slice(0, 3).map(({ line }) => line.number)).toEqual([4, 3, 1]);
  });

  it('finds several phrases at one moment, each with its own scores', async () => {
    const bench = open();
    await bench.ingest(...randomLines(300));
    const phrases = [phrase, 'kaa lbb', 'store'].map((one) => bench.open(one));
    const finding = bench.stages.searcher.find(phrases, 20, false);
    await bench.readAll();
    const together = await finding;
    for (const [i, one] of phrases.entries()) {
      expect(together[i]).toEqual(await find(bench, 20, false, one));
    }
  });

  it('finds nothing in an empty window, and reads nothing for it', async () => {
    const bench = open();
    expect(await find(bench, 5)).toEqual([]);
    expect(bench.read).toEqual([]);
  });

  it('leaves out what the model makes nothing of', async () => {
    const bench = open();
    await bench.ingest('disk full', 'disk is full', 'store is full');
    const finding = bench.stages.searcher.find([bench.open(phrase)], 5, false);
    while (bench.stages.readings.waitingCount === 0) await new Promise(setImmediate);
    const jobs = bench.take(1);
    bench.done(jobs, 0);
    await bench.readAll();
    const [found = []] = await finding;
    expect(found).toHaveLength(2);
    expect(textsOf(found)).not.toContain(jobs[0]!.text);
  });
});

describe('an answer', () => {
  it('is of the moment when it was asked for: lines, counts, frequencies', async () => {
    const bench = open({ window: 30 });
    const lines = randomLines(30);
    await bench.ingest(...lines.slice(0, 20), ...lines.slice(0, 10));
    const wanted = await find(bench, 50, true);
    expect(wanted).toHaveLength(20);

    const same = open({ window: 30 });
    await same.ingest(...lines.slice(0, 20), ...lines.slice(0, 10));
    let moment = 0;
    const finding = same.stages.searcher.find([same.open(phrase)], 50, true, () => {
      moment = same.stages.committer.lastNumber;
    });
    while (same.stages.readings.waitingCount === 0) await new Promise(setImmediate);
    // All it found leaves before anything was read, and their words become common.
    for (const line of lines.slice(20)) await same.ingest(line, `${line} more`, `${line} and more`);
    expect(same.stages.window.evictedThrough).toBe(30);
    expect(same.stages.committer.waitingCount).toBe(0);
    await same.readAll();
    expect((await finding)[0]).toEqual(wanted);
    expect(moment).toBe(30);
    // Now nobody holds them any more.
    expect(same.stages.table.get(lines[0]!)).toBeUndefined();
  });

  it('lets lines wait only while its candidates are chosen', async () => {
    const bench = open();
    await bench.ingest(...randomLines(300));
    const finding = bench.stages.searcher.find([bench.open(phrase)], 5, false);
    await Promise.resolve();
    await bench.ingest('one more line', 'and another');
    expect(bench.stages.committer.waitingCount).toBe(2);
    while (bench.stages.readings.waitingCount === 0) await new Promise(setImmediate);
    expect(bench.stages.committer.waitingCount).toBe(0);
    expect(bench.stages.window.lineCount).toBe(302);
    await bench.readAll();
    await finding;
  });

  it('tells how many lines there are, or with --all the lines, newest first', async () => {
    const bench = open();
    await bench.ingest('disk full', 'ok', 'disk full', 'disk full', 'ok');
    const told = await find(bench, 2);
    expect(told).toMatchObject([
      { count: 3, line: { number: 4 }, lines: [] },
      { count: 2, line: { number: 5 }, lines: [] },
    ]);
    const [disk, ok] = await find(bench, 2, true);
    expect(disk!.lines.map(({ number }) => number)).toEqual([4, 3]); // No more than asked for.
    expect(ok!.lines.map(({ number }) => number)).toEqual([5, 2]);
  });

  it('holds few variants of one message while there are others', async () => {
    const bench = open();
    const letters = 'abcdefghijklmnopqrst';
    const variants = Array.from(
      { length: 400 },
      (_, i) => `disk of the store is full ${letters[i % 20]!}${letters[Math.floor(i / 20)]!}q`,
    );
    await bench.ingest(...randomLines(600), ...variants);
    await find(bench, 10);
    expect(bench.read.filter((text) => variants.includes(text))).toHaveLength(10);
  });
});

describe('two questions at once', () => {
  it('choose one after the other, each at its moment, and both are answered', async () => {
    const bench = open();
    await bench.ingest(...randomLines(200));
    const moments: number[] = [];
    const ask = (): Promise<FoundEvent[][]> =>
      bench.stages.searcher.find([bench.open(phrase)], 10, false, () => {
        moments.push(bench.stages.committer.lastNumber);
        void bench.ingest(`line ${moments.length === 1 ? 'one' : 'two'} that comes meanwhile`);
      });
    const both = [ask(), ask()];
    await bench.readAll();
    const [one, other] = (await Promise.all(both)).map(([found]) => found);
    expect(one).toHaveLength(10);
    expect(other).toHaveLength(10);
    expect(moments).toEqual([200, 201]);
    expect(bench.stages.window.lineCount).toBe(202);
    expect(new Set(bench.read).size).toBe(bench.read.length);
  });
});

describe('vectors from outside', () => {
  it('join the candidates by their cosine, and are told of like lines', async () => {
    const bench = open();
    await bench.ingest('disk full', 'all quiet');
    const vector = Float32Array.from(bench.open(phrase).vector);
    bench.ingestRaw('near', vector);
    bench.ingestRaw(
      'far',
      vector.map((value) => -value),
    );
    const found = await find(bench, 10);
    expect(new Set(textsOf(found))).toEqual(new Set(['disk full', 'all quiet', 'near', 'far']));
    const near = textsOf(found).indexOf('near');
    expect(near).toBeLessThan(textsOf(found).indexOf('far'));
    expect(bench.read.sort()).toEqual(['all quiet', 'disk full']);
  });

  it('are answered though they leave the window meanwhile', async () => {
    const bench = open({ rows: 2 });
    await bench.ingest('disk full');
    for (const text of ['one', 'two']) bench.ingestRaw(text);
    const finding = bench.stages.searcher.find([bench.open(phrase)], 10, false);
    while (bench.stages.readings.waitingCount === 0) await new Promise(setImmediate);
    for (const text of ['three', 'four', 'five']) bench.ingestRaw(text);
    await bench.readAll();
    const [found = []] = await finding;
    expect(textsOf(found).sort()).toEqual(['disk full', 'one', 'two']);
    expect(bench.stages.rows.leasedCount).toBe(2); // Of the window: all else was let go.
  });
});

describe('a vector from outside that finds no row', () => {
  it('finds one when a question lets go of those it held (bug: ingestion stood still)', async () => {
    const bench = open({ rows: 1_000 });
    const { committer, searcher } = bench.stages;
    await bench.ingest('disk full');
    for (let i = 0; i < 1_000; i += 1) bench.ingestRaw(`old ${i}`);
    await bench.ingest('disk full');
    const finding = searcher.find([bench.open(phrase)], 500, false);
    while (bench.stages.readings.waitingCount === 0) await new Promise(setImmediate);
    let count = 0;
    while (bench.ingestRaw(`new ${count}`)) count += 1;
    expect(count).toBeGreaterThan(500);
    const ingesting = (async () => {
      while (!bench.ingestRaw('last')) await committer.progress();
      return 'ingested';
    })();
    await bench.readAll();
    await finding;
    const stuck = new Promise((resolve) => setTimeout(resolve, 500, 'stuck'));
    expect(await Promise.race([ingesting, stuck])).toBe('ingested');
  });
});

describe('where nothing is read any more', () => {
  it('what waits is rejected, what comes later too, and shapes are let go', async () => {
    const bench = open({ window: 20 });
    const lines = randomLines(40);
    await bench.ingest(...lines.slice(0, 20));
    const { searcher, readings, table } = bench.stages;
    const failing = [1, 2].map(() => searcher.find([bench.open(phrase)], 5, false));
    const settled = Promise.allSettled(failing);
    while (readings.waitingCount === 0) await new Promise(setImmediate);
    const jobs = bench.take(3);
    searcher.fail(new Error('planted'));
    for (const one of await settled) expect(one).toMatchObject({ reason: { message: 'planted' } });
    await expect(searcher.find([bench.open(phrase)], 5, false)).rejects.toThrow('planted');
    // The stream may go on: what was asked for leaves the window, what was under way arrives.
    await bench.ingest(...lines.slice(20));
    bench.done(jobs);
    expect(table.end).toBeLessThanOrEqual(41);
    for (const line of lines.slice(0, 20)) expect(table.get(line)).toBeUndefined();
    expect(readings.waitingCount).toBe(0);
  });

  it('the first reason counts', async () => {
    const bench = open();
    await bench.ingest('a line');
    bench.stages.searcher.fail(new Error('first'));
    bench.stages.searcher.fail(new Error('second'));
    await expect(bench.stages.searcher.find([bench.open(phrase)], 5, false)).rejects.toThrow(
      'first',
    );
  });
});
