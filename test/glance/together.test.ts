import { describe, expect, it } from 'vitest';
import { together, unlikeAllowance } from '../../src/glance/together.ts';

const none = -Infinity;

describe('a phrase and examples of it', () => {
  it('is the phrase where there are no examples', () => {
    expect(together(0.42, none)).toBe(0.42);
    expect(together(none, none)).toBe(none);
  });

  it('counts seven tenths of an example that stands in place of a phrase', () => {
    expect(together(none, 1)).toBeCloseTo(0.7);
  });

  it.each([
    {
      phrase: 0.5,
      example: 0.4,
      wanted: 0.5,
      what: 'no more for a line that is as near as lines at large are',
    },
    { phrase: 0.5, example: 0.9, wanted: 0.7, what: 'more for one that is near' },
    { phrase: 0.5, example: 0, wanted: 0.34, what: 'less for one that is far' },
    { phrase: 0, example: 1.3, wanted: 0.91, what: 'the example alone for what says the same' },
  ])('gives $what', ({ phrase, example, wanted }) => {
    expect(together(phrase, example)).toBeCloseTo(wanted);
  });
});

describe('what is not meant', () => {
  it.each([
    [1, 0],
    [3, 0],
    [8, 0.2],
    [13, 0.4],
    [32, 0.4],
  ])('of %d tokens is allowed %d', (tokens, allowance) => {
    expect(unlikeAllowance(tokens)).toBeCloseTo(allowance);
  });
});
