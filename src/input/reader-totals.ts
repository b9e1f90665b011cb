/** What several readers of lines count, those at work and those that are done, as one reader would. */
import type { LineReader } from './line-reader.ts';

const counts = ['cutLines', 'joinedLines', 'invalidUtf8Bytes', 'droppedNulBytes'] as const;
type Count = (typeof counts)[number];

export class ReaderTotals implements Readonly<Record<Count, number>> {
  readonly #atWork = new Set<LineReader>();
  /** Of readers that are done. */
  readonly #done = new Map<Count, number>();

  get cutLines(): number {
    return this.#total('cutLines');
  }

  get joinedLines(): number {
    return this.#total('joinedLines');
  }

  get invalidUtf8Bytes(): number {
    return this.#total('invalidUtf8Bytes');
  }

  get droppedNulBytes(): number {
    return this.#total('droppedNulBytes');
  }

  protected begin(reader: LineReader): void {
    this.#atWork.add(reader);
  }

  protected end(reader: LineReader): void {
    this.#atWork.delete(reader);
    for (const name of counts) {
      this.#done.set(name, (this.#done.get(name) ?? 0) + reader[name]);
    }
  }

  #total(name: Count): number {
    let total = this.#done.get(name) ?? 0;
    for (const reader of this.#atWork) total += reader[name];
    return total;
  }
}

/**
 * @param stretches - of line numbers, each from the number after `before` on, in their order
 * @returns the one that a number lies in; undefined before the first
 */
export function stretchOf<Stretch extends { readonly before: number }>(
  stretches: readonly Stretch[],
  number: number,
): Stretch | undefined {
  let low = 0;
  let high = stretches.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((stretches[middle]?.before ?? 0) < number) low = middle;
    else high = middle;
  }
  const found = stretches[low];
  return found !== undefined && found.before < number ? found : undefined;
}
