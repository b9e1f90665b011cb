/** What an instance sent → what it answered. What comes from the bus is believed only as far as it is read. */
import type { Why } from '../../rank/why.ts';
import type { WordMet } from '../../rank/parts.ts';
import type { HostAnswer, HostMatch } from './merge.ts';

/** A line of an answer, as it was parsed. */
export type AnswerLine = Readonly<Record<string, unknown>>;

export interface HostReply {
  readonly host: string;
  /** Of the process. */
  readonly id: string;
  /** What was asked for. */
  readonly lines: readonly AnswerLine[];
  /** The line behind it, which says that it was all. */
  readonly done: AnswerLine;
}

const noAnswer = 'it sent what is no answer';

/** @returns a text that says what is wrong where it is no answer, or an instance's refusal */
export function replyOf(bytes: Buffer, member: { host: string; id: string }): HostReply | string {
  const lines: AnswerLine[] = [];
  try {
    for (const text of bytes.toString('utf8').split('\n')) {
      if (text === '') continue;
      const line: unknown = JSON.parse(text);
      if (typeof line !== 'object' || line === null) return noAnswer;
      lines.push(line as AnswerLine);
    }
  } catch {
    return noAnswer;
  }
  const done = lines.pop();
  if (typeof done?.['error'] === 'string') return done['error'];
  if (done?.['done'] !== true) return noAnswer;
  return { ...member, lines, done };
}

/** What scores depend on beside the stream: only where it is the same can they be compared. */
export function scaleOf({ done }: HostReply): string {
  const text = (name: string): string => {
    const value = done[name];
    return typeof value === 'string' ? value : 'unknown';
  };
  return `${text('model')}, --rank ${text('rank')}, imesde ${text('version')}`;
}

/**
 * Parts those whose answers can be compared from those whose can't: most decide, and where they are
 * as many, those with the greater name.
 */
export function comparable(replies: readonly HostReply[]): {
  readonly same: readonly HostReply[];
  readonly others: readonly HostReply[];
} {
  const groups = new Map<string, HostReply[]>();
  for (const reply of replies) {
    const scale = scaleOf(reply);
    const group = groups.get(scale);
    if (group === undefined) groups.set(scale, [reply]);
    else group.push(reply);
  }
  const [largest] = [...groups].sort(
    ([oneScale, one], [otherScale, other]) =>
      other.length - one.length || (oneScale < otherScale ? 1 : -1),
  );
  const same = largest?.[1] ?? [];
  return { same, others: replies.filter((reply) => !same.includes(reply)) };
}

export function hostAnswerOf({ host, id, lines, done }: HostReply): HostAnswer {
  const { rank } = done;
  return {
    host,
    id,
    rank: typeof rank === 'string' ? rank : '',
    minScore: numberOf(done['minScore']) ?? 0,
    bestRaw: numberOf(done['bestRaw']),
    prose: Math.min(1, Math.max(0, numberOf(done['prose']) ?? 0)),
    matches: lines.flatMap((line) => matchOf(line) ?? []),
  };
}

function matchOf(line: AnswerLine): HostMatch | undefined {
  const { text, shape, query, when, why } = line;
  const raw = numberOf(line['raw']);
  const number = numberOf(line['line']);
  if (raw === undefined || number === undefined || typeof text !== 'string') return undefined;
  return {
    query: typeof query === 'string' ? query : '',
    raw,
    score: numberOf(line['score']) ?? 0,
    shape: typeof shape === 'string' ? shape : undefined,
    count: numberOf(line['count']),
    first: timeOf(line['first']),
    last: timeOf(line['last']),
    when: isEvery(when, isNumber) ? when : undefined,
    line: number,
    time: timeOf(line['time']) ?? 0,
    text,
    why: isWhy(why) ? why : undefined,
  };
}

/** Whether it can be told to a person as it is. */
function isWhy(value: unknown): value is Why {
  if (!isObject(value)) return false;
  const { part, words, whole, trouble, troublePenalty, literals, examples, sum } = value;
  return (
    isEvery(words, isWordMet) &&
    [whole, sum].every(isNumber) &&
    [troublePenalty, examples].every((one) => one === undefined || isNumber(one)) &&
    (part === undefined || isText(part)) &&
    (literals === undefined || isEvery(literals, isText)) &&
    (trouble === undefined ||
      (isObject(trouble) && isNumber(trouble['phrase']) && isNumber(trouble['line'])))
  );
}

function isWordMet(value: unknown): value is WordMet {
  if (!isObject(value)) return false;
  const { word, weight, met, strength } = value;
  return (
    isText(word) && isNumber(weight) && isNumber(strength) && (met === undefined || isText(met))
  );
}

function isEvery<T>(value: unknown, is: (one: unknown) => one is T): value is readonly T[] {
  return Array.isArray(value) && value.every(is);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function numberOf(value: unknown): number | undefined {
  return isNumber(value) ? value : undefined;
}

function timeOf(value: unknown): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(time) ? undefined : time;
}
