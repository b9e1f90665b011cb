import type { Digest } from '../rank/digest/digest.ts';
import { sparkline } from './event-times.ts';

/** A slot's lines are laid out in so many places at most. */
const placesMax = 32;

/** A sparkline of so many columns, from the log's first line to its last, the same for all groups. */
export function pictureOf(
  when: readonly number[],
  digest: Pick<Digest, 'from' | 'to' | 'slotStart' | 'slotWidth'>,
  columns: number,
  isUnicode: boolean,
): string {
  return sparkline(columnsOf(when, digest, columns), isUnicode);
}

/** Slots → columns. The lines of a slot lie evenly in it, as far as anybody knows. */
export function columnsOf(
  when: readonly number[],
  { from = 0, to = 0, slotStart, slotWidth }: Parameters<typeof pictureOf>[1],
  columns: number,
): number[] {
  const counts = new Array<number>(columns).fill(0);
  for (const [slot, count] of when.entries()) {
    const begin = Math.max(from, slotStart + slot * slotWidth);
    const end = Math.min(to, slotStart + (slot + 1) * slotWidth);
    const places = Math.min(count, placesMax);
    for (let i = 0; i < places; i += 1) {
      const at = begin + ((i + 0.5) / places) * Math.max(0, end - begin);
      const column = to > from ? Math.floor(((at - from) / (to - from)) * columns) : 0;
      const within = Math.max(0, Math.min(columns - 1, column));
      counts[within] = (counts[within] ?? 0) + count / places;
    }
  }
  return counts;
}
