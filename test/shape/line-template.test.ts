import { describe, expect, it } from 'vitest';
import { templateOf } from '../../src/shape/line-template.ts';
import { Masker } from '../../src/shape/masker.ts';
import { readableText } from '../../src/shape/readable-text.ts';

const masker = new Masker({ exact: false });

function template(line: string, varying: readonly string[] = []): string {
  const words = (masker.key(line) ?? '').split(' ').filter((word) => !varying.includes(word));
  return templateOf(line, words)
    .map(({ text, isValue }) => (isValue ? '…' : text))
    .join('');
}

describe('a line with its values marked', () => {
  it.each([
    [
      'Failed password for root from 183.62.140.253 port 34100 ssh2',
      'Failed password for root from … port … ssh2',
    ],
    ['2024-11-19T10:30:50.311Z ERROR [cart] took 5162 ms, 98% full', '… ERROR [cart] took … full'],
    [
      '081110 220637 INFO dfs.DataNode: delete blk_-7541621664406141215',
      '… INFO dfs.DataNode: delete blk_…',
    ],
    ["couldn't open /var/lib/db/7/x", "couldn't open …/db/…/x"],
    ['logname= uid=0 tty=NODEVssh', 'logname= uid=… tty=NODEVssh'],
    ['fsck of /dev/sda1 done', 'fsck of /dev/sda1 done'],
    ['no values at all', 'no values at all'],
    ['', ''],
  ])('%s', (line, expected) => {
    expect(template(line)).toBe(expected);
  });

  it('marks words that the stream has shown to vary', () => {
    expect(template('session opened for anna by cron', ['anna'])).toBe(
      'session opened for … by cron',
    );
  });

  it('says the whole line, part after part', () => {
    for (const line of ['a 1.2.3.4:80 b', 'x=1 y="two three" 4', '\u202e 12 \x1b[31mred 13']) {
      const parts = templateOf(line, (masker.key(line) ?? '').split(' '));
      expect(parts.map(({ text }) => text).join('')).toBe(line);
    }
  });

  it('leaves a line as it is that is written in a way not known here', () => {
    const line = '%64%69%73%6b %66%75%6c%6c';
    expect(templateOf(line, ['disk', 'full'])).toEqual([{ text: line, isValue: false }]);
  });
});

describe('a line of fields, to be read', () => {
  it.each([
    [
      '{"time":"2024-08-06T12:00:34Z","http":{"status":422,"path":"/a b"},"msg":"request done","level":"info"}',
      'info request done http.status=422 http.path="/a b"',
    ],
    [
      'ts=2024-05-30T01:00:56Z level=warn component=broker msg="queue \\"a\\" depth" ready=31',
      'warn queue \\"a\\" depth component=broker ready=31',
    ],
    [
      '{"error":"disk full","ids":[1,2,{"x":3}],"__proto__":{"a":1}}',
      'disk full ids=1,2 __proto__.a=1',
    ],
    ['{"msg":"cut', '{"msg":"cut'],
    ['plain text a=b', 'plain text a=b'],
    ['[1,2]', '[1,2]'],
  ])('%s', (line, expected) => {
    expect(readableText(line)).toBe(expected);
  });

  it('takes no longer for what is nested deep or never ends', () => {
    const began = performance.now();
    for (const line of [
      `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      `a="b c=${'"x='.repeat(50_000)}`,
      `a=1 b=2 ${'c="'.repeat(50_000)}`,
    ]) {
      readableText(line);
    }
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
