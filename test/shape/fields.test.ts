import { describe, expect, it } from 'vitest';
import { Masker } from '../../src/shape/masker.ts';

const masker = new Masker({ exact: false });
const manyWords = Array.from({ length: 60 }, (_, i) => `w${'abcdefghij'[i % 10]!.repeat(i)}`).join(
  ' ',
);
const manyFields = Array.from({ length: 70 }, (_, i) => `"k${'xyz'[i % 3]!.repeat(i)}":"v"`).join(
  ',',
);

describe('the message of a line with fields', () => {
  it.each([
    ['behind seventy fields', `{${manyFields},"msg":"valve is stuck"}`],
    ['behind sixty words', `{"ctx":"${manyWords}","msg":"valve is stuck"}`],
    [
      'after twelve thousand characters',
      `{"blob":"${'Zm9v'.repeat(3_000)}","msg":"valve is stuck"}`,
    ],
    ['behind a prefix', `[pod/pump/main] {"ctx":"${manyWords}","message":"valve is stuck"}`],
    ['behind a prefix of the tool', 'pump-1  | {"level":"info","msg":"valve is stuck"}'],
    ['in an array', `[{"ctx":"${manyWords}","msg":"valve is stuck"}]`],
    ['in an event of a stream', `data: {"ctx":"${manyWords}","text":"valve is stuck"}`],
    ['behind a byte order mark', '\ufeff{"level":"info","msg":"valve is stuck"}'],
    ['behind blanks', '  \t{"level":"info","msg":"valve is stuck"}'],
    ['in single quotes', `{'ctx': '${manyWords}', 'msg': 'valve is stuck'}`],
    ['of an object that is cut off', `{"level":"info","msg":"valve is stuck","ctx":{"a":"b`],
    ['of logfmt', `ctx="${manyWords}" level=info msg="valve is stuck"`],
    ['of logfmt without quotes', `ctx="${manyWords}" msg=valve is stuck took=3`],
    [
      'in a string of JSON',
      `{"log":"{\\"ctx\\":\\"x\\",\\"msg\\":\\"valve is stuck\\"}\\n","stream":"stdout"}`,
    ],
    ...[
      'textPayload',
      'errorMessage',
      'short_message',
      '@message',
      'MESSAGE',
      'jsonPayload.message',
      'log_msg',
      'statusMessage',
      'comment',
      'title',
      'body',
      'reason',
      'error',
      'event',
      'whatever',
    ].map((name) => [
      `under ${name}`,
      `{"ctx":{"id":"abc"},"kind":"x","${name}":"valve is stuck"}`,
    ]),
  ])('comes first: %s', (_, line) => {
    expect(masker.key(line)).toMatch(/^valve is stuck/);
  });

  it('is not drowned by what collectors wrap around it', () => {
    const journal =
      '{"_TRANSPORT":"syslog","_HOSTNAME":"h","_EXE":"/usr/bin/pump","_CAP_EFFECTIVE":"0","PRIORITY":"4","SYSLOG_IDENTIFIER":"pump","MESSAGE":"valve is stuck"}';
    const cloud =
      '{"insertId":"q","resource":{"type":"gke","labels":{"cluster_name":"c","location":"x"}},"severity":"WARNING","textPayload":"valve is stuck"}';
    expect(masker.key(journal)).toBe('valve is stuck pump');
    expect(masker.key(cloud)).toBe('valve is stuck warning');
  });

  it('is followed by what the other fields say, name and value', () => {
    expect(masker.key('{"msg":"charge failed","provider":"acme","retry":true,"amount":12}')).toBe(
      'charge failed provider acme retry true amount',
    );
  });

  it('stays in its place where it is text that fields follow', () => {
    expect(
      masker.key('2026-03-04 INFO request was rejected {"quota": 10, "error": "too many"}'),
    ).toBe('info request was rejected too many quota');
  });

  it('has its escapes decoded', () => {
    expect(masker.key('{"msg":"caf\\u00e9 clos\\u00e9\\nagain\\u001b[31m!"}')).toBe(
      'café closé again',
    );
  });

  it('is told once where two fields say the same', () => {
    expect(masker.key('{"comment":"typo was fixed","html":"typo was fixed"}')).toBe(
      'typo was fixed',
    );
  });

  it('is not the URL or the path under its name', () => {
    expect(masker.key('{"log":"/var/log/pump.log","note":"valve is stuck"}')).toMatch(
      /^valve is stuck/,
    );
  });
});

describe('a line with fields', () => {
  it.each([
    ['ten thousand braces', '{'.repeat(10_000)],
    ['depth without end', '{"a":'.repeat(5_000)],
    ['arrays without end', `${'['.repeat(5_000)}"a"`],
    ['strings without an end', '{"a":"b,{"c'],
    ['a prototype', '{"__proto__":{"constructor":"x"}}'],
    ['no names', '{"":""}'],
    ['a thousand fields', `{${Array.from({ length: 1_000 }, (_, i) => `"f${i}":"v"`).join(',')}}`],
    [
      'JSON in JSON in JSON in JSON',
      JSON.stringify({ a: JSON.stringify({ a: JSON.stringify({ a: '{"a":"b"}' }) }) }),
    ],
  ])('survives %s', (_, line) => {
    const key = masker.key(line);
    expect(typeof key).toBe('string');
    expect(key!.split(' ').length).toBeLessThanOrEqual(48);
  });

  it('takes time in proportion to its length', () => {
    const best = (line: string): number => {
      const times = Array.from({ length: 6 }, () => {
        const begun = performance.now();
        masker.key(line);
        return performance.now() - begun;
      });
      return Math.min(...times);
    };
    for (const unit of [
      '{"a":',
      'a="b ',
      'ab:',
      '%20',
      '{"',
      'msg=a ',
      '\r a',
      '1.',
      'aB/',
      '\\u001b[',
    ]) {
      const short = best(unit.repeat(4_000 / unit.length));
      const long = best(unit.repeat(16_000 / unit.length));
      expect(long, unit).toBeLessThan(16 * short + 3);
    }
  });
});
