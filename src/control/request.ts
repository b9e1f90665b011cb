/**
 * What can be asked of a running instance, and how a line becomes a request:
 * request-lines.ts → request.ts → responder.ts → answer-format.ts. What carries requests and
 * answers (fifo-server.ts, prompt.ts) knows nothing of what they do.
 */
import type { Marks } from '../rank/asked.ts';
import { timeFrom } from '../shared/line-time.ts';
import { marksMax, topMax } from '../shared/limits.ts';
import { idCharsMax, requestBytesMax } from './limits.ts';
import type { RequestLine } from './fifo/request-lines.ts';

export type RequestId = string | number;

/** What is asked for: without a phrase, examples stand in its place. */
export interface Question extends Marks {
  readonly phrase?: string | undefined;
}

export type Operation =
  | (Question & {
      readonly op: 'query';
      readonly top?: number | undefined;
      readonly minScore?: number | undefined;
      readonly all?: boolean | undefined;
      /** A time as a person gives it, see timeFrom. */
      readonly since?: string | undefined;
      /** Tell why each scores what it does. */
      readonly explain?: boolean | undefined;
      /** Tell when the lines of each event came. */
      readonly when?: boolean | undefined;
    })
  | { readonly op: 'status' }
  | (Question & { readonly op: 'watch'; readonly minScore?: number | undefined })
  /** Without a phrase: every watch. */
  | { readonly op: 'unwatch'; readonly phrase?: string | undefined }
  | { readonly op: 'quit' };

/** Where an answer goes, and what it is called there. */
export interface ReplyTo {
  readonly id?: RequestId | undefined;
  /** Absolute path of the asker's FIFO; where it is missing, standard output. */
  readonly reply?: string | undefined;
}

export type Request = ReplyTo & { readonly operation: Operation };
export type BadRequest = ReplyTo & { readonly error: string };

type Fields = Readonly<Record<string, unknown>>;

/** @returns nothing for an empty line; two where a request came behind half a line */
export function parseRequestLine({ text, tail }: RequestLine): (Request | BadRequest)[] {
  const next = tail === undefined ? undefined : fieldsOf(tail);
  if (text === undefined) {
    const tooLong = { error: `the request is longer than ${requestBytesMax} bytes` };
    return next === undefined ? [tooLong] : [tooLong, parseFields(next)];
  }
  const fields = fieldsOf(text);
  if (fields !== undefined) return [parseFields(fields)];
  if (next !== undefined) {
    return [{ error: 'half a request: its line has no end' }, parseFields(next)];
  }
  const phrase = text.trim();
  if (phrase === '') return [];
  if (phrase.startsWith('{')) return [{ error: 'the request is no valid JSON object' }];
  return [{ operation: { op: 'query', phrase } }];
}

/** @returns the keys of a JSON object; undefined for anything else */
function fieldsOf(text: string): Fields | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Fields;
  } catch {
    return undefined;
  }
}

function parseFields(fields: Fields): Request | BadRequest {
  const to: ReplyTo = {
    id: isId(fields['id']) ? fields['id'] : undefined,
    reply: isPath(fields['reply']) ? fields['reply'] : undefined,
  };
  try {
    if (fields['id'] !== undefined && to.id === undefined) {
      throw new Complaint(`id must be a number or a text of at most ${idCharsMax} characters`);
    }
    if (fields['reply'] !== undefined && to.reply === undefined) {
      throw new Complaint('reply must be the absolute path of a FIFO');
    }
    return { ...to, operation: parseOperation(fields) };
  } catch (error) {
    if (error instanceof Complaint) return { ...to, error: error.message };
    throw error;
  }
}

/** What is wrong with a request; becomes its answer. */
class Complaint extends Error {}

function parseOperation(fields: Fields): Operation {
  const { op } = fields;
  switch (op) {
    case 'query':
      return {
        op,
        ...questionOf(fields),
        top: optional(fields, 'top', isTop, `a whole number from 1 to ${topMax}`),
        minScore: minScoreOf(fields),
        all: optional(fields, 'all', isBoolean, 'true or false'),
        since: optional(fields, 'since', isTime, 'a time like 10m, 10:30 or 2026-11-25T10:30:00Z'),
        explain: optional(fields, 'explain', isBoolean, 'true or false'),
        when: optional(fields, 'when', isBoolean, 'true or false'),
      };
    case 'watch':
      return { op, ...questionOf(fields), minScore: minScoreOf(fields) };
    case 'unwatch':
      return fields['phrase'] === undefined ? { op } : { op, phrase: phraseOf(fields) };
    case 'status':
    case 'quit':
      return { op };
    default:
      throw new Complaint('op must be query, status, watch, unwatch or quit');
  }
}

function questionOf(fields: Fields): Question {
  const marks = {
    like: optional(fields, 'like', isTexts, textsWanted),
    unlike: optional(fields, 'unlike', isTexts, textsWanted),
  };
  const isByExample = fields['phrase'] === undefined && (marks.like ?? []).length > 0;
  return isByExample ? marks : { phrase: phraseOf(fields), ...marks };
}

function phraseOf(fields: Fields): string {
  const { phrase } = fields;
  if (typeof phrase === 'string' && phrase.trim() !== '') return phrase;
  throw new Complaint('phrase must be a text that is not empty');
}

function minScoreOf(fields: Fields): number | undefined {
  return optional(fields, 'minScore', isScore, 'a number from -1 to 1');
}

function optional<T>(
  fields: Fields,
  name: string,
  is: (value: unknown) => value is T,
  what: string,
): T | undefined {
  const value = fields[name];
  if (value === undefined || is(value)) return value;
  throw new Complaint(`${name} must be ${what}`);
}

function isId(value: unknown): value is RequestId {
  return (
    (typeof value === 'string' && value.length <= idCharsMax) ||
    (typeof value === 'number' && Number.isFinite(value))
  );
}

function isPath(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('/') && !value.includes('\0');
}

function isTop(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= topMax;
}

function isScore(value: unknown): value is number {
  return typeof value === 'number' && value >= -1 && value <= 1;
}

const textsWanted = `a list of at most ${marksMax} texts that are not empty`;

function isTexts(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length <= marksMax &&
    value.every((text) => typeof text === 'string' && text.trim() !== '')
  );
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && timeFrom(value, Date.now()) !== undefined;
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}
