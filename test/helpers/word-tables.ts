/** Word tables of a few rows, packed as model/word-table.i4 is. */
import { WordTable } from '../../src/glance/word-table.ts';

/** @param rows - codes from -7 to 7, as many in each, an even number */
export function wordTableOf(rows: readonly (readonly number[])[]): WordTable {
  const dimensions = rows[0]!.length;
  const bytes = rows.flatMap((codes) =>
    Array.from(
      { length: dimensions / 2 },
      (_, i) => codes[2 * i]! + 8 + 16 * (codes[2 * i + 1]! + 8),
    ),
  );
  return new WordTable(Uint8Array.from(bytes), dimensions);
}

export function randomRows(random: () => number, count: number, dimensions: number): number[][] {
  return Array.from({ length: count }, () =>
    Array.from({ length: dimensions }, () => Math.floor(random() * 15) - 7),
  );
}
