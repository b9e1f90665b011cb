import { describe, expect, it } from 'vitest';
import { assertAsked, nameOf, questionsOf } from '../../src/rank/asked.ts';

const like = ['a line', 'another'];
const unlike = ['no'];

describe('questions', () => {
  it('have examples beside the only phrase', () => {
    expect(questionsOf(['disk full'], { like, unlike })).toEqual([
      { phrase: 'disk full', like, unlike },
    ]);
  });

  it('are the examples where there is no phrase, called by the first', () => {
    const asked = questionsOf([], { like });
    expect(asked).toEqual([{ phrase: undefined, like, unlike: [] }]);
    expect(asked.map(nameOf)).toEqual(['a line']);
  });

  it('are the examples too where there are several phrases, behind them', () => {
    expect(questionsOf(['one', 'two'], { like, unlike })).toEqual([
      { phrase: 'one', like: [], unlike },
      { phrase: 'two', like: [], unlike },
      { phrase: undefined, like, unlike },
    ]);
  });

  it.each([
    [{ phrase: ' ', like: [], unlike: [] }, 'the phrase is empty'],
    [{ phrase: undefined, like: [], unlike: [] }, 'the phrase is empty'],
    [{ phrase: 'x', like: [''], unlike: [] }, 'a text of like is empty'],
    [{ phrase: 'x', like: [], unlike: ['\t'] }, 'a text of unlike is empty'],
    [{ phrase: 'x', like: Array<string>(17).fill('y'), unlike: [] }, '17 texts of like'],
  ])('are refused where they say nothing, or too much (%#)', (asked, message) => {
    expect(() => {
      assertAsked(asked);
    }).toThrow(message);
  });
});
