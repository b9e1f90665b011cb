import type { Match } from '../../rank/match.ts';
import { formatMatch } from '../../output/match-format.ts';
import { InputFiles } from '../input-files.ts';
import { columnsDefault, isUtf8, terminalColumns } from '../output-format.ts';
import { phrasesIn, type NamedPhrase } from '../phrases.ts';
import type { Asked } from '../query/operands.ts';
import type { Place } from '../query/print.ts';
import { showProgress } from '../query/progress.ts';
import { tellWhatWasSearched } from '../query/searched.ts';
import { Run } from '../run.ts';
import { bucketsOf, type Bucket } from './buckets.ts';
import type { ScoresOptions } from './options.ts';
import { formatHeading, formatHistogram } from './histogram.ts';

export async function runScores(asked: Asked, options: ScoresOptions): Promise<number> {
  const files = new InputFiles(asked, options);
  if (files.isNothingLeft) return 2;
  const run = new Run(options, options, process.stdout, files.lines);
  try {
    const isFound = await printScores(run, asked.phrases, options, files.placeOf);
    await run.finish();
    return run.stop.exitCode ?? (files.errorCount > 0 ? 2 : isFound ? 0 : 1);
  } finally {
    await run.dispose();
  }
}

/** @returns whether anything answers */
async function printScores(
  run: Run,
  named: readonly NamedPhrase[],
  options: ScoresOptions,
  placeOf: Place,
): Promise<boolean> {
  const phrases = phrasesIn(named);
  const { like, unlike } = options;
  const engine = await run.open(options, { keep: 'shapes', waitsForModel: false });
  const prepared = Promise.all([engine.prepare(phrases, { like, unlike }), engine.ready()]);
  prepared.catch(() => undefined); // Thrown below, unless reading fails first.
  const endProgress = showProgress(engine, run.progress, undefined);
  await run.ingest(engine).finally(endProgress);
  const isPartial = run.stop.exitCode !== undefined;
  await prepared;
  tellWhatWasSearched(engine, isPartial);
  const { minScore = engine.questionMinScore } = options;
  const found = await engine.nearestEvents(phrases, minScore, false, { like, unlike });
  const format = {
    columns: terminalColumns() ?? columnsDefault,
    unicode: isUtf8(),
    color: run.format.color,
  };
  let isFound = false;
  for (const [index, { phrase, label }] of named.entries()) {
    const events = found[index] ?? [];
    isFound ||= events.some(({ score }) => score >= minScore);
    const buckets = bucketsOf(events, minScore);
    if (run.format.json) {
      for (const bucket of buckets) run.writer.write(jsonOf(bucket, phrase, label, placeOf));
    } else {
      const lines = engine.stats().window;
      run.writer.write(
        (index === 0 ? '' : '\n') +
          formatHeading(phrase, events.length, lines, format) +
          formatHistogram(buckets, minScore, format),
      );
    }
    await run.writer.room();
  }
  return isFound;
}

function jsonOf(
  { example, ...bucket }: Bucket,
  query: string,
  label: string | undefined,
  placeOf: Place,
): string {
  return `${JSON.stringify({ query, label, ...bucket, example: example && exampleOf(example, placeOf) })}\n`;
}

/** With the keys that a match has. */
function exampleOf(match: Match, placeOf: Place): object {
  const format = { json: true, scores: true, color: false, terminal: false };
  const shown = { ...match, query: undefined, why: undefined, ...placeOf(match.line) };
  return JSON.parse(formatMatch(shown, format)) as object;
}
