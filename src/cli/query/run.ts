import type { Match } from '../../rank/match.ts';
import { escapeControls } from '../../output/escape.ts';
import { formatMatch } from '../../output/match-format.ts';
import { hintAtPhrases } from '../hints.ts';
import { formatNearestMiss } from './nearest-miss.ts';
import { showProgress } from './progress.ts';
import type { QueryOptions } from './command.ts';
import { Run } from '../run.ts';

export async function runQuery(phrases: readonly string[], options: QueryOptions): Promise<number> {
  hintAtPhrases(phrases);
  const run = new Run(options, options);
  try {
    const engine = await run.open({
      keep: options.all === true ? 'lines' : 'shapes',
      waitsForModel: false,
    });
    const prepared = Promise.all([engine.prepare(phrases), engine.ready()]);
    prepared.catch(() => undefined); // Thrown below, unless reading fails first.
    const endProgress = showProgress(engine, options.progress);
    await run.ingest(engine).finally(endProgress);
    await prepared;
    const results = await engine.searchAll(phrases, options.top, {
      minScore: options.minScore,
      all: options.all,
      wait: false,
    });
    if (engine.evictedThrough > 0) {
      const { lastLine, evictedThrough } = engine;
      process.stderr.write(
        `imesde: searched the last ${lastLine - evictedThrough} of ${lastLine} lines: ` +
          `raise ${engine.rank === 'cosine' ? '--rows, ' : ''}--window or --window-bytes to search more\n`,
      );
    }
    const printed = await print(run, results, options);
    const { minScore, quiet } = options;
    if (printed === 0 && minScore !== undefined && quiet !== true) {
      const best = await engine.searchAll(phrases, 1, { wait: false });
      process.stderr.write(formatNearestMiss(best.flat(), minScore) ?? '');
    }
    await run.finish();
    return run.stop.exitCode ?? (printed > 0 ? 0 : 1);
  } finally {
    await run.dispose();
  }
}

/** @returns how many matches were printed, or found where nothing is to be printed */
async function print(
  run: Run,
  results: readonly (readonly Match[])[],
  options: QueryOptions,
): Promise<number> {
  const { writer, format } = run;
  const withHeadings = format.terminal && !format.json && results.length > 1;
  let printed = 0;
  for (const matches of results) {
    if (withHeadings && matches[0] !== undefined && options.quiet !== true) {
      writer.write(`${escapeControls(matches[0].query)}:\n`);
    }
    for (const [index, match] of matches.entries()) {
      if (printed === (options.quiet === true ? 1 : options.maxCount) || writer.readerLeft) break;
      printed += 1;
      run.noteMatch();
      if (options.quiet === true) continue;
      writer.write(formatMatch({ ...match, rank: index + 1 }, format));
      await writer.room();
    }
  }
  return printed;
}
