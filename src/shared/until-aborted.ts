/** Options of whatever waits. */
export interface Waiting {
  /** Ends the waiting: what is awaited rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * What some work gives; it rejects with the signal's reason as soon as that aborts. The work is not
 * begun where it has aborted already; where it was begun, it goes on unheard, to its own end.
 */
export async function untilAborted<T>(
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (signal === undefined) return work();
  signal.throwIfAborted();
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = (): void => {
      reject(signal.reason as Error);
    };
  });
  signal.addEventListener('abort', onAbort);
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
