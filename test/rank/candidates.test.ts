import { describe, expect, it } from 'vitest';
import { candidateCount, chooseBest } from '../../src/rank/candidates.ts';
import { glancedCandidatesMin } from '../../src/shared/limits.ts';
import { ShapeTable } from '../../src/window/shape-table.ts';
import { noFacts } from '../helpers/window-bench.ts';
import { seeded } from '../scan/vectors.ts';

interface Candidate {
  readonly key: string;
  readonly score: number;
  readonly number?: number;
}

/** @returns the keys that are chosen, in order */
async function choose(
  candidates: readonly Candidate[],
  { count, likeMax = 10 }: { readonly count: number; readonly likeMax?: number },
): Promise<string[]> {
  const table = new ShapeTable({ onForget: () => undefined });
  const shapes = candidates.map(({ key }) => table.create(key, noFacts));
  const chosen = await chooseBest({
    scores: Float32Array.from(candidates, ({ score }) => score),
    count,
    likeMax,
    table,
    eventOf: () => undefined,
    numberOf: (shape) => candidates[shape]!.number ?? shape,
  });
  expect(shapes).toEqual([...candidates.keys()]);
  return chosen.map((shape) => candidates[shape]!.key);
}

/** Lines of one message with another word in one place. */
function variants(message: string, count: number, from = 0.9): Candidate[] {
  return Array.from({ length: count }, (_, i) => ({
    key: message.replace('*', `w${i}`),
    score: from - i / 10_000,
  }));
}

describe('how many shapes are read', () => {
  it('is a number for logs, twice that for prose, and at least twice as many as are asked for', () => {
    expect(candidateCount(5, 0)).toBe(glancedCandidatesMin);
    expect(candidateCount(5, 1)).toBe(2 * glancedCandidatesMin);
    expect(candidateCount(5, 0.25)).toBe(1.25 * glancedCandidatesMin);
    expect(candidateCount(5, 1 / 3)).toBe(Math.round((4 / 3) * glancedCandidatesMin));
    expect(candidateCount(10_000, 1)).toBe(20_000);
  });
});

describe('the best shapes by glance', () => {
  it('come best first, and newer first among equals', async () => {
    const candidates = [
      { key: 'a', score: 0.1, number: 1 },
      { key: 'b', score: 0.5, number: 2 },
      { key: 'c', score: 0.5, number: 9 },
      { key: 'd', score: 0.5, number: 4 },
      { key: 'e', score: 0.9, number: 3 },
    ];
    expect(await choose(candidates, { count: 4 })).toEqual(['e', 'c', 'd', 'b']);
    expect(await choose(candidates, { count: 2 })).toEqual(['e', 'c']);
  });

  it('are all where there are no more than wanted, but never those without a score', async () => {
    expect(await choose([], { count: 5 })).toEqual([]);
    const candidates = [
      { key: 'a', score: NaN },
      { key: 'b', score: -7 },
      { key: 'c', score: NaN },
    ];
    expect(await choose(candidates, { count: 5 })).toEqual(['b']);
  });

  it('agree with a sort, over many', async () => {
    const random = seeded(2);
    const candidates = Array.from({ length: 20_000 }, (_, i) => ({
      key: `k${i}`,
      score: Math.fround(Math.floor(random() * 500) / 500),
      number: Math.floor(random() * 1e9),
    }));
    const sorted = candidates.toSorted((a, b) => b.score - a.score || b.number - a.number);
    expect(await choose(candidates, { count: 200 })).toEqual(
      sorted.slice(0, 200).map(({ key }) => key),
    );
  });

  it('give other work a turn where there are very many', async () => {
    const candidates = Array.from({ length: 50_000 }, (_, i) => ({ key: `k${i}`, score: i }));
    let turns = 0;
    const count = (): void => {
      turns += 1;
      immediate = setImmediate(count);
    };
    let immediate = setImmediate(count);
    await choose(candidates, { count: 10 });
    clearImmediate(immediate);
    expect(turns).toBeGreaterThanOrEqual(3);
  });
});

describe('of shapes that differ in one word', () => {
  const others = Array.from({ length: 30 }, (_, i) => ({
    key: `another message number${i} of its${i} own${i}`,
    score: 0.3 - i / 1_000,
  }));

  it.each(['* refused the connection', 'login of * from here', 'no space left on *'])(
    'only the best few are chosen while there are others: %s',
    async (message) => {
      const all = variants(message, 300);
      const chosen = await choose([...others, ...all], { count: 25 });
      expect(chosen).toEqual([
        ...all.slice(0, 10).map(({ key }) => key),
        ...others.slice(0, 15).map(({ key }) => key),
      ]);
    },
  );

  it('more are chosen where there is nothing else, after the others', async () => {
    const all = variants('no space left on *', 100);
    const chosen = await choose([...all, ...others], { count: 60 });
    expect(chosen).toHaveLength(60);
    expect(chosen.slice(0, 10)).toEqual(all.slice(0, 10).map(({ key }) => key));
    expect(chosen.slice(10, 40)).toEqual(others.map(({ key }) => key));
    expect(chosen.slice(40)).toEqual(all.slice(10, 30).map(({ key }) => key));
  });

  it('as many are chosen as may be alike', async () => {
    const all = variants('no space left on *', 100);
    const chosen = await choose([...all, ...others], { count: 30, likeMax: 25 });
    expect(chosen.filter((key) => key.startsWith('no space'))).toHaveLength(25);
  });

  it('others are found behind many times as many of them', async () => {
    const all = variants('no space left on *', 1_500);
    const chosen = await choose([...all, ...others], { count: 30 });
    expect(chosen.filter((key) => key.startsWith('another'))).toHaveLength(20);
  });

  it('shapes of two words are never counted: they differ in one whatever they say', async () => {
    const all = variants('restarting *', 40);
    expect(await choose([...all, ...others], { count: 40 })).toEqual(all.map(({ key }) => key));
  });

  it('those that differ in two words are not, nor those with one word more', async () => {
    const random = seeded(3);
    const two = Array.from({ length: 40 }, (_, i) => ({
      key: `left ${Math.floor(random() * 1e9)} on ${Math.floor(random() * 1e9)} today`,
      score: 0.9 - i / 1_000,
    }));
    expect(await choose([...two, ...others], { count: 40 })).toEqual(two.map(({ key }) => key));
    const longer = Array.from({ length: 40 }, (_, i) => ({
      key: `it said ${'very '.repeat(i)}much`,
      score: 0.9 - i / 1_000,
    }));
    expect(await choose([...longer, ...others], { count: 40 })).toEqual(
      longer.map(({ key }) => key),
    );
  });
});
