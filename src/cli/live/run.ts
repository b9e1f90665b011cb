import { setFlagsFromString } from 'node:v8';
import { ImesdeError } from '../../shared/errors.ts';
import type { FollowedFiles } from '../../input/followed-files.ts';
import type { ReadState } from '../../input/read-state.ts';
import { followedLinesDefault } from '../../shared/limits.ts';
import { complain } from '../complain.ts';
import { hintAtPhrases } from '../hints.ts';
import type { LiveOptions } from './command.ts';
import { LiveControl } from './control.ts';
import { LiveOutput } from './output.ts';
import { namedPhrases } from '../phrases.ts';
import { formatNearestMiss } from '../query/nearest-miss.ts';
import { Run } from '../run.ts';
import { openState } from '../state.ts';
import { KeptState } from './kept-state.ts';

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
  const state = await openState(options.state);
  const files = await followed(options, watched.length > 0, state);
  const fileNames = (options.follow?.length ?? 0) > 1;
  const run = new Run(options, { ...options, fileNames }, control.stdout, files);
  let kept: KeptState | undefined;
  try {
    await control.prepare(run);
    const engine = await run.open({ keep: 'lines', onOverload: options.onOverload });
    await Promise.all(watched.map((phrase) => engine.addWatch(phrase, options.minScore)));
    const output = new LiveOutput(run, options, phrases);
    output.listen(engine);
    control.serve(engine, run);
    // With the prompt, standard input may be the terminal itself: no stream, but a prompt.
    if (state !== undefined) kept = new KeptState(state, run, engine);
    const isRead = files !== undefined || !process.stdin.isTTY;
    if (isRead) await run.ingest(engine, true);
    if (options.hold === true || !isRead) await control.hold(run);
    await control.close(run);
    const inputEnded = !run.stop.signal.aborted;
    const { matched } = output;
    const isMissed = matched === 0 && watched.length > 0 && inputEnded && options.quiet !== true;
    if (isMissed && process.stderr.isTTY) {
      const nearest = await engine.searchAll(watched, undefined, { wait: false });
      const minScore = options.minScore ?? engine.watchMinScore;
      const placeOf = run.placeOf.bind(run);
      process.stderr.write(formatNearestMiss(nearest.flat(), minScore, placeOf) ?? '');
    }
    await kept?.end();
    await run.finish();
    if (run.stop.exitCode !== undefined) return run.stop.exitCode;
    return run.writer.readerLeft || matched > 0 || watched.length === 0 ? 0 : 1;
  } finally {
    kept?.close();
    await control.close(run);
    await run.dispose();
  }
}

/** @returns nothing where standard input is read */
async function followed(
  options: LiveOptions,
  isWatched: boolean,
  state: ReadState | undefined,
): Promise<FollowedFiles | undefined> {
  const { follow, maxLineBytes, lines, window } = options;
  if (follow === undefined) return undefined;
  // Who watches is told what comes; who asks means what is there.
  const { tail = isWatched ? followedLinesDefault : window } = options;
  const { FollowedFiles } = await import('../../input/followed-files.ts');
  const reading = { names: follow, maxLineBytes, lines, window, tail, state };
  return new FollowedFiles({ ...reading, onProblem: complain });
}

function assertOptions(options: LiveOptions): void {
  const { interactive, hold, fifo, phraseFile, follow, state, quiet, maxCount } = options;
  if (state !== undefined && follow === undefined) {
    throw new ImesdeError(
      'ERR_IMESDE_USAGE',
      '--state keeps where reading of files ended, and standard input is none: name them, -F FILE',
    );
  }
  if (state !== undefined && (quiet === true || maxCount !== undefined)) {
    throw new ImesdeError(
      'ERR_IMESDE_USAGE',
      '--state has each line told once, which -q and -m would not: leave them out, or use imesde query',
    );
  }
  if (follow?.includes('-') === true) {
    throw new ImesdeError(
      'ERR_IMESDE_USAGE',
      'standard input is no file to follow: leave -F out to read it',
    );
  }
  if (follow === undefined && phraseFile?.includes('-') === true) {
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
