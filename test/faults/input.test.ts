/** What can come in: bytes of every kind, and more of them than expected. */
import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectLongLineCut, longLine, memoryOf } from '../helpers/long-lines.ts';
import { counted, runCounted } from '../helpers/oracle.ts';
import { runImesde, runShell, startImesde, tiny } from '../helpers/run-imesde.ts';
import { allLogs, newShapes, readLog } from '../helpers/sample-logs.ts';

/** Prints every line that it keeps. */
const all = ['query', 'x', '--all', '-k', '10000', ...tiny];

function randomBytes(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 99;
  for (let i = 0; i < length; i += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    bytes[i] = state >>> 16;
  }
  return bytes;
}

function newlines(bytes: Buffer): number {
  return bytes.reduce((count, byte) => count + (byte === 0x0a ? 1 : 0), 0);
}

/** Lines, in an order of their own: those of a query are sorted by score. */
function sorted(stdout: string): string[] {
  return stdout.split('\n').slice(0, -1).sort();
}

describe('6. standard input without lines, or with ends of lines of all kinds', () => {
  it.each([
    ['empty', '< /dev/null'],
    ['closed', '<&-'],
  ])('%s: 1, and no hang', async (_, redirection) => {
    for (const command of ['query x', '-w x']) {
      const result = await runShell(`imesde ${command} --stats ${tiny.join(' ')} ${redirection}`);
      const { exitCode, stdout, stderr, counts } = counted(result);
      expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 1, stdout: '', stderr: '' });
      expect(counts.read).toBe(0);
    }
  });

  it('the last line counts without its newline too', async () => {
    const { stdout, counts } = await runCounted(all, 'first\nlast');
    expect(sorted(stdout)).toEqual(['first', 'last']);
    expect(counts.read).toBe(2);
  });

  it('CRLF: one CR is stripped, and a lone CR is no separator', async () => {
    const { stdout, counts } = await runCounted(all, 'one\r\ntwo\r\r\na\rb\r\n');
    expect(sorted(stdout)).toEqual(['a\rb', 'one', 'two\r']);
    expect(counts.read).toBe(3);
  });
});

