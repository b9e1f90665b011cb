import { describe, expect, it } from 'vitest';
import { Margin } from '../../src/rank/margin.ts';

const least = 0.2;

describe('Margin', () => {
  it('is .2 before anything is known, and never less', () => {
    const margin = new Margin();
    expect(margin.value).toBe(least);
    for (let i = 0; i < 50; i += 1) margin.learn(0.6, 0.5, 0.5);
    expect(margin.value).toBeCloseTo(least, 12);
  });

  it('covers three quarters of the gaps from glance to reading', () => {
    const margin = new Margin();
    for (let i = 1; i <= 20; i += 1) margin.learn(0.5, 0.5 + i / 100, 0.5);
    // Of gaps of .01 to .2, 15 of 20 are at most .15: the next one is covered too.
    expect(margin.value).toBeCloseTo(least + 0.16, 12);
  });

  it('goes back when gaps get smaller', () => {
    const margin = new Margin();
    for (let i = 0; i < 4; i += 1) margin.learn(0.4, 0.6, 0.5);
    const wide = margin.value;
    for (let i = 0; i < 100; i += 1) margin.learn(0.55, 0.6, 0.5);
    expect(wide).toBeCloseTo(least + 0.2, 12);
    expect(margin.value).toBeCloseTo(least + 0.05, 12);
  });

  it('learns only from readings that come near to what is needed, or reach it', () => {
    const margin = new Margin();
    for (const reading of [0.19, 0, -1, NaN]) margin.learn(reading - 0.2, reading, 0.5);
    expect(margin.value).toBe(least);
    margin.learn(0, 0.21, 0.5);
    expect(margin.value).toBeGreaterThan(least);
  });

  it('counts a gap of more than .25 as that, however large', () => {
    const margin = new Margin();
    for (let i = 0; i < 10; i += 1) margin.learn(-5, 0.9, 0.5);
    expect(margin.value).toBeCloseTo(least + 0.25, 12);
  });

  it('needs no bound where every line answers, and learns nothing where none can', () => {
    const all = new Margin();
    all.learn(0.3, 0.4, -Infinity);
    expect(all.value).toBeCloseTo(least + 0.1, 12);
    const none = new Margin();
    none.learn(0.3, 0.4, Infinity);
    expect(none.value).toBe(least);
  });
});
