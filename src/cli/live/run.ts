import { fstatSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import type { WatchedLine } from '../../rank/watching.ts';
import { formatMatch } from '../../output/match-format.ts';
import { ImesdeError } from '../../shared/errors.ts';
import { hintAtPhrases } from '../hints.ts';
import type { LiveOptions } from './command.ts';
import { LiveControl } from './control.ts';
import { formatNearestMiss } from '../query/nearest-miss.ts';
import { Run } from '../run.ts';

/**
 * Texts of the window live long enough to be promoted, then die: left alone, V8 collects them only
 * when the heap has grown several times over. With this, by half: the memory of a full window is
 * flat (bench/memory).
 */
const heapGrowth = '--heap-growing-percent=50';

export async function runLive(options: LiveOptions): Promise<number> {
  assertOptions(options);
  setFlagsFromString(heapGrowth);
  const watched = options.watch ?? [];
  hintAtPhrases(watched);
  const control = new LiveControl(options);
  const run = new Run(options, options, control.stdout);
  try {
    await control.prepare(run);
    const engine = await run.open({ keep: 'lines', onOverload: options.onOverload });
    await Promise.all(watched.map((phrase) => engine.addWatch(phrase, options.minScore)));
    const max = options.quiet === true ? 1 : (options.maxCount ?? Infinity);
    let matched = 0;
    engine.onMatch((line) => {
      if (matched === max || run.writer.readerLeft) return;
      matched += 1;
      run.noteMatch();
      if (options.quiet !== true) run.writer.write(formatLine(line, run));
      if (matched === max) run.stop.requestAtOnce();
    });
    control.serve(engine, run);
    // With the prompt, standard input may be the terminal itself: no stream, but a prompt.
    if (!process.stdin.isTTY) await run.ingest(engine, !isFile(0));
    if (options.hold === true || process.stdin.isTTY) await control.hold(run);
    await control.close(run);
    const inputEnded = !run.stop.signal.aborted;
    if (matched === 0 && watched.length > 0 && inputEnded && options.quiet !== true) {
      const best = await engine.searchAll(watched, 1, { wait: false });
      const minScore = options.minScore ?? engine.watchMinScore;
      process.stderr.write(formatNearestMiss(best.flat(), minScore) ?? '');
    }
    await run.finish();
    if (run.stop.exitCode !== undefined) return run.stop.exitCode;
    return run.writer.readerLeft || matched > 0 || watched.length === 0 ? 0 : 1;
  } finally {
    await control.close(run);
    await run.dispose();
  }
}

/** A file has no pauses: what belongs together is there. */
function isFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    return false; // Closed.
  }
}

function assertOptions({ interactive, hold, fifo }: LiveOptions): void {
  if (hold === true && fifo === undefined && interactive !== true) {
    throw new ImesdeError(
      'ERR_IMESDE_USAGE',
      '--hold goes on answering, but nobody can ask: add --fifo PATH or -i',
    );
  }
}

function formatLine({ hits, line, time, text }: WatchedLine, run: Run): string {
  const [best, ...others] = hits;
  const also = others.length === 0 ? undefined : others.map(({ watch }) => watch.phrase);
  return formatMatch(
    { query: best?.watch.phrase ?? '', also, score: best?.score ?? 0, line, time, text },
    run.format,
  );
}
