import { describe, expect, it } from 'vitest';
import { WordTable } from '../../src/glance/word-table.ts';
import { randomRows, wordTableOf } from '../helpers/word-tables.ts';
import { seeded } from '../scan/vectors.ts';

/** Cosines of tokens of the table's dimensions with a piece, from the table itself. */
function similarities(table: WordTable, tokens: Int8Array, piece: number): number[] {
  const out = new Float32Array(tokens.length / table.dimensions);
  table.similarities(tokens, piece, out, 0);
  return [...out];
}

describe('WordTable', () => {
  it('has two codes a byte, the first in the low half, each 8 more than it says', () => {
    // -7 and 7, 0 and 1: 0x?1 0xf?, 0x?8 0x9?.
    const table = new WordTable(Uint8Array.of(0xf1, 0x98), 4);
    expect(table.pieceCount).toBe(1);
    const length = Math.hypot(-7, 7, 0, 1);
    const axes = Int8Array.of(127, 0, 0, 0, 0, 127, 0, 0, 0, 0, 127, 0, 0, 0, 0, 127);
    for (const [axis, value] of similarities(table, axes, 0).entries()) {
      expect(value).toBeCloseTo([-7, 7, 0, 1][axis]! / length, 6);
    }
  });

  it('gives the cosine, whatever the length of its rows', () => {
    const random = seeded(1);
    const dimensions = 16;
    const rows = randomRows(random, 40, dimensions);
    const table = wordTableOf(rows);
    const tokens = Int8Array.from({ length: 3 * dimensions }, () => random() * 254 - 127);
    for (const [piece, codes] of rows.entries()) {
      const expected = [0, 1, 2].map((token) => {
        let sum = 0;
        for (let i = 0; i < dimensions; i += 1) sum += codes[i]! * tokens[token * dimensions + i]!;
        return sum / Math.hypot(...codes) / 127;
      });
      for (const [token, value] of similarities(table, tokens, piece).entries()) {
        expect(value).toBeCloseTo(expected[token]!, 5);
      }
    }
  });

  it('writes from the offset on, and nowhere else', () => {
    const table = wordTableOf([[7, 0]]);
    const out = new Float32Array(5).fill(9);
    table.similarities(Int8Array.of(127, 0, -127, 0), 0, out, 2);
    expect([...out]).toEqual([9, 9, 1, -1, 9]);
  });

  it('says 0 of a row without a direction, and of a piece that it has not', () => {
    const table = wordTableOf([
      [0, 0],
      [7, 0],
    ]);
    const tokens = Int8Array.of(127, 0);
    expect(similarities(table, tokens, 0)).toEqual([0]);
    for (const piece of [2, 3, 65_535]) expect(similarities(table, tokens, piece)).toEqual([0]);
  });

  it.each([
    ['no bytes', 0, 128],
    ['half a row more', 96, 128],
    ['one byte less', 127, 128],
    ['vectors of no dimensions', 128, 0],
  ])('is none with %s', (_, byteCount, dimensions) => {
    expect(() => new WordTable(new Uint8Array(byteCount), dimensions)).toThrow(
      expect.objectContaining({
        code: 'ERR_IMESDE_MODEL',
        message: expect.stringMatching(/word table.*install imesde anew/) as string,
      }) as Error,
    );
  });

  it('has as many rows as its bytes hold, for other sizes of models too', () => {
    expect(new WordTable(new Uint8Array(64 * 7), 128).pieceCount).toBe(7);
    expect(new WordTable(new Uint8Array(16 * 50), 32).pieceCount).toBe(50);
  });
});
