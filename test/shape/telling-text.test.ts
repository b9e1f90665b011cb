import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tellingText } from '../../src/shape/telling-text.ts';

function record(file: string, index: number): string {
  const url = new URL(`../fixtures/traces/${file}`, import.meta.url);
  return readFileSync(url, 'utf8').trimEnd().split('\n%%\n')[index] ?? '';
}

describe('tellingText', () => {
  it('leaves a line alone', () => {
    expect(tellingText('at a.B.c(B.java:1)')).toBe('at a.B.c(B.java:1)');
  });

  it.each<[string, string, number, string]>([
    [
      'Java: the innermost cause first, no frames',
      'java.log',
      1,
      '2026-01-31 09:26:53,589 ERROR [http-7] c.e.shop.Checkout - order 481049 failed\n' +
        'java.net.ConnectException: Connection refused by database\n' +
        'org.springframework.dao.DataAccessException: statement failed\n' +
        'java.lang.IllegalStateException: could not store order',
    ],
    [
      'Python: the last exception first',
      'python.log',
      1,
      '2026-01-31 09:26:53,589 ERROR app: job 17 failed\n' +
        'app.errors.JobError: job 17 could not be read\n' +
        "ValueError: invalid literal for int() with base 10: '12,50'",
    ],
    [
      'Python without a record: the exception alone',
      'python.log',
      3,
      'ZeroDivisionError: division by zero',
    ],
    [
      'Go: what it panicked at',
      'go.log',
      1,
      'panic: runtime error: invalid memory address or nil pointer dereference\n' +
        '[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x48f2a5]',
    ],
    [
      'Node: the cause, not the code',
      'node.log',
      1,
      "Error: connect ECONNREFUSED 127.0.0.1:5432\nError: no such table: orders\ncode: 'SQLITE_ERROR',\nerrno: -111\n}\n}",
    ],
    [
      '.NET: the inner exception first',
      'dotnet.log',
      2,
      'Unhandled exception. System.InvalidOperationException: could not save\n' +
        'System.Net.Sockets.SocketException (111): Connection refused',
    ],
    [
      'Rust: the message',
      'rust.log',
      2,
      "thread 'tokio-runtime-worker' (71) panicked at src/db.rs:40:9:\n" +
        'called `Result::unwrap()` on an `Err` value: PoolTimedOut',
    ],
    ['PEM: the label', 'blocks.log', 10, 'CERTIFICATE'],
    [
      'JSON: as one line',
      'blocks.log',
      0,
      '{ "level": "error", "msg": "disk full", "tags": [ "a", "b" ] }',
    ],
  ])('%s', (_, file, index, told) => {
    expect(tellingText(record(file, index))).toBe(told);
  });

  it('tells the same of traces whose frames differ', () => {
    const trace = record('java.log', 1);
    const other = trace
      .replaceAll(/java:\d+/g, 'java:7')
      .replace('\tat com.example.db', '\tat x.y');
    expect(other).not.toBe(trace);
    expect(tellingText(other)).toBe(tellingText(trace));
  });

  it('keeps the head of frames that nothing else is told of', () => {
    expect(tellingText('\tat a.B.c(B.java:1)\n\tat a.B.d(B.java:2)')).toBe('\tat a.B.c(B.java:1)');
  });

  it('is bounded', () => {
    const long = `error:\n${'  x yz\n'.repeat(100_000)}`;
    expect(tellingText(long).length).toBeLessThan(5_000);
  });
});
