import type { Readable } from 'node:stream';
import { ImesdeError } from '../shared/errors.ts';

/**
 * The chunks of a stream until it ends or the signal aborts. An abort needs no further chunk to be
 * noticed, and what was not asked for stays unread. (A race of promises for each chunk would leave
 * something behind at each, for weeks.)
 * @throws {ImesdeError} ERR_IMESDE_INPUT where the stream can't be read
 */
export async function* readUntil(
  stream: Readable,
  signal: AbortSignal,
  name = 'standard input',
): AsyncGenerator<Buffer> {
  let wake: () => void = () => undefined;
  const state: { ended: boolean; failure: NodeJS.ErrnoException | undefined } = {
    ended: false,
    failure: undefined,
  };
  const onChange = (): void => {
    wake();
  };
  const onEnd = (): void => {
    state.ended = true;
    wake();
  };
  const onError = (error: Error): void => {
    state.failure = error;
    wake();
  };
  stream.on('readable', onChange).on('end', onEnd).on('close', onEnd).on('error', onError);
  signal.addEventListener('abort', onChange);
  try {
    while (!signal.aborted) {
      const chunk = stream.read() as Buffer | null;
      if (chunk !== null) {
        yield chunk;
        continue;
      }
      if (state.failure !== undefined) throw readError(state.failure, name);
      if (state.ended) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    signal.removeEventListener('abort', onChange);
    stream.off('readable', onChange).off('end', onEnd).off('close', onEnd);
    stream.destroy();
  }
}

function readError(error: NodeJS.ErrnoException, name: string): ImesdeError {
  return new ImesdeError(
    'ERR_IMESDE_INPUT',
    `can't read ${name} (${error.code ?? error.message}): pipe a file or a command into imesde`,
    { cause: error },
  );
}
