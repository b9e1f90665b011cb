/** The answers to requests through the control FIFO. */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  endInstance,
  shopLog,
  startInstance,
  TestAsker,
  until,
  type Instance,
} from '../control/instance.ts';
import { oracleGap } from '../helpers/run-imesde.ts';

const query = { op: 'query', phrase: 'lost the database' };

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

  it('many requests of one asker get their answers whole and in order', async () => {
    const ids = Array.from({ length: 40 }, (_, i) => `many-${i}`);
    for (const id of ids) await asker.send({ ...query, id, top: 50, minScore: -1 });
    for (const id of ids) {
      const answer = await asker.answer();
      expect(new Set(answer.map((line) => line['id']))).toEqual(new Set([id]));
    }
  });
});

function lineCount(text: string): number {
  return text.split('\n').length - 1;
}
