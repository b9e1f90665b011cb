import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineLimiter } from '../../src/input/line-limiter.ts';
import { Utf8Gate } from '../../src/input/utf8-gate.ts';
import { chunked, holds, textBytes } from '../helpers/properties.ts';

interface Limited {
  /** Without one CR at the end, as a reader hands them on. */
  readonly lines: readonly string[];
  readonly cut: number;
}

/** Through the gate first, as in the program, so that chunks end between characters. */
function limit(chunks: readonly Buffer[], maxBytes: number): Limited {
  const gate = new Utf8Gate();
  const limiter = new LineLimiter(maxBytes);
  const pieces = chunks.map((chunk) => Buffer.from(limiter.push(gate.push(chunk))));
  pieces.push(Buffer.from(limiter.push(gate.end())));
  pieces.push(Buffer.from(limiter.push(Buffer.from('\n'))));
  return { lines: linesOf(Buffer.concat(pieces)), cut: limiter.cutLines };
}

function linesOf(bytes: Buffer): string[] {
  const texts = bytes.toString('latin1').split('\n').slice(0, -1);
  return texts.map((text) => (text.endsWith('\r') ? text.slice(0, -1) : text));
}

/** A mark at the start is taken for one, of UTF-8 or of UTF-16. */
const withoutMark = (bytes: Uint8Array): boolean => !(bytes[0] === 0xef || (bytes[0] ?? 0) >= 0xfe);
const anyBytes = textBytes().filter(withoutMark);
const caps = fc.integer({ min: 4, max: 20 });

describe('LineLimiter, whatever comes', () => {
  it('gives the same lines for any chunks', () => {
    holds(
      fc.property(chunked(anyBytes), caps, (chunks, max) => {
        expect(limit(chunks, max)).toEqual(limit([Buffer.concat(chunks)], max));
      }),
      3_000,
    );
  });

  it('leaves lines alone that fit, and of each other one keeps a beginning that fits', () => {
    holds(
      fc.property(chunked(anyBytes), caps, (chunks, max) => {
        const whole = linesOf(Buffer.concat([...chunks, Buffer.from('\n')]));
        const { lines, cut } = limit(chunks, max);
        expect(lines).toHaveLength(whole.length);
        for (const [i, line] of lines.entries()) {
          const original = whole[i]!;
          if (original.length <= max) expect(line).toBe(original);
          else {
            // At most three bytes of a character that is cut, and a CR.
            expect(original.startsWith(line)).toBe(true);
            expect(line.length).toBeLessThanOrEqual(max);
            expect(line.length).toBeGreaterThanOrEqual(max - 4);
          }
        }
        expect(cut).toBe(whole.filter((line) => line.length > max).length);
      }),
      3_000,
    );
  });

  it('never cuts a character in two', () => {
    const text = fc
      .array(fc.constantFrom('a', 'é', '日', '\u{1f600}', '\n', '\r\n'), { maxLength: 120 })
      .map((parts) => Uint8Array.from(Buffer.from(parts.join(''))));
    holds(
      fc.property(chunked(text), caps, (chunks, max) => {
        for (const line of limit(chunks, max).lines) {
          expect(Buffer.from(line, 'latin1').toString()).not.toContain('\ufffd');
        }
      }),
      1_500,
    );
  });
});
