import { describe, expect, it } from 'vitest';
import { formatTimes, sparkline } from '../../src/output/event-times.ts';
import { scoreColor } from '../../src/output/score-color.ts';

/** Local times of two days. */
const at = (day: number, hour: number, minute: number): number =>
  new Date(2026, 0, day, hour, minute, 30).getTime();

describe('when lines came', () => {
  const now = at(31, 18, 0);

  it.each([
    ['today', at(31, 17, 40), at(31, 17, 52), 'first 17:40 last 17:52'],
    ['in one minute', at(31, 17, 40), at(31, 17, 40), 'at 17:40'],
    ['since yesterday', at(30, 23, 5), at(31, 0, 7), 'first 2026-01-30 23:05 last 00:07'],
    ['yesterday', at(30, 9, 5), at(30, 10, 0), 'first 2026-01-30 09:05 last 10:00'],
    [
      'on two other days',
      at(5, 9, 5),
      at(30, 10, 0),
      'first 2026-01-05 09:05 last 2026-01-30 10:00',
    ],
    ['just now', now - 2_000, now, ''],
    ['until just now', at(31, 17, 40), now, 'first 17:40 last 18:00'],
  ])('%s', (_, first, last, shown) => {
    expect(formatTimes(first, last, now)).toBe(shown);
  });

  it('is drawn as columns, the lowest for none', () => {
    expect(sparkline([0, 1, 4, 8, 70], true)).toBe('▁▂▂▂█');
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], true)).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], false)).toBe('_.:-=+*#');
    expect(sparkline([0, 0], true)).toBe('▁▁');
  });
});

describe('the colour of a score', () => {
  it('says how it stands to the threshold, whatever that is', () => {
    expect([0.9, 0.6, 0.5, 0.49].map((score) => scoreColor(score, 0.5))).toEqual([
      'green',
      'yellow',
      'yellow',
      'dim',
    ]);
    expect([0.88, 0.6].map((score) => scoreColor(score, 0.85))).toEqual(['yellow', 'dim']);
    expect(scoreColor(-0.2, -0.9)).toBe('green');
  });
});
