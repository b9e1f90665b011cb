/** Lines of headlines' length, no two alike, as many as are asked for, without a memory of them. */
import { readFileSync } from 'node:fs';

const wordsMin = 7;
const wordsMax = 12;

/**
 * Words that the model knows, the frequent ones oftener, which mean nothing together. The first two
 * are the line's number in digits that are words: so no line is another's equal, and its shape neither.
 * @param {number} count
 */
export function* differentLines(count) {
  const words = wholeWords();
  for (let number = 0; number < count; number += 1) {
    const random = randomSource(number);
    const line = [words[number % words.length], words[Math.floor(number / words.length)]];
    const length = wordsMin + Math.floor(random() * (wordsMax - wordsMin + 1));
    while (line.length < length) {
      // The vocabulary begins with the frequent words: squares draw these oftener, as English does.
      const word = words[Math.floor(words.length * random() ** 2)];
      if (!line.includes(word)) line.push(word); // What is said twice in a row is masked.
    }
    yield line.join(' ');
  }
}

/** Those of small letters, about 21,700; what follows `user` would be masked as a name. */
export function wholeWords() {
  const file = new URL('../../model/tokenizer.json', import.meta.url);
  const { vocab } = JSON.parse(readFileSync(file, 'utf8')).model;
  return Object.keys(vocab).filter((word) => /^[a-z]{2,}$/.test(word) && word !== 'user');
}

/** Uniform numbers in [0, 1): a counter, mixed. */
function randomSource(seed) {
  let state = Math.imul(seed, 0x85ebca6b) >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let bits = Math.imul(state ^ (state >>> 16), 0x7feb352d);
    bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b);
    return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
  };
}
