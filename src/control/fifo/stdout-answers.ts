import { setImmediate, setTimeout } from 'node:timers/promises';
import type { MatchFormat } from '../../output/printed-match.ts';
import type { Writer } from '../../output/writer.ts';
import { inParts, jsonLines, textLines } from '../answer-format.ts';
import { stdoutIdleMsMax } from '../limits.ts';
import type { RequestId } from '../request.ts';
import type { Answer } from '../responder.ts';

export interface StdoutAnswersOptions {
  readonly writer: Pick<Writer, 'write' | 'waitingBytes'>;
  readonly format: MatchFormat;
  /** Nothing is to be printed: --quiet. */
  readonly quiet: boolean;
  /** Writes to standard error, beside a line being typed. */
  readonly warn: (text: string) => void;
}

/** More than this in front of an answer, or of its next part: the reader does not keep up. */
const waitingBytesMax = 64 * 1024;
const retryMs = 20;

/** Answers to those who named no reply FIFO, on standard output. */
export class StdoutAnswers {
  /** Answers that a blocked standard output took nothing of, or not all. */
  droppedCount = 0;
  readonly #options: StdoutAnswersOptions;
  /** Answers follow each other, whole. */
  #last: Promise<void> = Promise.resolve();

  constructor(options: StdoutAnswersOptions) {
    this.#options = options;
  }

  send(pending: Promise<Answer>, id: RequestId | undefined): void {
    const last = this.#last;
    this.#last = pending.then(async (answer) => {
      await last;
      if (!(await this.#print(answer, id))) this.droppedCount += 1;
    });
  }

  /** Resolves when nothing waits any more. */
  flushed(): Promise<void> {
    return this.#last;
  }

  /** @returns whether standard output took all of it */
  async #print(answer: Answer, id: RequestId | undefined): Promise<boolean> {
    const { format, quiet, writer, warn } = this.#options;
    if (answer.kind === 'error' && !format.json) {
      warn(`imesde: a request failed: ${answer.message}\n`);
      return true;
    }
    if (quiet) return true;
    // An answer does not queue behind what waits already; only one that has begun may wait a little.
    if (writer.waitingBytes > waitingBytesMax) return false;
    for (const part of inParts(format.json ? jsonLines(answer, id) : textLines(answer, format))) {
      for (let ms = 0; writer.waitingBytes > waitingBytesMax; ms += retryMs) {
        if (ms >= stdoutIdleMsMax) return false;
        await setTimeout(retryMs, undefined, { ref: false });
      }
      writer.write(part);
      await setImmediate();
    }
    return true;
  }
}
