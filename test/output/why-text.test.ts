import { describe, expect, it } from 'vitest';
import { whyText } from '../../src/output/why-text.ts';

const why = {
  words: [
    { word: 'db', weight: 0.6, met: 'database', strength: 0.92 },
    { word: 'failure', weight: 0.4, met: 'refused', strength: 0.614 },
  ],
  coverage: 0.55,
  whole: 0.481,
  trouble: { phrase: 1, line: 1 },
  troublePenalty: 0,
  contradictionPenalty: 0,
  sum: 0.84,
  yardstick: 0.9,
  minScore: 0.3,
};

describe('why a line scores what it does, in words', () => {
  it('says which words met, how strongly, and what came of it', () => {
    expect(whyText(why, 0.7341)).toEqual([
      'db ~ database 0.92, failure ~ refused 0.61; whole 0.48',
      'both tell of trouble; sum 0.84, yardstick 0.90: scored 0.734, needs 0.30',
    ]);
  });

  it('says who alone speaks of trouble, and nothing where nobody does', () => {
    const second = (trouble: { phrase: number; line: number }, troublePenalty: number): string =>
      whyText({ ...why, trouble, troublePenalty }, 0.5)[1]!;
    expect(second({ phrase: 1, line: 0 }, 0.15)).toMatch(/^only the phrase tells .* \(−0\.15\); /);
    expect(second({ phrase: 0, line: 0.5 }, 0.015)).toMatch(/^only the line tells of trouble \(/);
    expect(second({ phrase: 0, line: 0 }, 0)).toMatch(/^sum /);
  });

  it('says what is contradicted, which numbers are there, and which part was met', () => {
    const words = [
      { word: 'login', weight: 0.5, met: 'login', strength: 1 },
      {
        word: 'accepted',
        weight: 0.5,
        met: 'rejected',
        strength: 0.8,
        contradicted: true as const,
      },
      { word: 'alone', weight: 0, met: undefined, strength: 0 },
    ];
    const [first, second] = whyText({ ...why, part: 'a b', words, literals: ['503'] }, 0.5);
    expect(first).toBe(
      'as "a b": login ~ login 1.00, accepted contradicted by rejected, alone ~ nothing; whole 0.48',
    );
    expect(second).toContain('; with 503 in it; sum');
    expect(whyText({ ...why, literals: [] }, 0.5)[1]).toContain('without its numbers');
  });

  it('is the cosine where there is nothing else', () => {
    expect(whyText({ words: [], whole: 0.5123, sum: 0.5123, minScore: 0.45 }, 0.5123)).toEqual([
      'cosine of the two texts 0.51, needs 0.45',
    ]);
  });
});
