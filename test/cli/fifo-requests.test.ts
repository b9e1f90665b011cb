/** What comes through the control FIFO: faults 31 and 32, and the answers to requests. */
import {
  chownSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  openSync,
  readFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  endInstance,
  makeTestFifo,
  shopLog,
  startInstance,
  TestAsker,
  until,
  wrongPlaces,
  writeToFifo,
  type Instance,
} from '../control/instance.ts';
import { temporaryFolder } from '../helpers/model-folder.ts';
import { oracleGap } from '../helpers/run-imesde.ts';

const query = { op: 'query', phrase: 'lost the database' };
const isRoot = process.geteuid?.() === 0;

describe('with a running instance', () => {
  let instance: Instance;
  let asker: TestAsker;

  beforeAll(async () => {
    instance = startInstance(['--json', '--stats']);
    instance.running.child.stdin.write(shopLog);
    asker = new TestAsker(instance.fifo);
    await until(() => existsSync(instance.fifo));
  });

  afterAll(async () => {
    asker.close();
    await endInstance(instance);
    const { stderr } = await instance.running.result;
    expect(oracleGap(stderr)).toBe(0);
  });

  it('a request that came while the model loaded sees the lines that were there', async () => {
    const [best, ...rest] = await asker.ask({ ...query, id: 'early', top: 1 });
    expect(best).toMatchObject({ id: 'early', query: query.phrase, rank: 1 });
    expect(String(best?.['text'])).toContain('database');
    expect(rest).toEqual([
      {
        id: 'early',
        done: true,
        matches: 1,
        answers: 1,
        minScore: expect.any(Number) as number,
        best: best?.['score'],
        line: lineCount(shopLog),
      },
    ]);
  });

  it('an answer has the keys of a match in their order, and the id as it came', async () => {
    const [byShape, done] = await asker.ask({ ...query, id: 7, top: 1 });
    const keys = ['id', 'query', 'rank', 'score', 'count', 'first', 'line', 'time', 'text'];
    expect(Object.keys(byShape ?? {})).toEqual(keys);
    expect(done).toMatchObject({ id: 7 });
    const [byLine] = await asker.ask({ ...query, top: 1, all: true });
    expect(Object.keys(byLine ?? {})).toEqual(
      keys.filter((key) => !['id', 'count', 'first'].includes(key)),
    );
  });

  it('without top only what answers comes, and the end says how many that is', async () => {
    const [done] = await asker.ask({ ...query, phrase: 'penguins in the snow' });
    expect(done).toMatchObject({ done: true, matches: 0, answers: 0 });
    expect(Number(done?.['best'])).toBeLessThan(Number(done?.['minScore']));
    const nearest = await asker.ask({ ...query, phrase: 'penguins in the snow', top: 2 });
    expect(nearest).toHaveLength(3);
    expect(nearest[2]).toMatchObject({ matches: 2, answers: 0 });
    const all = await asker.ask(query);
    const end = all.pop();
    expect(all.length).toBeGreaterThan(0);
    expect(all.length).toBeLessThanOrEqual(5);
    for (const { score } of all) expect(score).toBeGreaterThanOrEqual(Number(end?.['minScore']));
    expect(end).toMatchObject({
      matches: all.length,
      answers: all.length,
      best: all[0]?.['score'],
    });
  });

  it('minScore leaves out what scores less', async () => {
    const found = await asker.ask({ ...query, top: 20 });
    const scores = found.slice(0, -1).map(({ score }) => Number(score));
    const minScore = ((scores[0] ?? NaN) + (scores.at(-1) ?? NaN)) / 2;
    const fewer = await asker.ask({ ...query, top: 20, minScore });
    expect(fewer.slice(0, -1).map(({ score }) => Number(score))).toEqual(
      scores.filter((score) => score >= minScore),
    );
    expect(fewer.length).toBeLessThan(found.length);
  });

  it.each([
    ['half a line', '{"op":"que'],
    ['a megabyte', `${'x'.repeat(1024 * 1024)}\n`],
    ['bad JSON', '{"op":"query",}\n'],
    ['an unknown operation', '{"op":"fly"}\n'],
    ['a request that is too long', `{"op":"query","phrase":"${'x'.repeat(4_096)}"}\n`],
  ])('%s is one error, and the next request works', async (_what, text) => {
    const before = errorsOf(instance);
    await writeToFifo(instance.fifo, text);
    await setTimeout(100); // For a read of its own, as it has where people write by hand.
    expect(await asker.ask({ ...query, top: 1 })).toHaveLength(2);
    await until(() => errorsOf(instance) > before);
    await setTimeout(50);
    expect(errorsOf(instance) - before).toBe(1);
  });

  it('garbage disturbs nothing', async () => {
    const bytes = Buffer.from(
      Uint32Array.from({ length: 2_000 }, (_, i) => (i * 2_654_435_761) >>> 9),
    );
    await writeToFifo(instance.fifo, `${bytes.toString('latin1')}\n`);
    expect(await asker.ask({ ...query, top: 1 })).toHaveLength(2);
  });

  it.each(Object.entries(wrongPlaces))('a reply that is %s gets nothing', async (_what, make) => {
    const place = path.join(temporaryFolder(), 'reply');
    make(place);
    await writeToFifo(instance.fifo, `${JSON.stringify({ ...query, reply: place })}\n`);
    expect(await asker.ask({ ...query, top: 1 })).toHaveLength(2);
    for (const file of [place, `${place}-target`]) {
      const found = lstatSync(file, { throwIfNoEntry: false });
      if (found?.isFile() === true) expect(readFileSync(file, 'utf8')).toBe('precious');
    }
  });

  it.runIf(isRoot)("a reply that is another user's FIFO gets nothing", async () => {
    const stranger = new TestAsker(instance.fifo);
    chownSync(stranger.reply, 65_534, 65_534);
    await stranger.send(query);
    expect(await asker.ask({ ...query, top: 1 })).toHaveLength(2);
    const answered = await Promise.race([stranger.answer(), setTimeout(200, 'nothing')]);
    expect(answered).toBe('nothing');
    stranger.close();
  });

  it('a reply that is the control FIFO itself asks nothing', async () => {
    // Of this phrase alone: answers to the garbage above may still come.
    const answers = (): number =>
      instance.running.stdout.split(JSON.stringify(query.phrase)).length;
    const before = answers();
    const loop = JSON.stringify({ ...query, reply: instance.fifo });
    await writeToFifo(instance.fifo, `${loop}\n`);
    expect(await asker.ask({ ...query, top: 1 })).toHaveLength(2);
    await setTimeout(100);
    expect(answers()).toBe(before);
  });

  it('askers that never read, or vanish, delay nobody', async () => {
    const silent = makeTestFifo(path.join(temporaryFolder(), 'reply'));
    const fd = openSync(silent, constants.O_RDWR | constants.O_NONBLOCK);
    for (let i = 0; i < 50; i += 1) {
      const big = { ...query, top: 10_000, all: true, minScore: -1, reply: silent };
      await writeToFifo(instance.fifo, `${JSON.stringify(big)}\n`);
    }
    const gone = new TestAsker(instance.fifo);
    await gone.send({ ...query, top: 10_000, all: true });
    gone.close();
    expect(await asker.ask({ ...query, top: 1 })).toHaveLength(2);
    const before = await linesRead(asker);
    instance.running.child.stdin.write('and another line\n');
    while ((await linesRead(asker)) === before) await setTimeout(10);
    closeSync(fd);
  });

  it('many requests of one asker get their answers whole and in order', async () => {
    const ids = Array.from({ length: 40 }, (_, i) => `many-${i}`);
    for (const id of ids) await asker.send({ ...query, id, top: 50, minScore: -1 });
    for (const id of ids) {
      const answer = await asker.answer();
      expect(new Set(answer.map((line) => line['id']))).toEqual(new Set([id]));
    }
  });
});

/** Errors on its stdout: answers to requests that named no reply. */
function errorsOf({ running }: Instance): number {
  return running.stdout.split('\n').filter((line) => line.startsWith('{"error":')).length;
}

async function linesRead(asker: TestAsker): Promise<number> {
  const [status] = await asker.ask({ op: 'status' });
  return (status?.['lines'] as { read: number }).read;
}

function lineCount(text: string): number {
  return text.split('\n').length - 1;
}
