import { closeSync, fstatSync } from 'node:fs';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { inParts, jsonLines } from '../answer-format.ts';
import type { ControlFifo } from './control-fifo.ts';
import { openToWrite, tryWrite } from './fifo-path.ts';
import { answersPerAskerMax, answersWaitingBytesMax, replyIdleMsMax } from '../limits.ts';
import type { RequestId } from '../request.ts';
import { answerChars, type Answer } from '../responder.ts';

/** A full pipe is looked at again so often: soon at first, since most askers read at once. */
const retryMs = { first: 1, last: 50 } as const;

interface AskerQueue {
  /** Answers that are owed. */
  count: number;
  /** It took nothing for too long: all that is owed by then is dropped. */
  isGivenUp: boolean;
  last: Promise<void>;
}

/**
 * Answers to the askers' own FIFOs. Nothing here waits for an asker but its own answers, and those
 * for a bounded time: one that vanished, never reads or named something else delays nobody.
 */
export class Replies {
  /** Answers that could not be delivered, or not to their end. */
  droppedCount = 0;
  readonly #control: ControlFifo;
  /** By path: the answers to one asker follow each other, whole, in the order of its requests. */
  readonly #askers = new Map<string, AskerQueue>();
  #waitingBytes = 0;
  #isClosing = false;

  constructor(control: ControlFifo) {
    this.#control = control;
  }

  send(path: string, pending: Promise<Answer>, id: RequestId | undefined): void {
    let asker = this.#askers.get(path);
    if (asker === undefined) {
      asker = { count: 0, isGivenUp: false, last: Promise.resolve() };
      this.#askers.set(path, asker);
    }
    if (asker.count >= answersPerAskerMax) {
      this.droppedCount += 1;
      return;
    }
    const queue = asker;
    const { last } = queue;
    queue.count += 1;
    queue.last = this.#reserve(pending).then(async (reserved) => {
      await last;
      const isDelivered =
        reserved !== undefined &&
        !queue.isGivenUp &&
        (await this.#deliver(path, jsonLines(reserved.answer, id), queue));
      if (!isDelivered) this.droppedCount += 1;
      this.#waitingBytes -= reserved?.bytes ?? 0;
      queue.count -= 1;
      if (queue.count === 0) this.#askers.delete(path);
    });
  }

  /** Resolves when nothing waits any more. */
  async flushed(): Promise<void> {
    await Promise.all([...this.#askers.values()].map(({ last }) => last));
  }

  /** What still waits is given up at its next try. */
  close(): void {
    this.#isClosing = true;
  }

  /** @returns undefined where too much waits already */
  async #reserve(
    pending: Promise<Answer>,
  ): Promise<{ readonly answer: Answer; readonly bytes: number } | undefined> {
    const answer = await pending;
    const bytes = answerChars(answer) * 2; // As V8 keeps them, at worst.
    if (this.#waitingBytes + bytes > answersWaitingBytesMax) return undefined;
    this.#waitingBytes += bytes;
    return { answer, bytes };
  }

  /** @returns whether the asker's pipe took all of it */
  async #deliver(path: string, lines: Iterable<string>, asker: AskerQueue): Promise<boolean> {
    let fd: number | undefined;
    try {
      fd = openToWrite(path);
      // Answers that came back as requests would be answered, for ever.
      if (fd === undefined || this.#control.is(fstatSync(fd))) return false;
      for (const part of inParts(lines)) {
        if (!(await this.#write(fd, Buffer.from(part)))) {
          asker.isGivenUp = true;
          return false;
        }
        await setImmediate();
      }
      return true;
    } catch {
      return false; // No FIFO of this user, or its reader has gone.
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
  }

  /** @returns false where nothing is taken for too long */
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
