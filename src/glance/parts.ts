/** A phrase that names several things: each of them is a way to answer it. */
import { functionWords } from './function-words.ts';
import { troubleOfPhrase } from './trouble.ts';

/** "TCP/IP" and "1,000" are one thing, "and" asks for both. */
const separator = /\s+or\s+|\s*[,;]\s+|\s+\/\s+/i;
const partsMax = 8;

/** @returns the parts of a phrase where it names several things; none where it names one */
export function partsOf(phrase: string): string[] {
  const parts = phrase
    .split(separator)
    .map((part) => part.replace(/^or\s+/i, '').trim())
    .filter((part) => wordsOf(part).some((word) => !functionWords.has(word)));
  if (parts.length < 2) return [];
  const saysTrouble = troubleOfPhrase(phrase).trouble > 0;
  // "login or session failure": a word alone that says nothing of the trouble lost what it is about.
  return parts
    .filter((part) => !saysTrouble || wordsOf(part).length > 1 || troubleOfPhrase(part).trouble > 0)
    .slice(0, partsMax);
}

function wordsOf(part: string): string[] {
  return part.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
