import { describe, expect, it } from 'vitest';
import { hashOf, Vocabulary } from '../../src/glance/vocabulary.ts';

/** The first tokens get the first ids. */
function vocabularyOf(tokens: readonly string[]): Vocabulary {
  const bytes = Buffer.from(`"${tokens.join('"')}"`);
  const vocabulary = new Vocabulary(bytes, tokens.length);
  let start = 1;
  for (const [id, token] of tokens.entries()) {
    const end = start + Buffer.byteLength(token);
    expect(vocabulary.add(id, start, end, hashOf(bytes, start, end))).toBe(true);
    start = end + 1;
  }
  return vocabulary;
}

function cut(vocabulary: Vocabulary, text: string): number[] | undefined {
  const ids = [7];
  const word = Buffer.from(text);
  const isCut = vocabulary.cut(word, word.length, ids);
  expect(ids[0]).toBe(7);
  return isCut ? ids.slice(1) : undefined;
}

describe('Vocabulary', () => {
  it('cuts off the longest piece each time, even where nothing goes on behind it', () => {
    const vocabulary = vocabularyOf(['a', 'ab', 'abc', '##c', '##d', '##bcd', 'é', '##é']);
    const words = ['a', 'ab', 'abc', 'abcd', 'ac', 'ad', 'abcc', 'é', 'aé', 'éé', 'éabc', 'x', ''];
    expect(words.map((word) => cut(vocabulary, word))).toEqual([
      ...[[0], [1], [2], [2, 4], [0, 3], [0, 4], [2, 3], [6], [0, 7], [6, 7]],
      ...[undefined, undefined, []],
    ]);
    expect(cut(vocabularyOf(['a', 'ab', '##bc']), 'abc')).toBeUndefined();
  });

  it('takes a token for a piece within a word for its two signs alone, wherever it lies', () => {
    // Among so few places each token gets in the way of another.
    for (let code = 0x61; code <= 0x7a; code += 1) {
      const begin = String.fromCharCode(code);
      const vocabulary = vocabularyOf(['a', `${begin}xq`, `${begin}yqq`, 'zq', '#q', `#${begin}q`]);
      for (const word of ['aq', 'aqq']) expect(cut(vocabulary, word)).toBeUndefined();
    }
  });

  it('takes each id once, and none that is too high', () => {
    const bytes = Buffer.from('"a"b"');
    const vocabulary = new Vocabulary(bytes, 2);
    expect(vocabulary.add(2, 1, 2, hashOf(bytes, 1, 2))).toBe(false);
    expect(vocabulary.add(1, 1, 2, hashOf(bytes, 1, 2))).toBe(true);
    expect(vocabulary.add(1, 3, 4, hashOf(bytes, 3, 4))).toBe(false);
    expect(['', 'a', ''].map((_, id) => vocabulary.token(id))).toEqual(['', 'a', '']);
  });
});
