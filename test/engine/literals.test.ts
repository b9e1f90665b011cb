import { describe, expect, it } from 'vitest';
import { Engine } from '../../dist/index.js';

const cuts = [25, 50, 75].map((points) => `Fed cuts rates by ${points} basis points`);
const lines = [...cuts, 'Oil price falls', ...cuts.toReversed()];
const phrase = 'rates cut by 75 points';

describe('a phrase with a number', { timeout: 60_000 }, () => {
  it.each(['lines', 'shapes'] as const)(
    'is answered by the newest line of the shape that holds it (keep: %s)',
    async (keep) => {
      await using engine = await Engine.open({ keep });
      await engine.prepare([phrase]);
      await engine.ingestBatch(lines);
      const [best] = await engine.search(phrase, 1);
      expect(best).toMatchObject({ text: cuts[2], line: 5, count: 6 });
      const [other] = await engine.search('rates cut by 99 points', 1);
      expect(other).toMatchObject({ text: cuts[0], line: 7, count: 6 });
      expect(best!.score).toBeGreaterThan(other!.score);
    },
  );

  it('prefers lines that hold it among all, and drops none for lacking it', async () => {
    await using engine = await Engine.open();
    await engine.ingestBatch(lines);
    const matches = await engine.search(phrase, 6, { all: true });
    expect(matches.map(({ line }) => line)).toEqual([5, 3, 7, 6, 2, 1]);
    expect(matches[1]!.score).toBe(matches[0]!.score);
    expect(matches[2]!.score).toBeLessThan(matches[1]!.score);
  });

  it('lets a watch tell of lines that hold it only, where it is strict', async () => {
    await using engine = await Engine.open();
    const printed: string[] = [];
    engine.onMatch(({ text }) => printed.push(text));
    await engine.addWatch(phrase, 0.97);
    await engine.ingestBatch(lines);
    await engine.drained();
    expect(printed).toEqual([cuts[2], cuts[2]]);
  });
});
