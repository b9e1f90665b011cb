import type { Engine } from '../../engine/engine.ts';

/** Where not all that was read could be held, a person must know. */
export function tellWhatWasSearched(engine: Engine): void {
  if (engine.evictedThrough === 0) return;
  const { lastLine, evictedThrough } = engine;
  process.stderr.write(
    `imesde: searched the last ${lastLine - evictedThrough} of ${lastLine} lines: ` +
      `raise ${engine.rank === 'cosine' ? '--rows, ' : ''}--window or --window-bytes to search more\n`,
  );
}
