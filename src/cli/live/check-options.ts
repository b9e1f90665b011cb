/** Options of a live run that make no sense together: better said than passed over. */
import { ImesdeError } from '../../shared/errors.ts';
import type { LiveOptions } from './options.ts';

/** @throws {ImesdeError} ERR_IMESDE_USAGE */
export function assertLiveOptions(options: LiveOptions): void {
  const { interactive, hold, fifo, phraseFile, follow, exec, every } = options;
  const { watch, like, unlike, state, seen, fleet, stream, consumer } = options;
  const isWatching = (watch ?? phraseFile ?? like) !== undefined;
  refuse(
    follow?.includes('-') === true,
    'standard input is no file to follow: leave -F out to read it',
  );
  refuse(
    follow === undefined && phraseFile?.includes('-') === true,
    'standard input is the stream, not a file of phrases: name another',
  );
  refuse(
    state !== undefined && follow === undefined,
    '--state keeps where reading of files ended, and standard input is none: name them, -F FILE',
  );
  refuse(
    state !== undefined && (options.quiet === true || options.maxCount !== undefined),
    '--state has each line told once, which -q and -m would not: leave them out, or use imesde query',
  );
  refuse(
    hold === true && fifo === undefined && fleet !== true && interactive !== true,
    '--hold goes on answering, but nobody can ask: add --fifo PATH or -i',
  );
  for (const name of ['group', 'name'] as const) {
    refuse(
      options[name] !== undefined && fleet !== true,
      `--${name} is of a fleet: add --fleet to join it`,
    );
  }
  refuse(
    options.server !== undefined && fleet !== true && stream === undefined,
    '--server is of a fleet or a stream: add --fleet to join it, or --stream NAME to read one',
  );
  refuse(
    (stream === undefined) !== (consumer === undefined),
    '--stream and --consumer belong together: a durable consumer remembers what was read of the stream',
  );
  refuse(
    stream !== undefined && follow !== undefined,
    '--stream is read in place of files: leave -F out',
  );
  refuse(
    exec !== undefined && !isWatching,
    '--exec runs a program for lines that answer, but nothing is watched: add -w PHRASE',
  );
  refuse(
    unlike !== undefined && !isWatching,
    '--unlike says what is not meant, but nothing is watched for: add -w PHRASE',
  );
  refuse(
    options.new === true && !isWatching,
    '--new is of what answers, but nothing is watched: add -w PHRASE, or see imesde new --help',
  );
  refuse(
    seen !== undefined && options.new !== true,
    '--seen remembers which events were new: add --new',
  );
  refuse(
    every !== undefined && exec === undefined,
    '--every says how often --exec runs a program, but there is none: add --exec CMD',
  );
}

function refuse(isSenseless: boolean, message: string): void {
  if (isSenseless) throw new ImesdeError('ERR_IMESDE_USAGE', message);
}