describe('7. bytes that are no text', () => {
  it('random bytes: no crash, and every line counts', async () => {
    const bytes = randomBytes(300_000);
    const { exitCode, counts } = await runCounted(all, bytes);
    expect([0, 1]).toContain(exitCode);
    const ends = bytes.at(-1) === 0x0a ? 0 : 1;
    expect(counts.read).toBe(newlines(bytes) + ends);
  });

  it('gzip is read: every line counts', async () => {
    const { counts } = await runCounted(all, gzipSync(allLogs()));
    expect(counts.read).toBe(newlines(Buffer.from(allLogs())));
  });

  it('gzip that ends early: 2, after what came before was read', async () => {
    const half = gzipSync(allLogs()).subarray(0, 8_000);
    const { exitCode, stdout, stderr } = await runImesde(['-w', 'x', '-s', '-1', ...tiny], half);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^imesde: standard input is gzip that ends early .*\n$/);
    expect(stdout.split('\n').length).toBeGreaterThan(5);
  });

  it.each<[string, Buffer, string]>([
    ['an executable', readFileSync(process.execPath).subarray(0, 400_000), 'strings'],
    ['a zip archive', Buffer.from('504b030414000000', 'hex'), 'unzip'],
    ['UTF-16 without a mark', Buffer.from('disk full\n', 'utf16le'), 'iconv'],
  ])('%s is named, with what to type: 2', async (_, bytes, remedy) => {
    const { exitCode, stdout, stderr } = await runImesde(all, bytes);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^imesde: standard input is .*: ${remedy} .*\n$`));
  });

  it('a hole of NULs swallows nothing and is counted', async () => {
    const hole = Buffer.alloc(100_000);
    const input = Buffer.concat([hole, Buffer.from('disk full\n'), hole, Buffer.from('end\n')]);
    const { stdout, summary } = await runCounted(all, input);
    expect(sorted(stdout)).toEqual(['disk full', 'end']);
    expect(summary).toContain(
      '0 lines cut, 0 invalid UTF-8 bytes, 200000 NUL bytes of holes dropped',
    );
  });

  it('what follows a NUL byte is kept', async () => {
    const { stdout } = await runCounted(all, 'before\0after\n');
    expect(stdout).toBe('before\0after\n');
  });
});

describe('8. bytes that are no whole characters', () => {
  it('invalid UTF-8 becomes U+FFFD and is counted', async () => {
    const bytes = Buffer.concat([Buffer.from('caf'), Buffer.of(0xe9), Buffer.from(' ok\nnext\n')]);
    const { stdout, summary } = await runCounted(all, bytes);
    expect(sorted(stdout)).toEqual(['caf\ufffd ok', 'next']);
    expect(summary).toContain('1 invalid UTF-8 bytes');
  });

  it('characters split at every offset: as if unsplit', async () => {
    const text = 'é 日本 \u{1f600}\r\ndisk full\r\n';
    const bytes = [...Buffer.from(text)].map((byte) => Buffer.of(byte));
    const { stdout, summary } = await runCounted(all, bytes);
    expect(sorted(stdout)).toEqual(['disk full', 'é 日本 \u{1f600}']);
    expect(summary).toContain('0 invalid UTF-8 bytes');
  });

  it('every character of lines that chunks cut in two is kept (bug: kept as Latin-1)', async () => {
    // A chunk ends in a line with umlauts; the next has little text, so that it is copied out.
    const first = `Größe der Übertragung ${'überschritten '.repeat(4_000)}`;
    const text = `${first}bis hier\n${'\n'.repeat(60_000)}plain\n`;
    const { stdout } = await runCounted(all, [
      Buffer.from(text).subarray(0, 65_536),
      Buffer.from(text).subarray(65_536),
    ]);
    expect(sorted(stdout)).toEqual([`${first}bis hier`, 'plain'].sort());
  });

  it('a byte order mark is stripped at the start, and only there', async () => {
    const { stdout } = await runCounted(all, '\ufeffone\n\ufefftwo\n');
    expect(sorted(stdout)).toEqual(['one', '\ufefftwo']);
  });

  it('UTF-16 with its mark is an error that says what to do', async () => {
    const { exitCode, stdout, stderr } = await runImesde(
      ['query', 'x'],
      Buffer.from('\ufeffdisk full\n', 'utf16le'),
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^imesde: standard input is UTF-16: .*iconv[^\n]*\n$/);
  });
});

describe('9. lines that are too long', () => {
  it('300 MB: cut at the cap, counted, and memory is flat', async () => {
    const args = ['query', 'disk full', ...tiny];
    const small = await runCounted(args, longLine(1));
    const large = await runCounted(args, longLine(300));
    expect(large.summary).toContain('1 lines cut');
    expect(large.counts.read).toBe(2);
    expect(large.stdout).toBe(small.stdout);
    expect(
      large.stdout
        .split('\n')
        .map((line) => line.length)
        .sort((a, b) => a - b),
    ).toEqual([0, 'no space left on device'.length, 64 * 1024]);
    // MiB. Garbage that waits for its collection differs by dozens from run to run.
    expect(memoryOf(large.summary) - memoryOf(small.summary)).toBeLessThan(150);
  });

  it('600 MB, longer than any string of V8: the same', async () => {
    await expectLongLineCut(longLine(600));
  });

  it('--max-line-bytes: cut there, between characters', async () => {
    const args = [...all, '--max-line-bytes', '16'];
    const { stdout, summary } = await runCounted(
      args,
      '0123456789abcdé tail\n0123456789abcdef\r\n',
    );
    expect(sorted(stdout)).toEqual(['0123456789abcdef', '0123456789abcdé']);
    expect(summary).toContain('1 lines cut');
  });
});

describe('10. a million empty lines', () => {
  it('counted, not embedded', async () => {
    const { exitCode, stdout, counts, summary } = await runCounted(all, '\n'.repeat(1_000_000));
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(counts).toMatchObject({ read: 1_000_000, empty: 1_000_000, window: 0 });
    expect(summary).toContain('0 read');
  });
});

describe('11. characters of every kind', () => {
  it('are printed as they came, and read as what they stand for', async () => {
    const lines = [
      'cafe\u0301 closed', // A combining mark
      '\u05d0\u05d1\u05d2 \u202eesrever\u202c', // Right to left
      'zero\u200bwidth\u200djoined\ufeff',
      '\u{1f468}\u200d\u{1f469}\u200d\u{1f467} family',
      '\uff24\uff29\uff33\uff2b full width',
      'a\u2028b\u2029c\u0085d', // Ends of lines elsewhere, not here
    ];
    const { stdout, counts } = await runCounted(all, `${lines.join('\n')}\n`);
    expect(sorted(stdout)).toEqual([...lines].sort());
    expect(counts).toMatchObject({ read: lines.length, window: lines.length });
    // Lone surrogates can only come as bytes that are no UTF-8: three of them, each U+FFFD.
    const surrogate = Buffer.from('6c6f6e6520eda080 0a'.replaceAll(' ', ''), 'hex');
    const lone = await runCounted(all, surrogate);
    expect(lone.stdout).toBe('lone \ufffd\ufffd\ufffd\n');
    expect(lone.summary).toContain('3 invalid UTF-8 bytes');
  });
});

describe('12. JSON lines', () => {
  it('with __proto__, or nested 100,000 deep, are text', async () => {
    const proto = '{"__proto__":{"polluted":true},"level":"error","constructor":null}';
    const nested = '['.repeat(100_000);
    const { exitCode, stdout, counts } = await runCounted(
      [...all, '--json', '--max-line-bytes', '1M'],
      `${proto}\n${nested}\n${readLog('api.jsonl')}`,
    );
    expect(exitCode).toBe(0);
    expect(counts).toMatchObject({ read: 224, window: 224 });
    const texts = stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { text: string }).text);
    expect(texts).toHaveLength(224);
    expect(texts).toContain(proto);
    expect(texts).toContain(nested);
  });
});

describe('13. a producer that is faster than the embedder', () => {
  it('block: is held back, and nothing is dropped', async () => {
    const running = startImesde(['-w', 'x', '-s', '1', '--stats', '--rows', '8', ...tiny]);
    const input = newShapes(3_000);
    running.pipeIn(input);
    const { counts } = counted(await running.result);
    expect(counts).toMatchObject({ read: 3_000, overload: 0, waiting: 0, window: 8 });
  });

  it.each([
    ['every shape is read', tiny],
    ['only what may matter is read', []],
  ])('drop-oldest: what waits for a second is dropped and counted, where %s', async (_, model) => {
    const input = newShapes(1_500);
    const args = ['-w', 'x', '-s', '-1', '--workers', '1', '--on-overload', 'drop-oldest'];
    const slow = { fault: 'worker-fault.mjs', env: { PLANTED: 'slow shapes 1000000 300' } };
    const { counts, stdout, summary } = await runCounted([...args, ...model], input, slow);
    expect(counts).toMatchObject({ read: 1_500, waiting: 0, vector: 0 });
    expect(counts.overload).toBeGreaterThan(0);
    const printed = stdout.split('\n').slice(0, -1);
    expect(printed).toHaveLength(1_500 - counts.overload);
    expect(printed.length).toBeGreaterThan(0);
    const kept = new Set(printed);
    expect(input.split('\n').filter((line) => kept.has(line))).toEqual(printed); // In order.
    expect(summary).not.toContain('unread');
    const p99 = Number(/p99 ([\d,]+) ms/.exec(summary)?.[1]?.replaceAll(',', '') ?? NaN);
    expect(p99).toBeLessThan(5_000); // Reading all of them takes 14 s.
  });
});
