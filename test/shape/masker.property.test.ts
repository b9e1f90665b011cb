import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Masker } from '../../src/shape/masker.ts';
import { holds } from '../helpers/properties.ts';

const masker = new Masker({ exact: false });

/** A part of a line: the test knows which are values, for it made them. */
interface Part {
  readonly text: string;
  /** What it says; undefined for a value, which says nothing. */
  readonly word: string | undefined;
}

const words = (
  'refused started volume gateway timeout retry queue payment declined accepted lookup disk full ' +
  'kernel thread cannot reach broker EXT4 S3 TLSv1.3 IPv6 k8s sha256 région ошибка 失敗'
).split(' ');
const word: fc.Arbitrary<Part> = fc
  .constantFrom(...words)
  .map((text) => ({ text, word: text.toLowerCase() }));

const hex = (min: number, max: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom(...'0123456789abcdef'.split('')),
    minLength: min,
    maxLength: max,
  });
const values: fc.Arbitrary<string> = fc.oneof(
  fc.nat().map(String),
  fc.double({ min: 0, max: 1e6, noNaN: true }).map((value) => value.toFixed(3)),
  fc.nat({ max: 100 }).map((value) => `${value}%`),
  fc.ipV4(),
  fc.ipV4().map((address) => `${address}:8080`),
  fc.uuid(),
  fc
    .date({ min: new Date('2000-01-01'), max: new Date('2039-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  hex(11, 12).map((digits) => `0x${digits}`),
  // A digit makes sure that no letters alone, such as deadbeef or facade, are taken for a hash.
  hex(19, 19).map((digits) => `7${digits}`),
  fc.nat().map((id) => `#${id}`),
);
const value: fc.Arbitrary<Part> = fc
  .tuple(values, fc.constantFrom('@', '(@)', '[@]', '"@"'))
  .map(([text, frame]) => ({ text: frame.replace('@', text), word: undefined }));

/** Begins and ends with a word, so that no prefix is taken for a tool's. */
const lines = fc
  .tuple(word, fc.array(fc.oneof(word, value), { minLength: 1, maxLength: 6 }), word)
  .map(([first, rest, last]) => [first, ...rest, last]);

function textOf(parts: readonly Part[]): string {
  return parts.map(({ text }) => text).join(' ');
}

/** What is left without values; what is said twice in a row is said once, so that is not looked at. */
function saying(parts: readonly Part[]): string[] {
  return parts.flatMap(({ word: said }) => said ?? []);
}

const saysNothingTwice = (parts: readonly Part[]): boolean =>
  new Set(saying(parts)).size === saying(parts).length;

describe('the key of a line, whatever it is', () => {
  const hostile = fc.string({
    unit: fc.constantFrom(
      ...['a', 'B', 'z', '0', '9', ' ', '.', '_', '-', '+', '/', '\\', ':', '=', '"', "'"],
      ...['{', '}', '[', ']', '(', ')', ',', ';', '%', '#', '@', '\t', '\r', '\u001b', '\u0000'],
      ...['\ud800', '\udc00', '\u202e', '\u200d', '\u0301', '中', 'é', '{"msg":"', '\\u00', '%2'],
    ),
    maxLength: 120,
  });
  const any = fc.oneof(hostile, fc.string({ unit: 'binary', maxLength: 200 }), fc.json());

  it('never throws, is the same again, and has one space between its words', () => {
    holds(
      fc.property(any, (line) => {
        const key = masker.key(line);
        expect(masker.key(line)).toBe(key);
        if (key !== undefined) expect(key).toMatch(/^\S+( \S+)*$/u);
        if (line.trim() === '') expect(key).toBeUndefined();
      }),
      4_000,
    );
  });

  it('does not depend on the line before', () => {
    holds(
      fc.property(any, any, (before, line) => {
        masker.key(before);
        expect(masker.key(line)).toBe(new Masker({ exact: false }).key(line));
      }),
      40,
    );
  });
});

describe('two lines share a shape', () => {
  it('where they differ in values alone', () => {
    holds(
      fc.property(lines, fc.array(value, { minLength: 8, maxLength: 8 }), (parts, others) => {
        const other = parts.map((part, i) => (part.word === undefined ? others[i]! : part));
        expect(masker.key(textOf(other))).toBe(masker.key(textOf(parts)));
      }),
      3_000,
    );
  });

  it('and only there: where they share one, what they say without values is the same', () => {
    // Of few words, so that lines are often alike.
    const few = fc.constantFrom(...words.slice(0, 5)).map((text) => ({ text, word: text }));
    const alike = fc
      .array(fc.oneof(few, value), { minLength: 2, maxLength: 5 })
      .filter(saysNothingTwice)
      .filter((parts) => saying(parts).length > 0);
    let shared = 0;
    holds(
      fc.property(alike, alike, (one, other) => {
        const isShared = masker.key(textOf(one)) === masker.key(textOf(other));
        expect(isShared).toBe(saying(one).join(' ') === saying(other).join(' '));
        if (isShared) shared += 1;
      }),
      6_000,
    );
    expect(shared).toBeGreaterThan(100);
  });
});
