import { setFlagsFromString } from 'node:v8';
import { ImesdeError } from '../../shared/errors.ts';
import { hintAtPhrases } from '../hints.ts';
import type { LiveOptions } from './command.ts';
import { LiveControl } from './control.ts';
import { LiveOutput } from './output.ts';
import { namedPhrases, phrasesIn } from '../phrases.ts';
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
  const phrases = namedPhrases(options.watch ?? [], options);
  const watched = phrases.map(({ phrase }) => phrase);
  hintAtPhrases(watched);
  const control = new LiveControl(options);
  const run = new Run(options, options, control.stdout);
  try {
    await control.prepare(run);
    const engine = await run.open({ keep: 'lines', onOverload: options.onOverload });
    await Promise.all(
      phrases.map(({ asked }) => engine.addWatch(asked.phrase, options.minScore, asked)),
    );
    const output = new LiveOutput(run, options, phrases);
    output.listen(engine);
    control.serve(engine, run);
    // With the prompt, standard input may be the terminal itself: no stream, but a prompt.
    if (!process.stdin.isTTY) await run.ingest(engine, true);
    if (options.hold === true || process.stdin.isTTY) await control.hold(run);
    await control.close(run);
    const inputEnded = !run.stop.signal.aborted;
    const { matched } = output;
    const isMissed = matched === 0 && watched.length > 0 && inputEnded && options.quiet !== true;
    if (isMissed && process.stderr.isTTY) {
      const { like, unlike } = options;
      const nearest = await engine.searchAll(phrasesIn(phrases), undefined, {
        wait: false,
        like,
        unlike,
      });
      const minScore = options.minScore ?? engine.watchMinScore;
      const placeOf = (line: number): { line: number } => ({ line });
      process.stderr.write(formatNearestMiss(nearest.flat(), minScore, placeOf) ?? '');
    }
    await run.finish();
    if (run.stop.exitCode !== undefined) return run.stop.exitCode;
    return run.writer.readerLeft || matched > 0 || watched.length === 0 ? 0 : 1;
  } finally {
    await control.close(run);
    await run.dispose();
  }
}

function assertOptions(options: LiveOptions): void {
  const { interactive, hold, fifo, phraseFile, watch, like, unlike } = options;
  if (unlike !== undefined && (watch ?? phraseFile ?? like) === undefined) {
    throw new ImesdeError(
      'ERR_IMESDE_USAGE',
      '--unlike says what is not meant, but nothing is watched for: add -w PHRASE',
    );
  }
  if (phraseFile?.includes('-') === true) {
    throw new ImesdeError(
      'ERR_IMESDE_USAGE',
      'standard input is the stream, not a file of phrases: name another',
    );
  }
  if (hold === true && fifo === undefined && interactive !== true) {
    throw new ImesdeError(
      'ERR_IMESDE_USAGE',
      '--hold goes on answering, but nobody can ask: add --fifo PATH or -i',
    );
  }
}
