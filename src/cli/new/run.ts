import { FileLines } from '../../input/file-lines.ts';
import { LogNews } from '../../engine/log-news.ts';
import { showsFileNames } from '../common-options.ts';
import { complain } from '../complain.ts';
import { InputFiles } from '../input-files.ts';
import { Run } from '../run.ts';
import { openState } from '../state.ts';
import type { NewOptions } from './options.ts';
import { NewOutput } from './output.ts';
import type { KeptFile } from '../kept-file.ts';
import { keptSeen, lockSeen } from '../seen.ts';

export async function runNew(names: readonly string[], options: NewOptions): Promise<number> {
  const { quiet, baseline = [], warmUp, model, exact, withFilename } = options;
  const state = await openState(options.state);
  const seen = await lockSeen(options.seen);
  const inputs = new InputFiles(
    { phrases: [], files: names },
    { ...options, namesStdin: withFilename === true, readFrom: state },
  );
  if (inputs.isNothingLeft) return 2;
  const fileNames = showsFileNames(options, names.length);
  const run = new Run(options, { ...options, fileNames }, process.stdout, inputs.lines);
  let seenFile: KeptFile | undefined;
  try {
    // What is kept for the next run must have been read to its end.
    const endsEarly = quiet === true && seen === undefined && state === undefined;
    const output = new NewOutput(run, options, inputs.placeOf, endsEarly);
    const onNews = output.take.bind(output);
    const news = await LogNews.open({ model, exact, warmUp, seen, onNews });
    output.listen(news);
    await run.openTo(news);
    const hasBaseline = await readBaseline(run, news, baseline, options);
    if (!hasBaseline) return 2;
    if (seen !== undefined) seenFile = keptSeen(run, news, news.save.bind(news));
    await run.ingest(news, true);
    await output.end(baseline.length > 0 && run.stop.exitCode === undefined ? news.changes() : []);
    await seenFile?.end();
    await run.finish();
    if (run.stop.exitCode === undefined && !run.writer.readerLeft) await state?.save();
    const isTold = output.newCount > 0 && quiet === true;
    const code = output.newCount > 0 || run.writer.readerLeft ? 0 : 1;
    return run.stop.exitCode ?? (inputs.errorCount > 0 && !isTold ? 2 : code);
  } finally {
    seenFile?.close();
    await run.dispose();
  }
}

/** @returns false where a part of it can't be read, which has been told: all of it would seem new */
async function readBaseline(
  run: Run,
  news: LogNews,
  names: readonly string[],
  { maxLineBytes, lines }: NewOptions,
): Promise<boolean> {
  if (names.length === 0) return true;
  const errors: Error[] = [];
  const onError = (error: Error): void => {
    errors.push(error);
    complain(error.message);
  };
  news.isBaseline = true;
  await run.ingestBefore(new FileLines({ names, maxLineBytes, lines, onError }), news);
  news.isBaseline = false;
  return errors.length === 0;
}
