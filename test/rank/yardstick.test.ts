import { describe, expect, it } from 'vitest';
import { Yardstick } from '../../src/rank/yardstick.ts';

describe('Yardstick', () => {
  it('expects .8 before anything was seen', () => {
    expect(new Yardstick().value).toBe(0.8);
  });

  it('believes the best so far as far as shapes were seen: thirty weigh as much as nothing', () => {
    const yardstick = new Yardstick();
    for (let i = 1; i <= 30; i += 1) yardstick.observe(i === 7 ? 0.4 : 0.1);
    expect(yardstick.value).toBeCloseTo((0.8 + 0.4) / 2, 12);
    for (let i = 0; i < 1_000_000; i += 1) yardstick.observe(-1);
    expect(yardstick.value).toBeCloseTo(0.4, 3);
  });

  it('raises the best of shapes that were counted, without counting them again', () => {
    const [raised, known] = [new Yardstick(), new Yardstick()];
    for (let i = 0; i < 10; i += 1) {
      raised.observe(0.2);
      known.observe(i === 3 ? 0.9 : 0.2);
    }
    raised.raise(0.9);
    expect(raised.value).toBe(known.value);
    raised.raise(0.3); // Not the best.
    expect(raised.value).toBe(known.value);
  });

  it('expects nothing of what was raised before any shape was seen', () => {
    const yardstick = new Yardstick();
    yardstick.raise(0.1);
    expect(yardstick.value).toBe(0.8);
  });
});
