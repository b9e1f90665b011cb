/** Examples of what is meant, and what is not, with the real model. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Engine, type Marks, type Match } from '../../dist/index.js';

const auth = readFileSync(new URL('../fixtures/logs/auth.log', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');
const phrase = 'someone failed to log in';
const wrong = auth.find((line) => line.includes('incorrect password attempts'))!;
const right = auth.find((line) => line.includes('pam_unix(sshd:auth): authentication failure'))!;

async function opened(rank: 'meaning' | 'cosine'): Promise<Engine> {
  const engine = await Engine.open({ rank });
  await engine.ingestBatch(auth);
  return engine;
}

async function watched(marks: Marks, options: { workers: number; batch: number }) {
  await using engine = await Engine.open({ workers: options.workers });
  const told: string[] = [];
  await engine.addWatch(phrase, 0.3, marks);
  engine.onMatch(({ line, hits }) => told.push(`${line} ${hits[0]!.score}`));
  for (let from = 0; from < auth.length; from += options.batch) {
    await engine.ingestBatch(auth.slice(from, from + options.batch));
  }
  await engine.drained();
  return told;
}

const textsOf = (matches: readonly Match[]): string[] => matches.map(({ text }) => text);

describe('examples', { timeout: 60_000 }, () => {
  it.each(['meaning', 'cosine'] as const)(
    'raise what is like them, beside a phrase (%s)',
    async (rank) => {
      await using engine = await opened(rank);
      const scoreIn = (matches: readonly Match[]): number =>
        matches.find(({ text }) => text.includes('PAM 2 more'))!.score;
      const before = scoreIn(await engine.search(phrase, 50));
      const after = scoreIn(await engine.search(phrase, 50, { like: [right] }));
      expect(after).toBeGreaterThan(before + 0.05);
    },
  );

  it.each(['meaning', 'cosine'] as const)(
    'stand in place of a phrase, and name what is found (%s)',
    async (rank) => {
      await using engine = await opened(rank);
      const [best] = await engine.search('', 1, { like: [wrong] });
      expect(best!.text).toContain('incorrect password attempts');
      expect(best!.query).toBe(wrong);
      const { answers } = await engine.question([], { like: [wrong] });
      expect(answers).toHaveLength(1);
      expect(answers[0]!.answers).toBeGreaterThan(0);
    },
  );

  it('are lines: their values say nothing', async () => {
    await using engine = await opened('meaning');
    const other = right
      .replace(/sshd\[\d+\]/, 'sshd[77]')
      .replace(/\d+\.\d+\.\d+\.\d+/, '10.9.8.7')
      .replace(/^.{15}/, 'Apr  2 11:12:13');
    expect(other).not.toBe(right);
    const scores = (matches: readonly Match[]) => matches.map(({ line, score }) => [line, score]);
    expect(scores(await engine.search(phrase, 20, { like: [other] }))).toEqual(
      scores(await engine.search(phrase, 20, { like: [right] })),
    );
  });
});

describe('what is not meant', { timeout: 60_000 }, () => {
  it.each([
    ['meaning', false],
    ['meaning', true],
    ['cosine', false],
    ['cosine', true],
  ] as const)('is not told, however many are asked for (%s, all: %s)', async (rank, all) => {
    await using engine = await opened(rank);
    const before = textsOf(await engine.search(phrase, 10_000, { all }));
    const after = textsOf(await engine.search(phrase, 10_000, { all, unlike: [wrong] }));
    expect(before).toContain(wrong);
    expect(after).not.toContain(wrong);
    expect(after.some((text) => text.includes('authentication failure'))).toBe(true);
    expect(after.length).toBeLessThan(before.length);
  });

  it('leaves the scores of all else as they are', async () => {
    await using engine = await opened('meaning');
    const scoreOf = new Map(
      (await engine.search(phrase, 10_000)).map(({ line, score }) => [line, score]),
    );
    const after = await engine.search(phrase, 10_000, { unlike: [wrong] });
    expect(after.every(({ line, score }) => scoreOf.get(line) === score)).toBe(true);
  });

  it('is told where it is nearer to an example', async () => {
    await using engine = await opened('meaning');
    const marks = { like: [wrong], unlike: ['incorrect password'] };
    expect(textsOf(await engine.search(phrase, 10, marks))).toContain(wrong);
  });
});

describe('a watch with marks', { timeout: 60_000 }, () => {
  const marks = { like: [right], unlike: [wrong] };

  it('tells more of what is like the example, and nothing of what is not meant', async () => {
    const options = { workers: 1, batch: 500 };
    const lineOf = (text: string): string => `${auth.indexOf(text) + 1} `;
    const isTold = (told: readonly string[], text: string): boolean =>
      told.some((one) => one.startsWith(lineOf(text)));
    const plain = await watched({}, options);
    const marked = await watched(marks, options);
    expect([isTold(plain, wrong), isTold(marked, wrong)]).toEqual([true, false]);
    expect(isTold(marked, right)).toBe(true);
  });

  it('tells the same however fast the workers are, and however lines come', async () => {
    const wanted = await watched(marks, { workers: 1, batch: 500 });
    expect(wanted.length).toBeGreaterThan(2);
    expect(await watched(marks, { workers: 2, batch: 7 })).toEqual(wanted);
  });
});
