import { describe, expect, it } from 'vitest';
import { LatencyHistogram } from '../../src/window/latency-histogram.ts';

describe('LatencyHistogram', () => {
  it('says 0 before any line', () => {
    expect(new LatencyHistogram().quantile(0.5)).toBe(0);
  });

  it('knows a quantile to within a fifth', () => {
    const histogram = new LatencyHistogram();
    for (let ms = 1; ms <= 1_000; ms += 1) histogram.record(ms, 1);
    expect(histogram.quantile(0.5) / 500).toBeGreaterThan(0.99);
    expect(histogram.quantile(0.5) / 500).toBeLessThan(1.21);
    expect(histogram.quantile(0.99) / 990).toBeGreaterThan(0.99);
    expect(histogram.quantile(0.99) / 990).toBeLessThan(1.21);
  });

  it('weighs by lines', () => {
    const histogram = new LatencyHistogram();
    histogram.record(1, 99);
    histogram.record(1_000, 1);
    expect(histogram.quantile(0.5)).toBeLessThan(2);
    expect(histogram.quantile(1)).toBeGreaterThan(900);
  });

  it('takes times out of its range, and none at all', () => {
    const histogram = new LatencyHistogram();
    histogram.record(0, 0);
    expect(histogram.quantile(0.5)).toBe(0);
    histogram.record(0, 1);
    histogram.record(1e12, 1);
    expect(histogram.quantile(0.5)).toBeLessThan(0.01);
    expect(histogram.quantile(1)).toBeGreaterThan(3_600_000);
  });
});
