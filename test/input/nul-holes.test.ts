import { describe, expect, it } from 'vitest';
import { NulHoles } from '../../src/input/nul-holes.ts';

/** Everything that comes out of the chunks, and how much was dropped. */
function pass(chunks: readonly Buffer[]): { text: string; dropped: number } {
  const holes = new NulHoles();
  const kept = [...chunks.map((chunk) => holes.push(chunk)), holes.end()];
  return { text: Buffer.concat(kept).toString('latin1'), dropped: holes.droppedBytes };
}

function cut(bytes: Buffer, size: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return chunks;
}

describe('NulHoles', () => {
  it.each([1, 2, 31, 32, 33, 64, 10_000])(
    'drops a hole and keeps single NULs, in chunks of %i bytes',
    (size) => {
      const hole = Buffer.alloc(500);
      const bytes = Buffer.concat([hole, Buffer.from('a\0b\0\0c\n'), hole, Buffer.from('d'), hole]);
      expect(pass(cut(bytes, size))).toEqual({ text: 'a\0b\0\0c\nd', dropped: 1_500 });
    },
  );

  it('keeps a run that is too short for a hole, also at the very end', () => {
    const run = Buffer.alloc(31);
    expect(pass([Buffer.concat([run, Buffer.from('x')]), run])).toEqual({
      text: `${'\0'.repeat(31)}x${'\0'.repeat(31)}`,
      dropped: 0,
    });
  });

  it('hands on a chunk without NULs as it is', () => {
    const chunk = Buffer.from('text\n');
    expect(new NulHoles().push(chunk)).toBe(chunk);
  });
});
