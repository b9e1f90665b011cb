import { setFlagsFromString } from 'node:v8';
import type { StreamReader } from '../../control/nats/stream-reader.ts';
import type { FollowedFiles } from '../../input/followed-files.ts';
import type { ReadState } from '../../input/read-state.ts';
import { followedLinesDefault } from '../../shared/limits.ts';
import { complain } from '../complain.ts';
import { hintAtPhrases } from '../hints.ts';
import type { LiveOptions } from './options.ts';
import { LiveControl } from './control.ts';
import type { Exec } from './exec.ts';
import { LiveOutput } from './output.ts';
import { wantedFor } from '../../output/wanted.ts';
import { namedPhrases, phrasesIn } from '../phrases.ts';
import { formatNearestMiss } from '../query/nearest-miss.ts';
import { Run } from '../run.ts';
import type { KeptFile } from '../kept-file.ts';
import { keptSeen, lockSeen } from '../seen.ts';
import { openState } from '../state.ts';
import { keptState } from './kept-state.ts';

/**
 * Texts of the window live long enough to be promoted, then die: left alone, V8 collects them only
 * when the heap has grown several times over. With this, by half: the memory of a full window is
 * flat (bench/memory).
 */
const heapGrowth = '--heap-growing-percent=50';

export async function runLive(options: LiveOptions): Promise<number> {
  setFlagsFromString(heapGrowth);
  const phrases = namedPhrases(options.watch ?? [], options);
  const watched = phrases.map(({ phrase }) => phrase);
  hintAtPhrases(watched);
  const exec = await openExec(options);
  const control = new LiveControl(options);
  const state = await openState(options.state);
  const stream = await openStream(options);
  const seen = await lockSeen(options.seen);
  const files = stream ?? (await followed(options, watched.length > 0, state));
  const fileNames = (options.follow?.length ?? 0) > 1;
  const run = new Run(options, { ...options, fileNames }, control.stdout, files);
  let stateFile: KeptFile | undefined;
  let seenFile: KeptFile | undefined;
  try {
    await control.prepare(run);
    const engine = await run.open(options, {
      keep: 'lines',
      onOverload: options.onOverload,
      news: options.new === true && { seen },
      explain: wantedFor(run.format).explain,
    });
    await Promise.all(
      phrases.map(({ asked }) => engine.addWatch(asked.phrase, options.minScore, asked)),
    );
    const output = new LiveOutput(run, options, phrases, exec);
    output.listen(engine);
    stream?.attach({
      // What nobody is told of any more, as with -m, is left to others.
      committed: () => Math.min(engine.lastLine, output.endLine),
      told: () => run.writer.settled(),
    });
    control.serve(engine, run);
    // With the prompt, standard input may be the terminal itself: no stream, but a prompt.
    if (state !== undefined) stateFile = keptState(run, engine, state);
    if (seen !== undefined) seenFile = keptSeen(run, engine, engine.saveSeen.bind(engine));
    const isRead = files !== undefined || !process.stdin.isTTY;
    if (isRead) await run.ingest(engine, true);
    if (options.hold === true || !isRead) await control.hold(run);
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
      const placeOf = run.placeOf.bind(run);
      process.stderr.write(formatNearestMiss(nearest.flat(), minScore, placeOf) ?? '');
    }
    if (exec !== undefined) {
      await run.stop.within(exec.finished());
      exec.close();
    }
    await stateFile?.end();
    if (stream !== undefined) await run.stop.within(stream.end());
    await seenFile?.end();
    await run.finish();
    if (run.stop.exitCode !== undefined) return run.stop.exitCode;
    return run.writer.readerLeft || matched > 0 || watched.length === 0 ? 0 : 1;
  } finally {
    stateFile?.close();
    await stream?.close();
    seenFile?.close();
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

/**
 * The client of the bus is loaded here, where there is a stream.
 * @throws {ImesdeError} ERR_IMESDE_USAGE
 */
async function openStream(options: LiveOptions): Promise<StreamReader | undefined> {
  const { stream, consumer, server, maxLineBytes, lines } = options;
  if (stream === undefined || consumer === undefined) return undefined;
  const { assertStreamNames } = await import('../../control/nats/consumer-check.ts');
  const { busSettings } = await import('../../control/nats/settings.ts');
  assertStreamNames(stream, consumer);
  const settings = busSettings(server);
  const { StreamReader: Reader } = await import('../../control/nats/stream-reader.ts');
  return new Reader({ settings, stream, consumer, maxLineBytes, lines, onProblem: complain });
}

/** @throws {ImesdeError} ERR_IMESDE_USAGE where there is no such program */
async function openExec({ exec, every }: LiveOptions): Promise<Exec | undefined> {
  if (exec === undefined) return undefined;
  const { Exec: Runner } = await import('./exec.ts');
  return new Runner(exec, every ?? 0, (text) => process.stderr.write(`imesde: ${text}\n`));
}
