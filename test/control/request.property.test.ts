import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestLines } from '../../src/control/fifo/request-lines.ts';
import { parseRequestLine, type BadRequest, type Request } from '../../src/control/request.ts';
import { chunked, holds, textBytes } from '../helpers/properties.ts';

function parse(chunks: readonly Buffer[]): (Request | BadRequest)[] {
  const lines = new RequestLines();
  return chunks.flatMap((chunk) => lines.push(chunk)).flatMap(parseRequestLine);
}

const operations = ['query', 'status', 'watch', 'unwatch', 'quit'];

/** One error, or one operation that is one. */
function expectWhole(parsed: Request | BadRequest): void {
  expect('error' in parsed).not.toBe('operation' in parsed);
  if ('error' in parsed) {
    expect(parsed.error).toMatch(/^[^\n]+$/);
    return;
  }
  const { operation, id, reply } = parsed;
  expect(operations).toContain(operation.op);
  expect(['undefined', 'string', 'number']).toContain(typeof id);
  if (reply !== undefined) expect(reply).toMatch(/^\/[^\0]*$/);
  if (operation.op !== 'query' && operation.op !== 'watch') return;
  const { phrase, like, minScore } = operation;
  expect(phrase !== undefined || (like ?? []).length > 0).toBe(true);
  if (phrase !== undefined) expect(phrase.trim()).not.toBe('');
  if (minScore !== undefined) expect(Math.abs(minScore)).toBeLessThanOrEqual(1);
  if (operation.op === 'query' && operation.top !== undefined) {
    expect(Number.isInteger(operation.top) && operation.top >= 1).toBe(true);
  }
}

/** Values that a key may have, and others. */
const values = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(...operations, '/tmp/reply', 'disk full', ' ', 1, 0.5, -1, 10_000, true),
  fc.array(fc.constantFrom('one', 'two', ''), { maxLength: 3 }),
);
const keys = [
  ...['op', 'phrase', 'top', 'minScore', 'all', 'like', 'unlike', 'since', 'explain', 'when'],
  ...['id', 'reply', '__proto__', 'constructor'],
];
const requests = fc
  .array(fc.tuple(fc.constantFrom(...keys), values), { maxLength: 7 })
  .map((fields) => {
    const pairs = fields.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
    return `{${pairs.join(',')}}`;
  });

describe('requests, whatever comes', () => {
  it('any bytes in any chunks: never a throw, each line at most an error and a request', () => {
    const lineBytes = fc.oneof(
      textBytes(),
      fc.uint8Array({ maxLength: 200 }),
      requests.map((text) => new Uint8Array(Buffer.from(`${text}\n`))),
    );
    const bytes = fc
      .array(lineBytes, { maxLength: 5 })
      .map((parts) => new Uint8Array(Buffer.concat(parts)));
    holds(
      fc.property(chunked(bytes), (chunks) => {
        const parsed = parse(chunks);
        for (const one of parsed) expectWhole(one);
        const newlines = Buffer.concat(chunks).filter((byte) => byte === 0x0a).length;
        expect(parsed.length).toBeLessThanOrEqual(2 * newlines);
      }),
      1_500,
    );
  });

  it('any JSON object alone on its line: one error or one request, whole or in pieces', () => {
    holds(
      fc.property(requests, fc.nat({ max: 100 }), (text, at) => {
        const bytes = Buffer.from(`${text}\n`);
        const whole = parse([bytes]);
        expect(whole).toHaveLength(1);
        expectWhole(whole[0]!);
        const pieces = [bytes.subarray(0, at), bytes.subarray(at)];
        // A later piece that is a request by itself would be one: none of these is.
        if (!bytes.toString('latin1', at).trimStart().startsWith('{'))
          expect(parse(pieces)).toEqual(whole);
        expect(Object.prototype).not.toHaveProperty('op');
      }),
      1_500,
    );
  });
});
