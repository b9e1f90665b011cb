import type { WindowLine } from '../window/window.ts';

/** Lines beside one, oldest first. */
export interface Around {
  readonly before: readonly WindowLine[];
  readonly after: readonly WindowLine[];
}

/**
 * The lines beside some lines, in one pass.
 * @param newestFirst - all lines that there are
 * @param numbers - of the lines beside which they stand
 * @returns by number
 */
export function linesAround(
  newestFirst: Iterable<WindowLine>,
  numbers: ReadonlySet<number>,
  { before, after }: { readonly before: number; readonly after: number },
): Map<number, Around> {
  const found = new Map<number, { before: WindowLine[]; after: WindowLine[] }>();
  /** Newest first, the last ones that were seen. */
  const newer: WindowLine[] = [];
  let open: { before: WindowLine[] }[] = [];
  for (const line of newestFirst) {
    for (const around of open) around.before.unshift(line);
    if (open.some((around) => around.before.length === before)) {
      open = open.filter((around) => around.before.length < before);
    }
    if (numbers.has(line.number)) {
      const around = { before: [], after: newer.toReversed() };
      found.set(line.number, around);
      if (before > 0) open.push(around);
    }
    newer.push(line);
    if (newer.length > after) newer.shift();
  }
  return found;
}
