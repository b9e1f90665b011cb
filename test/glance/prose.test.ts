import { describe, expect, it } from 'vitest';
import { Prose } from '../../src/glance/prose.ts';

/** Words, and the function words among them. */
const log = [10, 1] as const;
const message = [14, 8] as const;

describe('a stream', () => {
  it('is taken for logs before anything was seen', () => {
    expect(new Prose().degree).toBe(0);
  });

  it('is prose once most shapes are, and logs again when they have left', () => {
    const prose = new Prose();
    for (let i = 0; i < 50; i += 1) prose.add(...message);
    expect(prose.degree).toBe(1);
    for (let i = 0; i < 50; i += 1) prose.remove(...message);
    for (let i = 0; i < 50; i += 1) prose.add(...log);
    expect(prose.degree).toBeLessThan(0.7);
  });

  it('of short function words alone does no more than be prose', () => {
    const prose = new Prose();
    for (let i = 0; i < 500; i += 1) prose.add(3, 3);
    expect(prose.degree).toBe(1);
  });
});
