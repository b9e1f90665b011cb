/** Where in a line stand the words that met the phrase. */
import type { Why } from '../rank/why.ts';

/** From a place in a text up to another, in UTF-16 units. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A word that is less near than this to any word of the phrase met none. */
const strengthMin = 0.6;
const letter = /[\p{L}\p{M}]/u;
const digit = /\p{N}/u;
const upper = /\p{Lu}/u;
const lower = /\p{Ll}/u;
/** Each of these is a word to the model. */
const ideograph = /\p{Script=Han}/u;
const mark = /\p{M}/gu;
/** Escape sequences, as they are or as they are written, and what ends lines within JSON. */
const escapes = /(?:\x1b|\\x1b|\\u001b|\\033|#033)\[[\d;]*[a-z]|\\[nrt]/gi;
/** Read as "not". */
const negated = /n['’]t(?![\p{L}\p{N}])/giu;

/** @returns the spans from the first to the last, apart from each other */
export function metSpans(text: string, { words, literals = [] }: Why): Span[] {
  const met = new Set(literals);
  for (const { met: word, strength } of words) {
    if (word !== undefined && strength >= strengthMin) met.add(word);
  }
  if (met.size === 0) return [];
  // What colours a line, and ends its lines, parts words as blanks do.
  const bare = text.replace(escapes, (found) => ' '.repeat(found.length));
  const plain = plainOf(bare);
  const spans: Span[] = [];
  for (const word of met) spans.push(...spansOf(bare, plain, word));
  if (met.has('not')) {
    for (const { 0: found, index } of bare.matchAll(negated)) {
      spans.push({ from: index, to: index + found.length });
    }
  }
  return merged(spans);
}

/** A text as the model reads it: in small letters, without marks; and where each unit of it stood. */
interface Plain {
  readonly text: string;
  /** Undefined where that is the same place. */
  readonly places: readonly number[] | undefined;
}

function plainOf(text: string): Plain {
  if (!/[^\0-\x7f]/.test(text)) return { text: text.toLowerCase(), places: undefined };
  let plain = '';
  const places: number[] = [];
  let at = 0;
  for (const char of text) {
    const small = char.normalize('NFD').replace(mark, '').toLowerCase();
    for (let i = 0; i < small.length; i += 1) places.push(at);
    plain += small;
    at += char.length;
  }
  places.push(at);
  return { text: plain, places };
}

function* spansOf(text: string, plain: Plain, word: string): Generator<Span> {
  if (word === '') return;
  const isNumber = digit.test(word.charAt(0));
  const placeOf = (at: number): number => plain.places?.[at] ?? at;
  for (let at = plain.text.indexOf(word); at !== -1; at = plain.text.indexOf(word, at + 1)) {
    const from = placeOf(at);
    let to = placeOf(at + word.length);
    if (!isEdge(text, from) || !isEdge(text, to)) continue;
    if (isNumber && from > 0 && letter.test(charBefore(text, from))) continue; // v503
    while (to < text.length && /\p{M}/u.test(charAt(text, to))) to += charAt(text, to).length;
    if (to > from) yield { from, to };
  }
}

/** Whether a word may begin or end there: where letters do, or digits, or the case says so (camelCase). */
function isEdge(text: string, at: number): boolean {
  if (at === 0 || at >= text.length) return true;
  const before = charBefore(text, at);
  const behind = charAt(text, at);
  if (ideograph.test(before) || ideograph.test(behind)) return true;
  if (digit.test(before) && digit.test(behind)) return false;
  if (!letter.test(before) || !letter.test(behind)) return true;
  if (lower.test(before) && upper.test(behind)) return true;
  const next = charAt(text, at + behind.length);
  return upper.test(before) && upper.test(behind) && lower.test(next);
}

function charAt(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at) ?? 0);
}

function charBefore(text: string, at: number): string {
  const isPair = at > 1 && (text.codePointAt(at - 2) ?? 0) > 0xffff;
  return text.slice(at - (isPair ? 2 : 1), at);
}

function merged(spans: readonly Span[]): Span[] {
  const apart: { from: number; to: number }[] = [];
  for (const { from, to } of [...spans].sort((one, other) => one.from - other.from)) {
    const last = apart.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else apart.push({ from, to });
  }
  return apart;
}
