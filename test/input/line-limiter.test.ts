import { describe, expect, it } from 'vitest';
import { LineLimiter } from '../../src/input/line-limiter.ts';
import { Utf8Gate } from '../../src/input/utf8-gate.ts';

/** Through the gate first, as in the program, so that chunks end between characters. */
function limit(chunks: readonly Buffer[], maxBytes: number): { lines: string[]; cut: number } {
  const gate = new Utf8Gate();
  const limiter = new LineLimiter(maxBytes);
  const pieces = chunks.map((chunk) => Buffer.from(limiter.push(gate.push(chunk))));
  pieces.push(Buffer.from(limiter.push(gate.end())));
  return { lines: Buffer.concat(pieces).toString().split('\n'), cut: limiter.cutLines };
}

describe('LineLimiter', () => {
  it('leaves lines alone that just fit', () => {
    expect(limit([Buffer.from('12345678\n12345678\n')], 8)).toEqual({
      lines: ['12345678', '12345678', ''],
      cut: 0,
    });
  });

  it('cuts a longer line there, counts it once and goes on with the next', () => {
    const chunks = ['123456789', 'more', 'and more\nnext', '\n'].map((text) => Buffer.from(text));
    expect(limit(chunks, 8)).toEqual({ lines: ['12345678', 'next', ''], cut: 1 });
  });

  it('cuts between characters, wherever a chunk ends', () => {
    // The cap of 8 bytes falls inside é, 日 or the emoji, one after the other.
    for (const text of ['1234567é9', '12345日9', '123456日9', '12345\u{1f600}9', 'é日日日']) {
      const whole = limit([Buffer.from(`${text}\nnext\n`)], 8);
      expect(text.startsWith(whole.lines[0]!)).toBe(true);
      expect(whole.lines.join()).not.toContain('\ufffd');
      const bytes = Buffer.from(`${text}\nnext\n`);
      for (let at = 0; at <= bytes.length; at += 1) {
        expect(limit([bytes.subarray(0, at), bytes.subarray(at)], 8)).toEqual(whole);
      }
    }
  });

  it('does not count the CR of a CRLF as a byte of the line, wherever a chunk ends', () => {
    const bytes = Buffer.from('12345678\r\n1234567\r\n123456789\r\n12345678\r');
    for (let first = 0; first <= bytes.length; first += 1) {
      for (let second = first; second <= bytes.length; second += 1) {
        const chunks = [
          bytes.subarray(0, first),
          bytes.subarray(first, second),
          bytes.subarray(second),
        ];
        const { lines, cut } = limit(chunks, 8);
        expect(lines.map((line) => line.replace(/\r$/, ''))).toEqual([
          '12345678',
          '1234567',
          '12345678',
          '12345678',
        ]);
        expect(cut).toBe(1);
      }
    }
  });

  it('cuts a line of bytes that are no UTF-8 too', () => {
    const { lines, cut } = limit([Buffer.alloc(100, 0x80), Buffer.from('\nnext')], 8);
    expect(lines).toEqual(['\ufffd'.repeat(8), 'next']);
    expect(cut).toBe(1);
  });

  it('passes the same lines on for any chunks of a seeded stream', () => {
    let state = 1;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (state >>> 8) % below;
    };
    const alphabet = ['a', 'b', ' ', 'é', '日', '\u{1f600}', '\r', '\n', '\r\n'];
    for (let round = 0; round < 300; round += 1) {
      const text = Array.from({ length: 80 }, () => alphabet[random(alphabet.length)]).join('');
      const bytes = Buffer.from(text);
      const chunks: Buffer[] = [];
      for (let at = 0; at < bytes.length;) {
        const end = at + 1 + random(20);
        chunks.push(bytes.subarray(at, end));
        at = end;
      }
      const strip = ({ lines, cut }: ReturnType<typeof limit>): unknown => ({
        lines: lines.map((line) => line.replace(/\r$/, '')),
        cut,
      });
      expect(strip(limit(chunks, 16))).toEqual(strip(limit([bytes], 16)));
    }
  });
});
