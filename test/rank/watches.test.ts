import { describe, expect, it } from 'vitest';
import type { GlancePhrase } from '../../src/glance/glance.ts';
import type { LookedAt } from '../../src/glance/looked-at.ts';
import type { PhraseRanking } from '../../src/rank/ranking.ts';
import { Watch, Watches } from '../../src/rank/watches.ts';

const logs = { proseDegree: 0 };

/** A shape of which a glance sees a score, and what it speaks of as a whole. */
interface Seen {
  readonly score: number;
  readonly whole: number;
}

function seen(score: number, whole = 0): LookedAt {
  return { score, whole } satisfies Seen as unknown as LookedAt;
}

/**
 * A ranking whose score is the raw score, and whose yardstick counts for a share; in prose both are
 * worth more by as much as it is prose.
 */
function ranking(phrase = 'x', share = 0): PhraseRanking {
  const way = { whole: NaN };
  const glance = {
    ways: [way],
    score: (shape: LookedAt, [mean = NaN]: Float64Array) => {
      const { score, whole } = shape as unknown as Seen;
      way.whole = whole;
      return score - mean;
    },
  };
  return {
    phrase,
    vector: new Float32Array(),
    literals: undefined,
    literalsWeight: 0,
    glance: glance as unknown as GlancePhrase,
    raw: () => NaN,
    score: (raw, best, prose) => raw - share * best + prose,
    rawOf: (score, best, prose) => score + share * best - prose,
    explain: () => ({ words: [], whole: 0 }),
    yardstickOf: (best) => best,
  };
}

describe('Watch', () => {
  it('answers by readings alone', () => {
    const watch = new Watch(ranking(), 0.5, logs);
    watch.glanceAt(3, seen(0.9));
    expect(watch.judge(3, '')).toBeUndefined();
    watch.noteReading(3, 0.7);
    expect(watch.judge(3, '')).toBeCloseTo(0.7, 6);
    watch.noteReading(4, 0.49);
    expect(watch.judge(4, '')).toBeUndefined();
  });

  it('knows nothing of a shape before it was told, however large its number', () => {
    const watch = new Watch(ranking(), 0.5, logs);
    for (const shape of [0, 1_023, 1_024, 1_000_000]) {
      expect([watch.isGlanced(shape), watch.isRead(shape)]).toEqual([false, false]);
      expect(watch.judge(shape, '')).toBeUndefined();
    }
    watch.glanceAt(1_000_000, seen(0.25));
    expect(watch.isGlanced(1_000_000)).toBe(true);
    expect(watch.rawOf(1_000_000)).toBe(0.25);
    expect(watch.isGlanced(999_999)).toBe(false);
  });

  it('counts a shape once towards what can be expected, by its glance until it was read', () => {
    const watch = new Watch(ranking('x', 1), 0, logs);
    watch.glanceAt(1, seen(0.5));
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
    const watch = new Watch(ranking('x', 1), 0, logs);
    watch.glanceAt(1, seen(0.1));
    watch.noteReading(1, 0.6);
    expect(watch.needed).toBeCloseTo(0.8, 12); // No line has committed yet.
    watch.judge(1, '');
    expect(watch.needed).toBeCloseTo((0.6 + 30 * 0.8) / 31, 6);
  });

  it('looks into readings from its margin below what it needs, and learns that margin', () => {
    const watch = new Watch(ranking(), 0.5, logs);
    expect(watch.promising).toBeCloseTo(0.3, 12);
    for (let shape = 0; shape < 4; shape += 1) {
      watch.glanceAt(shape, seen(0.4));
      watch.noteReading(shape, 0.6);
    }
    expect(watch.promising).toBeCloseTo(0.1, 12);
    // A reading without a glance before it teaches nothing.
    watch.noteReading(9, 0.9);
    expect(watch.promising).toBeCloseTo(0.1, 12);
  });

  it('sees a glance beyond what the shapes before had in common, as if eight had had nothing', () => {
    const watch = new Watch(ranking(), 0.5, logs);
    watch.glanceAt(1, seen(0.5, 0.9));
    expect(watch.rawOf(1)).toBeCloseTo(0.5, 6); // Of itself it knows nothing yet.
    expect(watch.guess(seen(0.5, 7))).toBeCloseTo(0.5 - 0.9 / 9, 6);
    watch.glanceAt(2, seen(0.5, -0.3)); // What was guessed before does not count.
    expect(watch.rawOf(2)).toBeCloseTo(0.5 - 0.9 / 9, 6);
    watch.noteReading(3, 0.4); // Nor does what nobody glanced at.
    expect(watch.guess(seen(0.5))).toBeCloseTo(0.5 - 0.6 / 10, 6);
    expect(new Watch(ranking(), 0.5, logs).guess(seen(0.5))).toBe(0.5); // Each its own.
  });

  it('needs what the stream as it is now asks for: less or more once it is prose', () => {
    const stream = { proseDegree: 0 };
    const watch = new Watch(ranking(), 0.5, stream);
    const { promising } = watch;
    watch.noteReading(1, 0.4);
    expect(watch.judge(1, '')).toBeUndefined();
    stream.proseDegree = 0.2;
    expect(watch.needed).toBeCloseTo(0.3, 12);
    expect(watch.promising).toBeCloseTo(promising - 0.2, 12);
    expect(watch.judge(1, '')).toBeCloseTo(0.6, 6);
  });

  it('is promised anything by a shape where its ranking can’t glance', () => {
    const watch = new Watch({ ...ranking(), glance: undefined }, 0.5, logs);
    expect(watch.guess(seen(-9))).toBe(Infinity);
    watch.glanceAt(1, seen(-9));
    expect(watch.rawOf(1)).toBe(Infinity);
  });

  it('forgets a shape: its number is another’s next', () => {
    const watch = new Watch(ranking('x', 1), 0, logs);
    watch.noteReading(1, 0.9);
    watch.judge(1, '');
    watch.forget(1);
    watch.forget(1_000_000); // It never knew it.
    expect([watch.isGlanced(1), watch.isRead(1), watch.judge(1, '')]).toEqual([
      false,
      false,
      undefined,
    ]);
    watch.glanceAt(1, seen(0.2));
    watch.judge(1, '');
    expect(watch.needed).toBeCloseTo((2 * 0.9 + 30 * 0.8) / 32, 6); // Two shapes by now.
  });
});

describe('Watches', () => {
  it('tell all that a line answers, best first', () => {
    const watches = new Watches(logs);
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
    const watches = new Watches(logs);
    const [one, same] = [watches.add(ranking(), 0.1), watches.add(ranking(), 0.5)];
    expect(watches.remove(one)).toBe(true);
    expect(watches.remove(one)).toBe(false);
    expect(watches.all).toEqual([same]);
  });

  it('stay the same list while one is judged, though a listener removes some', () => {
    const watches = new Watches(logs);
    const [one, other] = [watches.add(ranking('one'), 0), watches.add(ranking('other'), 0)];
    const { all } = watches;
    watches.remove(one);
    expect(all).toEqual([one, other]);
    expect(watches.all).toEqual([other]);
  });
});
