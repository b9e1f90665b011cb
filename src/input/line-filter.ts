/**
 * Which lines go on to be understood, and what of them: before meaning, by what stands in them and
 * by the time that they carry. A line that does not pass is counted, and keeps its number.
 */
import { fieldsOf, type FieldPath } from './line-fields.ts';
import type { LineBatch } from './line-batch.ts';
import { lineTime } from '../shared/line-time.ts';

export interface LineRules {
  /** A pattern that a line must hold, or must not. */
  readonly patterns: readonly {
    readonly isIn: (text: string) => boolean;
    readonly wanted: boolean;
  }[];
  /** A value that a field must have, or must not: one that is not there has none. */
  readonly where: readonly {
    readonly path: FieldPath;
    readonly value: string;
    readonly wanted: boolean;
  }[];
  /** What is read of a line for its meaning; all of it where this is empty. */
  readonly fields: readonly FieldPath[];
  /** In milliseconds since 1970, both included. */
  readonly since: number | undefined;
  readonly until: number | undefined;
}

export class LineFilter {
  readonly #rules: LineRules;
  readonly #hasTimes: boolean;
  /** By input, the time of its last line that carried one. */
  readonly #times = new Map<string, number>();

  constructor(rules: LineRules) {
    this.#rules = rules;
    this.#hasTimes = rules.since !== undefined || rules.until !== undefined;
  }

  /** @param input - whose lines these are: a line without a time takes that of the line before it */
  apply(batch: LineBatch, input: string): LineBatch {
    const { texts, numbers, firstNumber } = batch;
    const readsFields = this.#rules.fields.length > 0;
    const passed: string[] = [];
    const told: string[] = [];
    const passedNumbers: number[] = [];
    for (const [index, text] of texts.entries()) {
      const read = this.#read(text, batch.time, input);
      if (read === undefined) continue;
      passed.push(text);
      if (readsFields) told.push(read);
      passedNumbers.push(numbers?.[index] ?? firstNumber + index);
    }
    const filtered = texts.length - passed.length;
    if (filtered === 0) return readsFields ? { ...batch, told } : batch;
    passedNumbers.push(numbers?.at(-1) ?? firstNumber + texts.length);
    return {
      ...batch,
      texts: passed,
      numbers: passedNumbers,
      filtered,
      ...(readsFields ? { told } : {}),
    };
  }

  /** @returns what is read of a line; undefined where it does not pass */
  #read(text: string, arrival: number, input: string): string | undefined {
    const { patterns, where, fields } = this.#rules;
    // Times first: those of lines that do not pass count for the lines behind them.
    if (this.#hasTimes && !this.#isInTime(text, arrival, input)) return undefined;
    if (text.trim() === '') return text; // Counted as empty.
    for (const { isIn, wanted } of patterns) if (isIn(text) !== wanted) return undefined;
    if (where.length === 0 && fields.length === 0) return text;
    const found = fieldsOf(text);
    for (const { path, value, wanted } of where) {
      if ((found?.valueOf(path) === value) !== wanted) return undefined;
    }
    if (fields.length === 0 || found === undefined) return text;
    const values = fields
      .map((path) => found.valueOf(path))
      .filter((value) => value !== undefined && value !== 'null');
    if (values.length > 0) return values.join(' ');
    return found.isWhole ? undefined : text;
  }

  #isInTime(text: string, arrival: number, input: string): boolean {
    const { since = -Infinity, until = Infinity } = this.#rules;
    const own = lineTime(text, arrival);
    if (own !== undefined) this.#times.set(input, own);
    const time = own ?? this.#times.get(input) ?? arrival;
    return time >= since && time <= until;
  }
}
