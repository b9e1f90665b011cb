/** -c and -l: how many lines of each file answer, or in which any does. */
import { escapeControls } from '../../output/escape.ts';
import { stdinName } from '../../input/file-lines.ts';
import type { Run } from '../run.ts';
import type { Place } from './print.ts';

export interface CountOptions {
  /** By number of a line: for how many it stands. */
  readonly counts: ReadonlyMap<number, number>;
  /** Names as they are printed, in their order. */
  readonly files: readonly string[];
  readonly placeOf: Place;
  /** Only the names of those where something answers. */
  readonly namesOnly: boolean;
  /** Counting ends there, as grep's does. */
  readonly maxCount: number;
}

/** @returns whether anything answers */
export async function printCounts(run: Run, options: CountOptions): Promise<boolean> {
  const { counts, files, placeOf, namesOnly, maxCount } = options;
  const { writer, format } = run;
  const byFile = new Map(files.map((file) => [file, 0]));
  for (const [number, count] of counts) {
    const { file = stdinName } = placeOf(number);
    byFile.set(file, (byFile.get(file) ?? 0) + count);
  }
  for (const [file, all] of byFile) {
    const count = Math.min(all, maxCount);
    if (namesOnly && count === 0) continue;
    const name = format.terminal ? escapeControls(file) : file;
    if (format.json) writer.write(`${JSON.stringify(namesOnly ? { file } : { file, count })}\n`);
    else if (namesOnly) writer.write(`${name}\n`);
    else writer.write(format.files === true ? `${name}:${count}\n` : `${count}\n`);
    await writer.room();
  }
  return counts.size > 0;
}
