/**
 * Notices of the system (inotify) say when to look at a file; what happened is seen by looking, which
 * is also done every quarter of a second: there are no notices of network file systems, and not more
 * of them than the system's limit.
 */
import { watch, type FSWatcher } from 'node:fs';

const pollMs = 250;

export class Notices {
  #watcher: FSWatcher | undefined;
  #isNoticed = false;
  #wake: () => void = () => undefined;

  constructor(path: string) {
    try {
      this.#watcher = watch(path, () => {
        this.#isNoticed = true;
        this.#wake();
      });
      this.#watcher.on('error', () => {
        this.close();
      });
    } catch {
      // No more notices are to be had: it is looked at every so often all the same.
    }
  }

  /** Until something is noticed, reading is to end, or it is time to look anyway. */
  async wait(signal: AbortSignal): Promise<void> {
    if (!this.#isNoticed) {
      await pause(signal, (wake) => {
        this.#wake = wake;
      });
    }
    this.#isNoticed = false;
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }
}

/** @param onWake - given what ends it early */
export async function pause(
  signal: AbortSignal,
  onWake?: (wake: () => void) => void,
): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, pollMs);
    signal.addEventListener('abort', wake);
    onWake?.(wake);
  });
}
