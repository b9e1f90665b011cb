/** Random lines and phrases, all of the words that the tokenizer knows. */
import type { Random } from './random.ts';
import {
  badWord,
  idleWords,
  plainWords,
  silentWord,
  troubleWords,
  wellWord,
} from './vocabulary.ts';

export interface LineChoices {
  readonly wordCount: number;
  readonly lineWordsMax: number;
  readonly alikeShare: number;
  readonly badShare: number;
}

export function randomText(random: Random, choices: LineChoices): string {
  if (random.chance(0.05)) return '';
  const number = random.chance(0.5) ? [String(random.between(0, 9_999))] : [];
  if (random.chance(0.03)) return number.join();
  const isAlike = random.chance(choices.alikeShare);
  const words = new Set(isAlike ? plainWords.slice(0, 2) : []);
  const count = isAlike ? 1 : random.between(1, choices.lineWordsMax);
  for (let i = 0; i < count; i += 1)
    words.add(plainWords[random.between(0, choices.wordCount - 1)]!);
  if (random.chance(0.1)) words.add(random.pick([...troubleWords.keys()]));
  if (random.chance(0.1)) words.add(random.pick(idleWords));
  if (random.chance(choices.badShare)) words.add(badWord);
  if (random.chance(0.02)) return silentWord;
  return [...words, ...number].join(' ');
}

export function randomPhrase(random: Random, { wordCount }: LineChoices): string {
  if (random.chance(0.03)) return random.pick([silentWord, ...idleWords]);
  const words = Array.from({ length: random.between(1, 3) }, () =>
    random.chance(0.9) ? plainWords[random.between(0, wordCount - 1)]! : random.pick(idleWords),
  );
  if (random.chance(0.15)) words.push(random.pick([...troubleWords.keys(), wellWord]));
  return words.join(' ');
}

/** As the caller's own model might give it; now and then none that can be stored. */
export function randomVector(random: Random, dimensions: number, badShare: number): Float32Array {
  if (random.chance(badShare)) return new Float32Array(dimensions).fill(random.pick([0, NaN]));
  return Float32Array.from({ length: dimensions }, () => random.next() * 4 - 2);
}

export function randomMinScore(random: Random): number {
  return random.pick([0, 0.05, 0.2, 0.3, 0.5, 0.5, 0.7, 0.9, 1]);
}
