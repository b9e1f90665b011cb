/**
 * What an uncased BERT makes of text before it looks for wordpieces: BertNormalizer and
 * BertPreTokenizer of @huggingface/tokenizers, with what is peculiar to them.
 */
import { wordCharsMax } from './vocabulary.ts';

/** Control, format, private and surrogate characters, but for the white space among them. */
const droppedChars = /[\0-\x08\v\f\x0e-\x1f\x7f-\x9f\ufffd\p{Cf}\p{Co}\p{Cs}]+/gu;
/** Words of their own. Those beyond the basic plane are not: the library looks at code units. */
const ideograph = /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]/g;
const marks = /\p{Mn}+/gu;
const wordOrMark = /[^\s\p{P}!-/:-@[-`{-~]+|[\p{P}!-/:-@[-`{-~]/gu;

/** @returns matches, each of a word or a punctuation mark */
export function bertWords(text: string): IterableIterator<RegExpMatchArray> {
  const clean = text.replace(droppedChars, '').replace(ideograph, ' $& ').toLowerCase();
  return decomposed(clean).replace(marks, '').matchAll(wordOrMark);
}

/** So many marks in a row are no writing. */
const manyMarks = /\p{M}{32}/u;
const mark = /\p{Mn}/gu;
/** A word with so many in a row is unknown, in whatever order they are, and however many follow. */
const tooManySpacingMarks = new RegExp(`(\\p{Mc}{${wordCharsMax + 1}})\\p{Mc}+`, 'gu');
/** Of all marks the one that comes last among those that can change places. */
const lastMark = '\u0345';

/**
 * NFD, of text whose \p{Mn} nobody will look at. It sorts the marks behind a letter one by one, so
 * that the time for many grows with their square: they are made fewer first.
 */
function decomposed(text: string): string {
  if (!manyMarks.test(text)) return text.normalize('NFD');
  return text
    .replace(mark, (char) => (changesPlaces(char) ? '' : char))
    .replace(tooManySpacingMarks, '$1')
    .normalize('NFD');
}

/** Whether a mark is sorted; it is no bound to the sorting of others then. */
function changesPlaces(char: string): boolean {
  return char === lastMark || `${lastMark}${char}`.normalize('NFD').endsWith(lastMark);
}

/** What becomes of a character of ASCII that is not kept. */
export const dropped = 0;
export const blank = 0x20;
/** Added to a punctuation mark. */
export const markBit = 0x80;

/** What the above makes of ASCII, by code: one of these, or the letter or digit of a word. */
export const asciiUnits = Uint8Array.from({ length: 0x80 }, (_, code) => {
  if (code === 0x09 || code === 0x0a || code === 0x0d || code === 0x20) return blank;
  if (code < 0x20 || code === 0x7f) return dropped;
  const unit = String.fromCharCode(code).toLowerCase().charCodeAt(0);
  const isWord = (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x30 && unit <= 0x39);
  return isWord ? unit : markBit + unit;
});
