import { describe, expect, it } from 'vitest';
import { star, WordSequence } from '../../src/events/word-sequence.ts';

function read(key: string): WordSequence {
  const words = new WordSequence();
  words.read(key);
  return words;
}

describe('WordSequence', () => {
  it('has one frame for what differs in the word left out', () => {
    expect(read('a b c').frame(1, 2)).toBe(read('a x c').frame(1, 2));
    expect(read('a b c').frame(1, 2)).toBe(read('a c').frame(1, 1));
    expect(read('a b c').frame(1, 2)).not.toBe(read('a b c').frame(0, 1));
    expect(read('a a').frame(0, 1)).not.toBe(read('a a').frame(1, 2));
  });

  it('has another frame for words with digits', () => {
    expect(read('a b1 c').numberedFrame(1, 2)).toBe(read('a x2 c').numberedFrame(1, 2));
    expect(read('a b c').numberedFrame(1, 2)).not.toBe(read('a b c').frame(1, 2));
    expect([...read('a b1 d.e c').isNumbered.subarray(0, 4)]).toEqual([0, 1, 1, 0]);
  });

  it('tells pairs by their order, and the ends', () => {
    expect(read('a b').pair(1)).not.toBe(read('b a').pair(1));
    expect(read('a b').pair(0)).toBe(read('a c').pair(0));
    expect(read('a b').pair(2)).toBe(read('c b').pair(2));
  });

  it('hashes a star as if it stood there', () => {
    const words = read('a b c d');
    const expected = new WordSequence();
    const [a, , , d] = words.words;
    for (const word of [a!, star, d!]) expected.push(word);
    expected.close();
    expect(words.starredHash32(1, 3)).toBe(expected.hash32());
    expect(words.hash() % 2 ** 32).toBe(words.hash32());
    expect(words.hash()).toBe(read('a b c d').hash());
    expect(words.hash()).not.toBe(read('a b d c').hash());
    expect(Number.isSafeInteger(words.hash())).toBe(true);
  });
});
