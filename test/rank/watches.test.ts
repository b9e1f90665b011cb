import { describe, expect, it } from 'vitest';
import type { PhraseRanking } from '../../src/rank/ranking.ts';
import { Watch, Watches } from '../../src/rank/watches.ts';

/** A ranking whose score is the raw score, and whose yardstick counts for a share. */
function ranking(phrase = 'x', share = 0): PhraseRanking {
  return {
    phrase,
    vector: new Float32Array(),
    literals: undefined,
    literalsWeight: 0,
    glance: undefined,
    raw: () => NaN,
    score: (raw, best) => raw - share * best,
    rawOf: (score, best) => score + share * best,
  };
}

describe('Watch', () => {
  it('answers by readings alone', () => {
    const watch = new Watch(ranking(), 0.5);
    watch.noteGlance(3, 0.9);
    expect(watch.judge(3, '')).toBeUndefined();
    watch.noteReading(3, 0.7);
    expect(watch.judge(3, '')).toBeCloseTo(0.7, 6);
    watch.noteReading(4, 0.49);
    expect(watch.judge(4, '')).toBeUndefined();
  });

  it('knows nothing of a shape before it was told, however large its number', () => {
    const watch = new Watch(ranking(), 0.5);
    for (const shape of [0, 1_023, 1_024, 1_000_000]) {
      expect([watch.isGlanced(shape), watch.isRead(shape)]).toEqual([false, false]);
      expect(watch.judge(shape, '')).toBeUndefined();
    }
    watch.noteGlance(1_000_000, 0.25);
    expect(watch.isGlanced(1_000_000)).toBe(true);
    expect(watch.rawOf(1_000_000)).toBe(0.25);
    expect(watch.isGlanced(999_999)).toBe(false);
  });

  it('counts a shape once towards what can be expected, by its glance until it was read', () => {
    const watch = new Watch(ranking('x', 1), 0);
    watch.noteGlance(1, 0.5);
    expect(watch.needed).toBeCloseTo(0.8, 12);
    watch.judge(1, '');
    const afterOne = (0.5 + 30 * 0.8) / 31;
    expect(watch.needed).toBeCloseTo(afterOne, 6);
    for (let i = 0; i < 5; i += 1) watch.judge(1, '');
    expect(watch.needed).toBeCloseTo(afterOne, 6);
    watch.noteReading(1, 0.9);
    expect(watch.needed).toBeCloseTo((0.9 + 30 * 0.8) / 31, 6);
    watch.judge(1, '');
    expect(watch.needed).toBeCloseTo((0.9 + 30 * 0.8) / 31, 6);
  });

  it('counts a shape by its reading where that came before its first line', () => {
    const watch = new Watch(ranking('x', 1), 0);
    watch.noteGlance(1, 0.1);
    watch.noteReading(1, 0.6);
    expect(watch.needed).toBeCloseTo(0.8, 12); // No line has committed yet.
    watch.judge(1, '');
    expect(watch.needed).toBeCloseTo((0.6 + 30 * 0.8) / 31, 6);
  });

  it('looks into readings from its margin below what it needs, and learns that margin', () => {
    const watch = new Watch(ranking(), 0.5);
    expect(watch.promising).toBeCloseTo(0.32, 12);
    for (let shape = 0; shape < 4; shape += 1) {
      watch.noteGlance(shape, 0.4);
      watch.noteReading(shape, 0.6);
    }
    expect(watch.promising).toBeCloseTo(0.12, 12);
    // A reading without a glance before it teaches nothing.
    watch.noteReading(9, 0.9);
    expect(watch.promising).toBeCloseTo(0.12, 12);
  });

  it('forgets a shape: its number is another’s next', () => {
    const watch = new Watch(ranking('x', 1), 0);
    watch.noteReading(1, 0.9);
    watch.judge(1, '');
    watch.forget(1);
    watch.forget(1_000_000); // It never knew it.
    expect([watch.isGlanced(1), watch.isRead(1), watch.judge(1, '')]).toEqual([
      false,
      false,
      undefined,
    ]);
    watch.noteGlance(1, 0.2);
    watch.judge(1, '');
    expect(watch.needed).toBeCloseTo((2 * 0.9 + 30 * 0.8) / 32, 6); // Two shapes by now.
  });
});

describe('Watches', () => {
  it('tell all that a line answers, best first', () => {
    const watches = new Watches();
    const [low, high, none] = [
      watches.add(ranking('low'), 0.1),
      watches.add(ranking('high'), 0.1),
      watches.add(ranking('none'), 0.9),
    ];
    low.noteReading(1, 0.2);
    high.noteReading(1, 0.6);
    none.noteReading(1, 0.8);
    expect(watches.judge(1, '').map(({ watch }) => watch.phrase)).toEqual(['high', 'low']);
    expect(watches.judge(2, '')).toEqual([]);
  });

  it('are as many as were added and not removed, also of one phrase', () => {
    const watches = new Watches();
    const [one, same] = [watches.add(ranking(), 0.1), watches.add(ranking(), 0.5)];
    expect(watches.remove(one)).toBe(true);
    expect(watches.remove(one)).toBe(false);
    expect(watches.all).toEqual([same]);
  });

  it('stay the same list while one is judged, though a listener removes some', () => {
    const watches = new Watches();
    const [one, other] = [watches.add(ranking('one'), 0), watches.add(ranking('other'), 0)];
    const { all } = watches;
    watches.remove(one);
    expect(all).toEqual([one, other]);
    expect(watches.all).toEqual([other]);
  });
});
