/**
 * A line → what stays and what varies in it: the parts of its text that are words of its shape, as
 * they are written, and between them values. What no word of the shape is is a value, whatever the
 * masker took it for.
 */

/** Of a text, in order: everything is in one of them. */
export interface TemplatePart {
  readonly text: string;
  readonly isValue: boolean;
}

/** One that is not finished. */
interface OpenPart {
  text: string;
  readonly isValue: boolean;
}

/** Letters and digits; what steers a terminal and ends lines within JSON parts them. */
const runs = /[\p{L}\p{N}\p{M}]+/gu;
/** Where a word ends within a run: wordOne, HTTPServer, sda1. */
const humps = /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
const digits = /(?<=\p{N})(?=\p{L})|(?<=\p{L})(?=\p{N})/u;
/** The name of a field, before its =, does not vary. */
const onlyLetters = /^\p{L}+$/u;
/** Between two values: they are one, as in 10.0.0.7:80 or 2024-03-04T05:06. */
const joiners = /^[-_.:,/\\@+%#=~$&?*]{1,3}$/;
/** Values apart, as a date and a time are. */
const blanks = /^[\s|,;:-]{1,4}$/;
/** A sign that is part of the value behind it. */
const signBefore = /(?:^|[\s=([{"'_])([-+/#@.])$/;
/** So much of the shape must be found in the text: else it is written in a way that is not known here. */
const foundShareMin = 0.5;

/** @param words - of the shape, in small letters, without those that vary */
export function templateOf(text: string, words: readonly string[]): readonly TemplatePart[] {
  const known = new Set(words.flatMap((word) => word.match(runs) ?? []));
  const found = new Set<string>();
  const parts: OpenPart[] = [];
  const push = (part: string, isValue: boolean): void => {
    const last = parts.at(-1);
    if (part === '') return;
    if (last?.isValue === isValue) last.text += part;
    else parts.push({ text: part, isValue });
  };
  let at = 0;
  for (const { 0: run, index } of text.matchAll(runs)) {
    push(text.slice(at, index), false);
    const isName = text[index + run.length] === '=' && onlyLetters.test(run);
    for (const piece of piecesOf(run, known)) {
      const small = plain(piece);
      const isKnown = known.has(small) || isNegation(text, index, small, known);
      if (isKnown) found.add(small);
      push(piece, !isKnown && !isName);
    }
    at = index + run.length;
  }
  push(text.slice(at), false);
  const share = known.size === 0 ? 1 : found.size / known.size;
  return share < foundShareMin ? [{ text, isValue: false }] : joined(parts);
}

/** As little apart as the shape's words are. */
function piecesOf(run: string, known: ReadonlySet<string>): string[] {
  if (known.has(plain(run))) return [run];
  const words = run.split(humps);
  const pieces = words.flatMap((word) => (known.has(plain(word)) ? [word] : word.split(digits)));
  return pieces.some((piece) => known.has(plain(piece))) ? pieces : [run];
}

function plain(word: string): string {
  return word.normalize('NFKC').toLowerCase();
}

/** couldn't is read as "could not". */
function isNegation(text: string, at: number, word: string, known: ReadonlySet<string>): boolean {
  if (!known.has('not')) return false;
  if (word.endsWith('n') && /^\p{L}+['’]t/u.test(text.slice(at, at + 16))) return true;
  return word === 't' && /['’]$/.test(text.slice(Math.max(0, at - 1), at));
}

/** Values with nothing but signs between them become one, and take the signs beside them along. */
function joined(parts: readonly TemplatePart[]): TemplatePart[] {
  const result: OpenPart[] = [];
  for (let i = 0; i < parts.length; i += 1) {
    const { text, isValue } = parts[i]!;
    const last = result.at(-1);
    const isBetween = last?.isValue === true && parts[i + 1]?.isValue === true;
    if (!isValue && isBetween && (joiners.test(text) || blanks.test(text))) {
      last.text += text + parts[i + 1]!.text;
      i += 1;
    } else {
      result.push({ text, isValue });
    }
  }
  for (const [i, value] of result.entries()) {
    if (value.isValue) takeSigns(value, result[i - 1], result[i + 1]);
  }
  return result.filter(({ text }) => text !== '');
}

/** -1, +0200, #7 and 98% are values as wholes. */
function takeSigns(value: OpenPart, before?: OpenPart, behind?: OpenPart): void {
  const sign = before === undefined ? undefined : signBefore.exec(before.text)?.[1];
  if (before !== undefined && sign !== undefined) {
    before.text = before.text.slice(0, -sign.length);
    value.text = sign + value.text;
  }
  if (behind?.text.startsWith('%') === true) {
    value.text += '%';
    behind.text = behind.text.slice(1);
  }
}
