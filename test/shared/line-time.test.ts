import { describe, expect, it } from 'vitest';
import { lineTime, timeFrom } from '../../src/shared/line-time.ts';

const now = new Date(2026, 10, 26, 12, 0, 0).getTime();
const local = (
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
  ms = 0,
): number => new Date(year, month - 1, day, hour, minute, second, ms).getTime();
const utc = (text: string): number => Date.parse(text);

describe('the time of a line', () => {
  it.each<[string, string, number]>([
    ['ISO 8601 in UTC', '2026-11-25T10:30:00.123Z ERROR x', utc('2026-11-25T10:30:00.123Z')],
    ['with a zone', '2026-11-25T10:30:00+05:30 x', utc('2026-11-25T05:00:00Z')],
    ['with nanoseconds', '2026-11-25T10:30:00.123456789Z x', utc('2026-11-25T10:30:00.123Z')],
    ['without a zone', '2026-11-25 10:30:00 x', local(2026, 11, 25, 10, 30)],
    ['Python, log4j', '2026-11-25 10:30:00,123 x', local(2026, 11, 25, 10, 30, 0, 123)],
    ['in brackets', '[2026-11-25 10:30:00] x', local(2026, 11, 25, 10, 30)],
    ['behind a level', 'INFO  2026-11-25 10:30:00 x', local(2026, 11, 25, 10, 30)],
    ['docker compose', 'web-1  | 2026-11-25T10:30:00Z x', utc('2026-11-25T10:30:00Z')],
    ['postgres', '2026-11-25 10:30:00.123 UTC [7] LOG:  x', utc('2026-11-25T10:30:00.123Z')],
    ['nginx errors', '2026/11/25 10:30:00 [error] 7#7: x', local(2026, 11, 25, 10, 30)],
    ['syslog', 'Nov 25 10:30:00 host sshd[7]: x', local(2026, 11, 25, 10, 30)],
    ['syslog with a priority', '<34>Nov  5 10:30:00 host su: x', local(2026, 11, 5, 10, 30)],
    ['syslog of last year', 'Dec 31 23:59:59 host x', local(2025, 12, 31, 23, 59, 59)],
    ['RFC 5424', '<34>1 2026-11-25T10:30:00Z host su - - - x', utc('2026-11-25T10:30:00Z')],
    [
      'Apache',
      '1.2.3.4 - - [25/Nov/2026:10:30:00 -0500] "GET / HTTP/1.1" 200 7',
      utc('2026-11-25T15:30:00Z'),
    ],
    [
      'Apache errors',
      '[Wed Nov 25 10:30:00.123456 2026] [core:error] x',
      local(2026, 11, 25, 10, 30, 0, 123),
    ],
    ['klog', 'I1125 10:30:00.123456       7 a.go:7] x', local(2026, 11, 25, 10, 30, 0, 123)],
    [
      'HDFS',
      '081109 203615 148 INFO dfs.DataNode$PacketResponder: x',
      local(2008, 11, 9, 20, 36, 15),
    ],
    [
      'Android',
      '03-17 16:13:38.811  1702  2395 D WindowManager: x',
      local(2026, 3, 17, 16, 13, 38, 811),
    ],
    [
      'BGL',
      '- 1117838570 2005.06.03 R02-M1 2005-06-03-15.42.50.675872 R02-M1 RAS x',
      1_117_838_570_000,
    ],
    ['Spark', '17/06/09 20:10:40 INFO x', local(2017, 6, 9, 20, 10, 40)],
    ['HealthApp', '20171223-22:15:29:606|Step_LSC|7|x', local(2017, 12, 23, 22, 15, 29)],
    ['java.util.logging', 'Nov 25, 2026 1:30:00 PM a.B c', local(2026, 11, 25, 13, 30)],
    ['Redis', '1:M 25 Nov 2026 10:30:00.123 * x', local(2026, 11, 25, 10, 30, 0, 123)],
    ['seconds', '1764066600 x', 1_764_066_600_000],
    ['zap', '{"level":"info","ts":1764066600.5,"msg":"x"}', 1_764_066_600_500],
    ['pino', '{"level":30,"time":1764066600123,"msg":"x"}', 1_764_066_600_123],
    ['nanoseconds', '{"timestamp":1764066600123456789,"msg":"x"}', 1_764_066_600_123],
    ['journald', '{"__REALTIME_TIMESTAMP":"1764066600123456"}', 1_764_066_600_123],
    ['Elastic', '{"@timestamp":"2026-11-25T10:30:00.000Z"}', utc('2026-11-25T10:30:00Z')],
    [
      'Docker',
      `{"log":"${'x'.repeat(20_000)}","time":"2026-11-25T10:30:00Z"}`,
      utc('2026-11-25T10:30:00Z'),
    ],
    ['logfmt', 'level=info ts=1764066600.5 msg=x', 1_764_066_600_500],
    ['glog with a year', 'E20261125 10:30:00.5 7 a.cc:7] x', local(2026, 11, 25, 10, 30, 0, 500)],
    ['MongoDB', '{"t":{"$date":"2026-11-25T10:30:00Z"},"s":"I"}', utc('2026-11-25T10:30:00Z')],
    ['Serilog', '{"@t":"2026-11-25T10:30:00Z","@m":"x"}', utc('2026-11-25T10:30:00Z')],
    ['nginx in JSON', '{"time":"25/Nov/2026:10:30:00 +0000"}', utc('2026-11-25T10:30:00Z')],
    [
      'the outermost object',
      '{"request":{"time":1234567890},"@timestamp":"2026-11-25T10:30:00Z"}',
      utc('2026-11-25T10:30:00Z'),
    ],
    [
      'the head, not of what it tells (syslog)',
      'Nov 25 10:30:00 web cron: next run 2026-12-01 00:00:00',
      local(2026, 11, 25, 10, 30),
    ],
    [
      'the head, not of what it tells (Apache)',
      '1.2.3.4 - - [25/Nov/2026:10:30:00 +0000] "GET /x?d=2026-01-01T00:00:00 HTTP/1.1"',
      utc('2026-11-25T10:30:00Z'),
    ],
    ['Passenger', 'App 1234 output: 2026-11-25 10:30:00 x', local(2026, 11, 25, 10, 30)],
    [
      'bare logfmt',
      'level=info msg="is at last up" time=2026-11-25T10:30:00Z',
      utc('2026-11-25T10:30:00Z'),
    ],
    ['logfmt with ISO', 'time="2026-11-25T10:30:00Z" level=info', utc('2026-11-25T10:30:00Z')],
  ])('is read of %s', (_, text, expected) => {
    expect(lineTime(text, now)).toBe(expected);
  });

  it.each([
    '',
    'no time at all',
    'took 1200 ms for 2048 bytes of 1.2.3.4:8080',
    '    at a.b(C.java:12)',
    '[   12.345678] usb 1-1: new device',
    '2026-13-45 10:30:00 is no date',
    '2026-02-31 10:30:00 is none either',
    'Feb 29 10:30:00 host is none of 2026 or 2025',
    'the backup of 2020-01-01 00:00:00 is gone',
    'Kept until 2030-01-01 00:00:00 at least',
    '{"msg":"took 12 s","time":12}',
    'version 2.8.6 of 20261125',
  ])('is none in %j', (text) => {
    expect(lineTime(text, now)).toBeUndefined();
  });

  it('is found in a time that does not depend on what a line holds', () => {
    for (const piece of [
      '"time":',
      '2026-',
      '[25/Nov/',
      'ts="',
      ' 12:',
      '{"ts":"',
      '{"ts":1764066600,',
      'a b ',
    ]) {
      const started = performance.now();
      lineTime(piece.repeat(2_000_000 / piece.length), now);
      lineTime(`{${piece.repeat(2_000_000 / piece.length)}`, now);
      expect(performance.now() - started).toBeLessThan(5_000);
    }
  });
});

describe('a time that a person gives', () => {
  it.each<[string, number]>([
    ['10m', now - 600_000],
    ['1h30m', now - 5_400_000],
    ['2d', now - 2 * 86_400_000],
    ['now', now],
    ['today', local(2026, 11, 26)],
    ['yesterday', local(2026, 11, 25)],
    ['10:30', local(2026, 11, 26, 10, 30)],
    ['2026-11-25', local(2026, 11, 25)],
    ['2026-11-25 10:30', local(2026, 11, 25, 10, 30)],
    ['2026-11-25T10:30:00Z', utc('2026-11-25T10:30:00Z')],
    ['@1764066600', 1_764_066_600_000],
    ['Nov 25 10:30:00', local(2026, 11, 25, 10, 30)],
  ])('may be %s', (given, expected) => {
    expect(timeFrom(given, now)).toBe(expected);
  });

  it.each(['', 'soon', '10', '10x', '25:00', '2026-11', '2026-02-31', 'm'])(
    'is not %j',
    (given) => {
      expect(timeFrom(given, now)).toBeUndefined();
    },
  );
});
