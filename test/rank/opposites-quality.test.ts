import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Engine } from '../../dist/index.js';

/** Lines that say the contrary of each other, and a phrase that means one of them. */
interface Pair {
  readonly kind: string;
  readonly phrase: string;
  readonly right: string;
  readonly contrary: string;
}
const file = new URL('../fixtures/opposites/pairs.jsonl', import.meta.url);
const pairs = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Pair);

describe('of two lines that say the contrary of each other', () => {
  const scores: { right: number; contrary: number }[] = [];

  beforeAll(async () => {
    const engine = await Engine.open();
    await engine.ingestBatch(pairs.flatMap(({ right, contrary }) => [right, contrary]));
    const results = await engine.searchAll(
      pairs.map(({ phrase }) => phrase),
      10_000,
      { all: true },
    );
    await engine.close();
    for (const [index, { right, contrary }] of pairs.entries()) {
      const scoreOf = (text: string): number =>
        results[index]!.find((match) => match.text === text)!.score;
      scores.push({ right: scoreOf(right), contrary: scoreOf(contrary) });
    }
  }, 60_000);

  it('the one that a phrase means comes first', () => {
    const first = scores.filter(({ right, contrary }) => right > contrary);
    expect(first.length).toBeGreaterThanOrEqual(pairs.length - 2);
  });

  it('the one that a phrase means answers, the other one rarely', () => {
    expect(scores.filter(({ right }) => right >= 0.5).length).toBeGreaterThanOrEqual(57);
    expect(scores.filter(({ contrary }) => contrary >= 0.5).length).toBeLessThanOrEqual(12);
  });
});
