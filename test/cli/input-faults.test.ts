import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  countsOf,
  oracleGap,
  runImesde,
  runShell,
  startImesde,
  tiny,
} from '../helpers/run-imesde.ts';
import { allLogs, newShapes, readLog } from '../helpers/sample-logs.ts';

const all = ['query', 'x', '--all', '-k', '10000', '--stats', ...tiny];

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

describe('standard input', () => {
  it.each<[string, Buffer]>([['random bytes', randomBytes(300_000)]])(
    'may be %s: no crash, and every line counts',
    async (_, bytes) => {
      const { exitCode, stderr } = await runImesde(all, bytes);
      expect([0, 1]).toContain(exitCode);
      const ends = bytes.at(-1) === 0x0a ? 0 : 1;
      expect(countsOf(stderr).read).toBe(newlines(bytes) + ends);
      expect(oracleGap(stderr)).toBe(0);
    },
  );

  it('may be gzip: every line counts', async () => {
    const { stderr } = await runImesde(all, gzipSync(allLogs()));
    expect(countsOf(stderr).read).toBe(newlines(Buffer.from(allLogs())));
    expect(oracleGap(stderr)).toBe(0);
  });

  it('ends with 2 for damaged gzip, after what came before the damage was read', async () => {
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
  ])('that is %s is named, with what to type', async (_, bytes, remedy) => {
    const { exitCode, stdout, stderr } = await runImesde(all, bytes);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^imesde: standard input is .*: ${remedy} .*\n$`));
  });

  it('may have a hole of NULs, which swallows nothing and is counted', async () => {
    const hole = Buffer.alloc(100_000);
    const input = Buffer.concat([hole, Buffer.from('disk full\n'), hole, Buffer.from('end\n')]);
    const { stdout, stderr } = await runImesde(all, input);
    expect(stdout.split('\n').sort()).toEqual(['', 'disk full', 'end']);
    expect(stderr).toContain(
      '0 lines cut, 0 invalid UTF-8 bytes, 200000 NUL bytes of holes dropped',
    );
    expect(oracleGap(stderr)).toBe(0);
  });

  it('keeps what follows a NUL byte', async () => {
    const { stdout } = await runImesde(all, 'before\0after\n');
    expect(stdout).toBe('before\0after\n');
  });

  it('counts bytes that are no UTF-8, and goes on', async () => {
    const bytes = Buffer.concat([Buffer.from('caf'), Buffer.of(0xe9), Buffer.from(' ok\nnext\n')]);
    const { stdout, stderr } = await runImesde(all, bytes);
    expect(stdout.split('\n').sort()).toEqual(['', 'caf\ufffd ok', 'next']);
    expect(stderr).toContain('1 invalid UTF-8 bytes');
  });

  it('may come in single bytes', async () => {
    const text = 'é 日本 \u{1f600}\r\ndisk full\r\n';
    const bytes = [...Buffer.from(text)].map((byte) => Buffer.of(byte));
    const { stdout, stderr } = await runImesde(all, bytes);
    expect(stdout.split('\n').sort()).toEqual(['', 'disk full', 'é 日本 \u{1f600}']);
    expect(stderr).toContain('0 invalid UTF-8 bytes');
  });

  it('keeps every character of lines that chunks cut in two (bug: kept as Latin-1)', async () => {
    // A chunk ends in a line with umlauts; the next has little text, so that it is copied out.
    const first = `Größe der Übertragung ${'überschritten '.repeat(4_000)}`;
    const text = `${first}bis hier\n${'\n'.repeat(60_000)}plain\n`;
    const { stdout } = await runImesde(all, [
      Buffer.from(text).subarray(0, 65_536),
      Buffer.from(text).subarray(65_536),
    ]);
    expect(stdout.split('\n').sort()).toEqual(
      ['', `${first}bis hier`.slice(0, undefined), 'plain'].sort(),
    );
  });

  it('takes a million empty lines: counted, not embedded', async () => {
    const { exitCode, stdout, stderr } = await runImesde(all, '\n'.repeat(1_000_000));
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(countsOf(stderr)).toMatchObject({ read: 1_000_000, empty: 1_000_000, window: 0 });
    expect(stderr).toContain('0 read');
  });

  it('takes JSON lines for text, whatever is in them', async () => {
    const proto = '{"__proto__":{"polluted":true},"level":"error","constructor":null}';
    const nested = '['.repeat(100_000);
    const { exitCode, stdout } = await runImesde(
      [...all, '--json', '--max-line-bytes', '1M'],
      `${proto}\n${nested}\n${readLog('api.jsonl')}`,
    );
    expect(exitCode).toBe(0);
    const texts = stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { text: string }).text);
    expect(texts).toHaveLength(224);
    expect(texts).toContain(proto);
    expect(texts).toContain(nested);
  });

  it('cuts a line at --max-line-bytes, between characters', async () => {
    const args = [...all, '--max-line-bytes', '16'];
    const { stdout, stderr } = await runImesde(args, '0123456789abcdé tail\n0123456789abcdef\r\n');
    expect(stdout.split('\n').sort()).toEqual(['', '0123456789abcdef', '0123456789abcdé']);
    expect(stderr).toContain('1 lines cut');
  });

  it('may be closed from the start', async () => {
    expect(await runShell(`imesde query x ${tiny.join(' ')} <&-`)).toMatchObject({
      exitCode: 1,
      stdout: '',
    });
  });

  it('is not read without bound while the model is slower: block', async () => {
    const running = startImesde(['-w', 'x', '-s', '1', '--stats', '--rows', '8', ...tiny]);
    const input = newShapes(3_000);
    running.pipeIn(input);
    const { stderr } = await running.result;
    expect(countsOf(stderr)).toMatchObject({ read: 3_000, overload: 0, waiting: 0, window: 8 });
    expect(oracleGap(stderr)).toBe(0);
  });

  it('gives memory back: flat after the window is full', async () => {
    const lines = function* (count: number): Generator<string> {
      const chunk = newShapes(50).split('\n').slice(0, -1);
      for (let i = 0; i < count; i += chunk.length) {
        yield chunk.map((line, at) => `${line} ${i + at} ${'z'.repeat(400)}${i}\n`).join('');
      }
    };
    const memory = async (count: number): Promise<number> => {
      const { stderr } = await runImesde(
        ['-w', 'x', '-s', '1', '--stats', '--window', '20000', ...tiny],
        lines(count),
      );
      expect(countsOf(stderr)).toMatchObject({ read: count, window: 20_000 });
      expect(oracleGap(stderr)).toBe(0);
      return Number(/memory: ([\d,]+) MiB/.exec(stderr)?.[1]?.replace(',', ''));
    };
    const short = await memory(100_000);
    const long = await memory(500_000);
    expect(long - short).toBeLessThan(100); // MiB; the lines between would be 160.
  });
});
