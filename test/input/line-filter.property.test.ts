import fc from 'fast-check';
import { expect, it } from 'vitest';
import { filterOf } from '../../src/cli/filter-options.ts';
import type { LineFilter } from '../../src/input/line-filter.ts';
import { holdsLater } from '../helpers/properties.ts';

/** What a line says; the test writes it down as JSON or as logfmt. */
interface Told {
  readonly level: string;
  readonly status: number;
  readonly msg: string;
  /** Seconds since a day began; undefined: the line carries no time. */
  readonly at: number | undefined;
  readonly isJson: boolean;
}

const day = '2025-11-25T';
const clock = (at: number): string => new Date(at * 1_000).toISOString().slice(11, 19);

function lineOf({ level, status, msg, at, isJson }: Told): string {
  const time = at === undefined ? undefined : `${day}${clock(at)}Z`;
  if (isJson) return JSON.stringify({ time, level, http: { status }, msg });
  const start = time === undefined ? '' : `time=${time} `;
  return `${start}level=${level} http.status=${status} msg="${msg}"`;
}

const levels = ['info', 'warn', 'error'];
const messages = ['disk full', 'disk is fine', 'user signed in', 'no answer (b)'];
const told: fc.Arbitrary<Told> = fc.record({
  level: fc.constantFrom(...levels),
  status: fc.constantFrom(200, 404, 500),
  msg: fc.constantFrom(...messages),
  at: fc.option(fc.nat({ max: 86_399 }), { nil: undefined }),
  isJson: fc.boolean(),
});

interface Rules {
  readonly grep: string[];
  readonly grepNot: string[];
  readonly level: string | undefined;
  readonly notStatus: number | undefined;
  readonly since: number | undefined;
  readonly until: number | undefined;
}

const maybe = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(values, { nil: undefined, freq: 2 });
const rules: fc.Arbitrary<Rules> = fc.record({
  grep: fc.subarray(['disk', 'fu.l', '\\(b\\)'], { maxLength: 1 }),
  grepNot: fc.subarray(['user', 'f(ul|in)e?'], { maxLength: 1 }),
  level: maybe(fc.constantFrom(...levels)),
  notStatus: maybe(fc.constantFrom(200, 500)),
  since: maybe(fc.nat({ max: 86_399 })),
  until: maybe(fc.nat({ max: 86_399 })),
});

async function filter({ grep, grepNot, level, notStatus, since, until }: Rules) {
  return filterOf({
    grep,
    grepNot,
    where: [
      ...(level === undefined ? [] : [{ path: 'level', value: level, wanted: true }]),
      ...(notStatus === undefined
        ? []
        : [{ path: 'http.status', value: String(notStatus), wanted: false }]),
    ],
    ...(since === undefined ? {} : { since: `${day}${clock(since)}Z` }),
    ...(until === undefined ? {} : { until: `${day}${clock(until)}Z` }),
  });
}

/** By the book: the numbers of the lines that pass. */
function passing(lines: readonly Told[], wanted: Rules): number[] {
  let time: number | undefined;
  const numbers: number[] = [];
  for (const [i, line] of lines.entries()) {
    time = line.at ?? time; // Without a time of its own, that of the line before.
    const text = lineOf(line);
    const isInTime =
      (wanted.since === undefined || (time ?? Infinity) >= wanted.since) &&
      (wanted.until === undefined || (time ?? Infinity) <= wanted.until);
    const isWanted =
      wanted.grep.every((pattern) => new RegExp(pattern).test(text)) &&
      !wanted.grepNot.some((pattern) => new RegExp(pattern).test(text)) &&
      (wanted.level === undefined || line.level === wanted.level) &&
      line.status !== wanted.notStatus;
    if (isInTime && isWanted) numbers.push(i + 1);
  }
  return numbers;
}

it('a filter lets pass what its rules say of each line, wherever batches end', async () => {
  await holdsLater(
    fc.asyncProperty(
      fc.array(told, { maxLength: 20 }),
      rules,
      fc.nat({ max: 20 }),
      async (lines, wanted, at) => {
        const made = await filter(wanted);
        const texts = lines.map(lineOf);
        const found = made === undefined ? texts.map((_, i) => i + 1) : apply(made, texts, at);
        expect(found).toEqual(passing(lines, wanted));
      },
    ),
    1_000,
  );
});

/** In two batches. @returns the numbers of the lines that pass, each with its own text */
function apply(filter: LineFilter, texts: readonly string[], at: number): number[] {
  const parts = [texts.slice(0, at), texts.slice(at)];
  let firstNumber = 1;
  let left = 0;
  const numbers: number[] = [];
  for (const part of parts) {
    // Lines that carry no time arrive after all others.
    const time = Date.parse('2026-01-01T00:00:00Z');
    const batch = filter.apply({ texts: part, firstNumber, time, bytesPerChar: 1 }, 'input');
    for (const [i, text] of batch.texts.entries()) {
      const number = batch.numbers?.[i] ?? batch.firstNumber + i;
      expect(text).toBe(texts[number - 1]);
      numbers.push(number);
    }
    left += batch.filtered ?? 0;
    firstNumber += part.length;
  }
  expect(left + numbers.length).toBe(texts.length);
  return numbers;
}
