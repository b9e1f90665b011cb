import { describe, expect, it } from 'vitest';
import { fieldPath, fieldsOf } from '../../src/input/line-fields.ts';

/** The value at a path, as --where compares it. */
function value(line: string, path: string): string | undefined {
  return fieldsOf(line)?.valueOf(fieldPath(path)!);
}

describe('a field of a line', () => {
  it.each<[string, string, string | undefined]>([
    ['{"id":12345678901234567891,"a":[-12345678901234567892]}', 'id', '12345678901234567891'],
    ['{"id":12345678901234567891,"a":[-12345678901234567892]}', 'a[0]', '-12345678901234567892'],
    ['{"ts":1764066600.123456789,"n":7}', 'ts', '1764066600.123456789'],
    ['{"ts":1764066600.123456789,"n":7}', 'n', '7'],
    ['{"m":"\\"1234567890123456789\\\\","id":1234567890123456789}', 'm', '"1234567890123456789\\'],
    ['{"m":"\\"1234567890123456789\\\\","id":1234567890123456789}', 'id', '1234567890123456789'],
    ['{"1234567890123456789":true}', '1234567890123456789', 'true'],
    ['{"a":{"b":[1,null]}}', 'a', '{"b":[1,null]}'],
    ['{"a":{"b":[1,null]}}', 'a.b[1]', 'null'],
    ['{"a.b":1,"a":{"b":2,"c":3}}', 'a.b', '1'],
    ['{"a.b":1,"a":{"b":2,"c":3}}', 'a.c', '3'],
    ['{"a":"x"}', 'a.length', undefined],
    ['{"a":["x"]}', 'a.length', undefined],
    ['{"a":1}', 'toString', undefined],
    ['web-1 | {"level":"error"}', 'level', 'error'],
    ['level=error msg="say \\"no\\"" id=12345678901234567891', 'msg', 'say "no"'],
    ['level=error msg="say \\"no\\"" id=12345678901234567891', 'id', '12345678901234567891'],
    ['msg="has no end', 'msg', 'has no end'],
    ['{"level":"error"', 'level', undefined],
    ['plain text', 'text', undefined],
  ])('of %s at %s is %j', (line, path, expected) => {
    expect(value(line, path)).toBe(expected);
  });

  it('is looked for in a time that does not depend on what a line holds', () => {
    const long = 400_000;
    const lines = [
      `{"a":${'['.repeat(long)}${']'.repeat(long)}}`,
      `{"a":"${'\\"'.repeat(long)}","b":[${'1234567890123456789,'.repeat(long / 20)}1]}`,
      `{"a":${'{"a":'.repeat(long / 5)}`,
      'a="'.repeat(long),
      `${'='.repeat(long)}{"`,
    ];
    for (const line of lines) {
      const started = performance.now();
      value(line, 'a.a.a.a.a.a.a.a');
      expect(performance.now() - started).toBeLessThan(10_000);
    }
  });
});
