import { expect, it } from 'vitest';
import { requestBytesMax } from '../../src/control/limits.ts';
import { RequestLines, type RequestLine } from '../../src/control/fifo/request-lines.ts';

function linesOf(...chunks: string[]): RequestLine[] {
  const lines = new RequestLines();
  return chunks.flatMap((chunk) => lines.push(Buffer.from(chunk)));
}

it('cuts what one write brought into lines', () => {
  expect(linesOf('one\ntwo\n')).toEqual([
    { text: 'one', tail: undefined },
    { text: 'two', tail: undefined },
  ]);
});

it('joins a line that came in pieces, and tells what its last piece was', () => {
  expect(linesOf('on', 'e\ntwo\n')).toEqual([
    { text: 'one', tail: 'e' },
    { text: 'two', tail: undefined },
  ]);
});

it('joins a character that was split between two writes', () => {
  const bytes = Buffer.from('größer\n');
  const lines = new RequestLines();
  const found = [bytes.subarray(0, 3), bytes.subarray(3)].flatMap((chunk) => lines.push(chunk));
  expect(found[0]?.text).toBe('größer');
});

it('takes a line of the longest length, and no longer one', () => {
  const longest = 'x'.repeat(requestBytesMax);
  expect(linesOf(`${longest}\n`)[0]?.text).toBe(longest);
  expect(linesOf(`${longest}x\n`)[0]?.text).toBeUndefined();
});

it('finds the next line behind one of a megabyte', () => {
  const pieces = Array.from({ length: 16 }, () => 'x'.repeat(65_536));
  expect(linesOf(...pieces, '\nnext\n').map(({ text }) => text)).toEqual([undefined, 'next']);
});

it('keeps nothing of a line that is too long', () => {
  const lines = new RequestLines();
  const piece = Buffer.alloc(65_536, 'x');
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 4_000; i += 1) lines.push(piece);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
});
