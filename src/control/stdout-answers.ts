import { setImmediate, setTimeout } from 'node:timers/promises';
import type { MatchFormat } from '../output/match-format.ts';
import type { Writer } from '../output/writer.ts';
import { inParts, jsonLines, textLines } from './answer-format.ts';
import { stdoutIdleMsMax } from './limits.ts';
import type { RequestId } from './request.ts';
import type { Answer } from './responder.ts';

export interface StdoutAnswersOptions {
  readonly writer: Pick<Writer, 'write' | 'waitingBytes'>;
  readonly format: MatchFormat;
  /** Nothing is to be printed: --quiet. */
  readonly quiet: boolean;
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

  send(answer: Answer, id?: RequestId): void {
    const { format, quiet, writer } = this.#options;
    if (answer.kind === 'error' && !format.json) {
      process.stderr.write(`imesde: a request failed: ${answer.message}\n`);
      return;
    }
    if (quiet) return;
    if (writer.waitingBytes > waitingBytesMax) {
      this.droppedCount += 1;
      return;
    }
    const lines = format.json ? jsonLines(answer, id) : textLines(answer, format);
    this.#last = this.#last.then(() => this.#write(lines));
  }

  /** Resolves when nothing waits any more. */
  flushed(): Promise<void> {
    return this.#last;
  }

  async #write(lines: Iterable<string>): Promise<void> {
    const { writer } = this.#options;
    for (const part of inParts(lines)) {
      for (let ms = 0; writer.waitingBytes > waitingBytesMax; ms += retryMs) {
        if (ms >= stdoutIdleMsMax) {
          this.droppedCount += 1;
          return;
        }
        await setTimeout(retryMs, undefined, { ref: false });
      }
      writer.write(part);
      await setImmediate();
    }
  }
}
