import { describe, expect, it } from 'vitest';
import { proseDegree, WordCounts } from '../../src/glance/prose.ts';

/** Words, and the function words among them. */
const log = [10, 1] as const;
const message = [14, 8] as const;

function degreeAfter(...shapes: readonly (readonly [number, number])[]): number {
  const sums = shapes.reduce(
    ([all, some], [words, ofThem]) => [all + words, some + ofThem],
    [0, 0],
  );
  return proseDegree(...(sums as [number, number]));
}

describe('a stream', () => {
  it('is taken for logs before anything was seen', () => {
    expect(degreeAfter()).toBe(0);
  });

  it('is prose once most shapes are, and less so among logs', () => {
    const messages = Array.from({ length: 50 }, () => message);
    expect(degreeAfter(...messages)).toBe(1);
    expect(degreeAfter(...Array.from({ length: 50 }, () => log))).toBeLessThan(0.7);
  });

  it('of short function words alone does no more than be prose', () => {
    expect(degreeAfter(...Array.from({ length: 500 }, () => [3, 3] as const))).toBe(1);
  });
});

describe('words and function words', () => {
  const pieces = ['', 'the', 'pool', '##s', '.', 'is', '3', '##the', 'é', '[UNK]'];

  it('are told by their wordpieces, whatever goes on with a word left out', () => {
    const counts = new WordCounts((id) => pieces[id] ?? '');
    for (let id = 0; id < pieces.length; id += 1) counts.add(id, 1);
    expect([counts.words, counts.functionWords]).toEqual([5, 2]); // the pool is 3 é
  });

  it('leave no trace when they are taken back', () => {
    const counts = new WordCounts((id) => pieces[id] ?? '');
    for (const id of [1, 2, 5, 1]) counts.add(id, 1);
    for (const id of [1, 5, 2, 1]) counts.add(id, -1);
    expect([counts.words, counts.functionWords]).toEqual([0, 0]);
  });
});
