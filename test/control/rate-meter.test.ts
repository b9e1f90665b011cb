import { expect, it } from 'vitest';
import { RateMeter } from '../../src/control/rate-meter.ts';

it('tells the rate of the last seconds, not of the weeks before', () => {
  const meter = new RateMeter();
  for (let second = 0; second <= 100; second += 1) meter.sample(second * 1_000, second * 1_000);
  for (let second = 101; second <= 120; second += 1) meter.sample(100_000, second * 1_000);
  expect(meter.perSecond(100_000, 121_000)).toBe(0);
});

it('counts what came since the last sample', () => {
  const meter = new RateMeter();
  meter.sample(0, 0);
  expect(meter.perSecond(250, 500)).toBe(500);
});

it('is 0 before any time has passed', () => {
  const meter = new RateMeter();
  expect(meter.perSecond(10, 0)).toBe(0);
  meter.sample(0, 0);
  expect(meter.perSecond(10, 0)).toBe(0);
});
