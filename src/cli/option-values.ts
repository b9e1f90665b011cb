/** Text of an option → its value. What can't be read is commander's error, which names the option. */
import { InvalidArgumentError } from 'commander';

/** A whole number in decimal digits, within bounds. */
export function integerBetween(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

const unitBytes: Readonly<Record<string, number>> = {
  '': 1,
  K: 1024,
  M: 1024 ** 2,
  G: 1024 ** 3,
};

/** Bytes, with K, M or G for powers of 1024. */
export function sizeBetween(min: number, max: number): (text: string) => number {
  return (text) => {
    const [, digits, unit] = /^(\d{1,15})([KMG]?)(?:i?B)?$/i.exec(text) ?? [];
    const value = Number(digits) * (unitBytes[(unit ?? '').toUpperCase()] ?? NaN);
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a size from ${min} to ${max}, like 64K or 256M.`);
  };
}

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  '': 1_000,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A time as 500ms, 5s, 2m, 1h, 1d or 5 (seconds) → milliseconds, above 0. */
export function durationUpTo(maxMs: number): (text: string) => number {
  return (text) => {
    const [, digits, unit = ''] = /^(\d{1,7}(?:\.\d{1,3})?)(ms|s|m|h|d)?$/.exec(text) ?? [];
    const ms = Number(digits) * (unitMs[unit] ?? NaN);
    if (ms > 0 && ms <= maxMs) return ms;
    const longest = maxMs === unitMs['h'] ? 'an hour' : 'a day';
    throw new InvalidArgumentError(`It must be a time up to ${longest}, like 500ms, 5s or 2m.`);
  };
}

/** A score: any ranking's are between -1 and 1. */
export function score(text: string): number {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : NaN;
  if (value >= -1 && value <= 1) return value;
  throw new InvalidArgumentError('It must be a number from -1 to 1.');
}

/** A phrase to look for. */
export function phrase(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('The phrase is empty: say what to look for.');
}

/** For an option that may be given several times. */
export function phrases(text: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), phrase(text)];
}

/** The same for names of any kind. */
export function texts(text: string, previous: readonly string[] | undefined): string[] {
  if (text !== '') return [...(previous ?? []), text];
  throw new InvalidArgumentError('It is empty.');
}
