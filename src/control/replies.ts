import { closeSync, fstatSync } from 'node:fs';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { inParts } from './answer-format.ts';
import type { ControlFifo } from './control-fifo.ts';
import { openToWrite, tryWrite } from './fifo-path.ts';
import { answersWaitingMax, replyIdleMsMax } from './limits.ts';

/** A full pipe is looked at again so often: soon at first, since most askers read at once. */
const retryMs = { first: 1, last: 50 } as const;

/**
 * Answers to the askers' own FIFOs. Nothing here waits for an asker but its own answer, and that
 * for a bounded time: one that vanished, never reads or named something else costs nothing.
 */
export class Replies {
  /** Answers that could not be delivered, or not to their end. */
  droppedCount = 0;
  readonly #control: ControlFifo;
  /** By path: the answers to one asker follow each other, whole. */
  readonly #queues = new Map<string, Promise<void>>();
  #waitingCount = 0;
  #isClosing = false;

  constructor(control: ControlFifo) {
    this.#control = control;
  }

  send(path: string, lines: Iterable<string>): void {
    if (this.#waitingCount >= answersWaitingMax) {
      this.droppedCount += 1;
      return;
    }
    this.#waitingCount += 1;
    const queue = (this.#queues.get(path) ?? Promise.resolve()).then(async () => {
      if (!(await this.#deliver(path, lines))) this.droppedCount += 1;
      this.#waitingCount -= 1;
      if (this.#queues.get(path) === queue) this.#queues.delete(path);
    });
    this.#queues.set(path, queue);
  }

  /** Resolves when nothing waits any more. */
  async flushed(): Promise<void> {
    await Promise.all(this.#queues.values());
  }

  /** What still waits is given up at its next try. */
  close(): void {
    this.#isClosing = true;
  }

  /** @returns whether the asker's pipe took all of it */
  async #deliver(path: string, lines: Iterable<string>): Promise<boolean> {
    let fd: number | undefined;
    try {
      fd = openToWrite(path);
      // Answers that came back as requests would be answered, for ever.
      if (fd === undefined || this.#control.is(fstatSync(fd))) return false;
      for (const part of inParts(lines)) {
        if (!(await this.#write(fd, Buffer.from(part)))) return false;
        await setImmediate();
      }
      return true;
    } catch {
      return false; // No FIFO of this user, or its reader has gone.
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
  }

  async #write(fd: number, bytes: Buffer): Promise<boolean> {
    let rest = bytes;
    let waitedMs = 0;
    let waitMs: number = retryMs.first;
    while (rest.length > 0) {
      const written = tryWrite(fd, rest);
      rest = rest.subarray(written);
      if (written > 0) {
        waitedMs = 0;
        waitMs = retryMs.first;
        continue;
      }
      if (waitedMs >= replyIdleMsMax || this.#isClosing) return false;
      await setTimeout(waitMs, undefined, { ref: false });
      waitedMs += waitMs;
      waitMs = Math.min(waitMs * 2, retryMs.last);
    }
    return true;
  }
}
