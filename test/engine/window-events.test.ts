import { describe, expect, it } from 'vitest';
import { Engine } from '../../dist/index.js';

const lines = [
  ...Array.from({ length: 12 }, (_, i) => `connection from 192.0.2.${i} closed by peer`),
  ...Array.from({ length: 8 }, (_, i) => `connection to 192.0.2.${i} opened by peer`),
  'the moon is made of green cheese',
];

async function withEngine<T>(
  rank: 'cosine' | 'meaning',
  use: (engine: Engine) => Promise<T>,
): Promise<T> {
  const engine = await Engine.open({ rank });
  try {
    await engine.ingestBatch(lines);
    return await use(engine);
  } finally {
    await engine.close();
  }
}

describe('an engine', { timeout: 60_000 }, () => {
  it('lists the events of its window, each with its count and newest line', async () => {
    const events = await withEngine('meaning', (engine) => engine.events());
    expect(events.map(({ count, line, text }) => [count, line, text])).toEqual([
      [12, 12, lines[11]],
      [8, 20, lines[19]],
      [1, 21, lines[20]],
    ]);
    for (const { first, last } of events) expect(first).toBeLessThanOrEqual(last);
  });

  it('that reads everything knows what its lines have in common, and what is far from it', async () => {
    await withEngine('cosine', async (engine) => {
      const centroid = await engine.centroid();
      const vectors = await Promise.all(lines.map((line) => engine.embedQuery(masked(line))));
      for (const [i, value] of centroid.entries()) {
        const mean = vectors.reduce((sum, vector) => sum + (vector[i] ?? 0), 0) / lines.length;
        expect(value).toBeCloseTo(mean, 5);
      }
      const scores = await engine.scoresFromCentroid();
      expect(scores.map(({ count }) => count)).toEqual([1, 8, 12]);
      expect(scores.map(({ score }) => score)).toEqual(
        scores.map(({ score }) => score).toSorted((one, other) => one - other),
      );
      const [farthest] = scores;
      expect(farthest?.text).toBe('the moon is made of green cheese');
      const outliers = await engine.outliers((farthest?.score ?? 0) + 0.001);
      expect(outliers).toEqual([farthest]);
      expect(await engine.outliers(-1)).toEqual([]);
    });
  });

  it('that reads little has no centroid, and says what to do', async () => {
    await withEngine('meaning', async (engine) => {
      await expect(engine.centroid()).rejects.toThrow(/open the engine with rank: 'cosine'/);
      await expect(engine.outliers(0.5)).rejects.toThrow(/rank: 'cosine'/);
      await expect(engine.scoresFromCentroid()).rejects.toThrow(/rank: 'cosine'/);
    });
  });
});

/** The words of these lines without their values, as the model reads them. */
function masked(line: string): string {
  return line.replace(/ 192\.0\.2\.\d+/, '');
}
