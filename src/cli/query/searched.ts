import type { Engine } from '../../engine/engine.ts';

/**
 * Where not all that was there is searched, a person must know.
 * @param isPartial - reading was interrupted
 */
export function tellWhatWasSearched(engine: Engine, isPartial: boolean): void {
  if (isPartial) {
    process.stderr.write(`imesde: answers from the first ${engine.lastLine} lines: interrupted\n`);
  }
  if (engine.evictedThrough === 0) return;
  const { lastLine, evictedThrough } = engine;
  process.stderr.write(
    `imesde: searched the last ${lastLine - evictedThrough} of ${lastLine} lines: ` +
      `raise ${engine.rank === 'cosine' ? '--rows, ' : ''}--window or --window-bytes to search more\n`,
  );
}
