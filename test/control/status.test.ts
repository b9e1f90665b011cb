import { expect, it } from 'vitest';
import { formatStatus, type Status } from '../../src/control/status.ts';

const status: Status = {
  pid: 4711,
  uptimeSeconds: 93_784.2,
  model: 'all-MiniLM-L6-v2',
  lines: {
    read: 1_234_567,
    waiting: 0,
    window: 262_144,
    evicted: 972_411,
    skipped: { empty: 12, overload: 0, vector: 0 },
    screened: 4_711,
    cut: 0,
    invalidUtf8Bytes: 3,
  },
  shapes: 81_204,
  readings: 5_301,
  rows: 1_210,
  rowsMax: 4_096,
  linesPerSecond: 1_042.4,
  latencyMs: { p50: 0.12, p99: 4.1 },
  watches: ['break-in\x1b[2J attempt'],
  rssBytes: 222_298_112,
};

it('is read by people: aligned, with units, and no control characters of others', () => {
  expect(formatStatus(status)).toBe(`imesde 4711, up 1 d 2 h, all-MiniLM-L6-v2
lines read       1,234,567
  waiting                0
  in the window    262,144
  evicted          972,411
  skipped               12  (empty 12)
lines unread         4,711
lines cut                0
invalid UTF-8            3  bytes
shapes              81,204
readings             5,301
rows                 1,210  of 4,096
speed                1,042  lines/s
latency p50           0.12  ms
latency p99           4.10  ms
memory                 212  MiB
watches                  1
  break-in\\x1b[2J attempt
`);
});

it.each([
  [0.4, '0 s'],
  [59, '59 s'],
  [3_600, '1 h 0 min'],
  [90, '1 min 30 s'],
])('says how long it is up: %f s as %s', (uptimeSeconds, text) => {
  expect(formatStatus({ ...status, uptimeSeconds })).toContain(`up ${text},`);
});
