import { describe, expect, it } from 'vitest';
import { Utf8Gate } from '../../src/input/utf8-gate.ts';

function pass(chunks: readonly Buffer[]): { bytes: Buffer; invalid: number; pieces: Buffer[] } {
  const gate = new Utf8Gate();
  const pieces = [...chunks.map((chunk) => Buffer.from(gate.push(chunk))), gate.end()];
  return { bytes: Buffer.concat(pieces), invalid: gate.invalidBytes, pieces };
}

describe('Utf8Gate', () => {
  it('passes text on as if unsplit, whichever offset a chunk ends at', () => {
    const text = Buffer.from('a é ß 日本 \u{1f600} \u{10ffff} e\u0301 \u200d\u202e z');
    for (let first = 0; first <= text.length; first += 1) {
      for (let second = first; second <= text.length; second += 1) {
        const chunks = [
          text.subarray(0, first),
          text.subarray(first, second),
          text.subarray(second),
        ];
        const { bytes, invalid } = pass(chunks);
        expect(bytes.toString()).toBe(text.toString());
        expect(invalid).toBe(0);
      }
    }
  });

  it('hands on only whole characters, so that each piece can be decoded alone', () => {
    const text = Buffer.from('x\u{1f600}日é');
    const bytes = [...text].map((byte) => Buffer.of(byte));
    expect(pass(bytes).pieces.map(String).join('')).toBe(text.toString());
  });

  it.each([
    ['a lone continuation byte', [0x80], 1],
    ['a byte that never occurs', [0xff], 1],
    ['an overlong slash', [0xc0, 0xaf], 2],
    ['a surrogate', [0xed, 0xa0, 0x80], 3],
    ['a character past U+10FFFF', [0xf4, 0x90, 0x80, 0x80], 4],
    ['a sequence that another character cuts short', [0xe6, 0x97, 0x41], 2],
    ['a sequence that the end cuts short', [0x41, 0xf0, 0x9f, 0x98], 3],
  ])('counts the bytes of %s, however they are split', (_, raw, expected) => {
    const all = Buffer.from([0x61, ...raw]);
    for (let at = 0; at <= all.length; at += 1) {
      const { bytes, invalid } = pass([all.subarray(0, at), all.subarray(at)]);
      expect(invalid).toBe(expected);
      expect(bytes.equals(all)).toBe(true);
      expect(bytes.toString()).toContain('\ufffd');
    }
  });

  it('strips a byte order mark at the very start, and only there', () => {
    const text = Buffer.from('\ufeffone\ufefftwo');
    for (let at = 0; at <= text.length; at += 1) {
      const { bytes } = pass([text.subarray(0, at), text.subarray(at)]);
      expect(bytes.toString()).toBe('one\ufefftwo');
    }
  });

  it('passes a stream on that is no more than the start of a byte order mark', () => {
    expect(pass([Buffer.of(0xef), Buffer.of(0xbb)])).toMatchObject({ invalid: 2 });
    expect(pass([Buffer.from([0xef, 0xbb, 0xbf])]).bytes).toHaveLength(0);
  });

  it.each([
    ['little', [0xff, 0xfe, 0x61, 0]],
    ['big', [0xfe, 0xff, 0, 0x61]],
  ])('refuses UTF-16 of %s endian order, and says what to do', (_, bytes) => {
    for (let at = 0; at <= bytes.length; at += 1) {
      const chunks = [Buffer.from(bytes.slice(0, at)), Buffer.from(bytes.slice(at))];
      expect(() => pass(chunks)).toThrow(/UTF-16.*iconv/);
    }
  });

  it('lets bytes that look like a UTF-16 mark pass later in the stream', () => {
    expect(pass([Buffer.from('a\n'), Buffer.of(0xff, 0xfe)]).invalid).toBe(2);
  });
});
