import { digestGroupsDefault, LogDigest } from '../../engine/log-digest.ts';
import { formatDigest } from '../../output/digest-format.ts';
import { digestJson } from '../../output/digest-json.ts';
import { InputFiles } from '../input-files.ts';
import { columnsDefault, isUtf8, terminalColumns, terminalRows } from '../output-format.ts';
import { showProgress } from '../query/progress.ts';
import { Run } from '../run.ts';
import type { DigestOptions } from './options.ts';

/** Beside the groups: what was read, titles, what is left out, what the marks say, and a prompt. */
const otherRows = 5;
const groupsMin = 5;

export async function runDigest(files: readonly string[], options: DigestOptions): Promise<number> {
  const input = new InputFiles({ phrases: [], files }, options);
  if (input.isNothingLeft) return 2;
  const run = new Run(options, options, process.stdout, input.lines);
  try {
    const { window, windowBytes, exact, model } = options;
    const log = await LogDigest.open({ window, windowBytes, exact, model });
    await run.openTo(log);
    const endProgress = showProgress(log, run.progress, options.progress);
    await run.ingest(log).finally(endProgress);
    const isRead = await printDigest(run, log, options, input);
    await run.finish();
    return run.stop.exitCode ?? (input.errorCount > 0 ? 2 : isRead ? 0 : 1);
  } finally {
    await run.dispose();
  }
}

/** @returns whether there was anything to tell of */
async function printDigest(
  run: Run,
  log: LogDigest,
  options: DigestOptions,
  { placeOf }: InputFiles,
): Promise<boolean> {
  const { read, waiting, evicted, skipped } = log.stats();
  const { empty, filtered = 0 } = skipped;
  if (run.stop.exitCode !== undefined) {
    process.stderr.write(`imesde: a digest of the first ${read - waiting} lines: interrupted\n`);
  }
  const digest = await log.digest(options.groups ?? groupsOnScreen(options));
  const counts = { lines: read - waiting - filtered, empty, filtered, evicted };
  if (options.json === true) {
    for (const line of digestJson(digest, counts, placeOf)) {
      run.writer.write(line);
      await run.writer.room();
    }
  } else if (counts.lines > 0) {
    const columns = terminalColumns() ?? columnsOfEnvironment() ?? columnsDefault;
    run.writer.write(
      formatDigest(digest, counts, { columns, unicode: isUtf8(), color: run.format.color }),
    );
    await run.writer.room();
  }
  return counts.lines - empty > 0;
}

function groupsOnScreen({ json }: DigestOptions): number {
  const rows = json === true ? undefined : terminalRows();
  return rows === undefined ? digestGroupsDefault : Math.max(groupsMin, rows - otherRows);
}

/** As pagers and manuals have it, for output that goes into one. */
function columnsOfEnvironment(): number | undefined {
  const columns = Number(process.env['COLUMNS']);
  return Number.isSafeInteger(columns) && columns >= 40 && columns <= 1_000 ? columns : undefined;
}
