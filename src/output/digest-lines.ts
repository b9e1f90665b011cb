/** The lines that groups are told by, with a sign for what varies, and without what all begin with. */
import type { DigestGroup } from '../rank/digest/digest.ts';
import { templateOf } from '../shape/line-template.ts';
import { readableText } from '../shape/readable-text.ts';

export interface TypicalLines {
  readonly texts: readonly string[];
  /** What most lines begin with, which is left out of the texts. */
  readonly start: string;
}

export interface LineFormat {
  readonly unicode: boolean;
  /** There is little room: what stands in brackets and varies says less than what follows. */
  readonly isShort: boolean;
}

/** A screen shows no more of a line, which JSON is read to its end for. */
const textCharsMax = 4_096;
const jsonCharsMax = 262_144;
/** Colours, as they are or as they are written. */
const colors = /(?:\x1b|\\x1b|\\u001b|\\033|#033)\[[\d;]*m/gi;
/** Most: so many of the groups, of at least so many. */
const mostShare = 0.75;
const groupsMin = 3;
const tokensMax = 8;
/** Where a line's head ends at the latest, and what stands in brackets there and is long. */
const headCharsMax = 120;
const bracketCharsMax = 14;

/** Stands for what varies, while texts are made. */
export const valueSign = (isUnicode: boolean): string => (isUnicode ? '…' : '<*>');

export function typicalLines(
  groups: readonly Pick<DigestGroup, 'text' | 'words'>[],
  { unicode, isShort }: LineFormat,
): TypicalLines {
  const value = valueSign(unicode);
  const texts = groups.map((group) => {
    const text = withoutValuesBefore(templateText(group, value), value);
    return isShort ? withShortHead(text, value) : text;
  });
  return withoutStart(texts);
}

/** The first line of a record, with a sign for each value. */
export function templateText(
  { text, words }: Pick<DigestGroup, 'text' | 'words'>,
  value: string,
): string {
  const [line = ''] = text.slice(0, jsonCharsMax).replace(colors, '').trim().split('\n', 1);
  return templateOf(readableText(line).slice(0, textCharsMax), words)
    .map((part) => (part.isValue ? value : part.text))
    .join('')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** A time, an address, a process: it begins with the first word that does not vary. */
function withoutValuesBefore(text: string, value: string): string {
  let rest = text;
  for (;;) {
    const [token] = /^\S+\s/.exec(rest) ?? [];
    if (token === undefined || /[\p{L}\p{N}]/u.test(token.replaceAll(value, ''))) return rest;
    rest = rest.slice(token.length);
  }
}

/**
 * Threads, sources and packages before the message are left out: they take the room of what follows.
 * Later on in the line only what varies is.
 */
function withShortHead(text: string, value: string): string {
  const head = text
    .slice(0, headCharsMax)
    .replace(
      /^((?:\S+ ){0,2})(\[[^[\]]*(?:\[[^[\]]*\][^[\]]*)?\] )/,
      (all, before: string, found: string) =>
        found.length > bracketCharsMax || found.includes(value) ? before : all,
    )
    .replaceAll(/(?<=^| )\S+\.(?=[A-Z]\w*:? )/g, (found) => (found.includes(value) ? '' : found))
    .replace(/(?<= )- /, '');
  return (head + text.slice(headCharsMax)).replaceAll(
    /\[[^[\]]*(?:\[[^[\]]*\][^[\]]*)?\]/g,
    (found) => (found.length > bracketCharsMax && found.includes(value) ? `[${value}]` : found),
  );
}

/**
 * Word for word, as long as most lines begin with the same. A line that begins otherwise is told in
 * full.
 */
function withoutStart(texts: readonly string[]): TypicalLines {
  if (texts.length < groupsMin) return { texts, start: '' };
  let start = '';
  for (let i = 0; i < tokensMax; i += 1) {
    const next = mostOften(
      texts.flatMap((text) => (text.startsWith(start) ? [nextToken(text, start.length)] : [])),
    );
    const longer = start + next;
    const count = texts.filter((text) => text.startsWith(longer)).length;
    if (next === '' || count < mostShare * texts.length) break;
    start = longer;
  }
  return {
    texts: texts.map((text) => (text.startsWith(start) ? text.slice(start.length) : text)),
    start: start.trimEnd(),
  };
}

/** With the blank behind it; empty where nothing follows. */
function nextToken(text: string, from: number): string {
  const end = text.indexOf(' ', from);
  return end === -1 ? '' : text.slice(from, end + 1);
}

function mostOften(tokens: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  return [...counts].sort((one, other) => other[1] - one[1])[0]?.[0] ?? '';
}
