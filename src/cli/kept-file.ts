/**
 * A file that a run keeps for the next one, written every now and then: each time with what has been
 * judged and told, so that nothing is lost where a run is killed, and little told again.
 */
import { ImesdeError } from '../shared/errors.ts';
import { complain } from './complain.ts';
import type { LineTaker, Run } from './run.ts';

export interface Kept {
  readonly everyMs: number;
  /** Grows with what there is to write. */
  readonly version: () => number;
  /** Takes down what there is to write now. @returns writes it */
  readonly takeDown: () => () => Promise<void>;
  /** It knows of lines when they are read: where some were not judged at the end, it is not written. */
  readonly isAhead?: boolean;
}

export class KeptFile {
  readonly #run: Run;
  readonly #taker: LineTaker;
  readonly #kept: Kept;
  readonly #timer: NodeJS.Timeout;
  /** Under way; never rejects. */
  #writing: Promise<void> | undefined;
  /** What is in the file. */
  #written = 0;
  #isFailing = false;

  constructor(run: Run, taker: LineTaker, kept: Kept) {
    this.#run = run;
    this.#taker = taker;
    this.#kept = kept;
    this.#timer = setInterval(() => {
      if (this.#writing !== undefined || kept.version() === this.#written) return;
      this.#writing = this.#write().finally(() => {
        this.#writing = undefined;
      });
    }, kept.everyMs).unref();
  }

  /**
   * After the last line was told.
   * @throws {ImesdeError} ERR_IMESDE_OUTPUT
   */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    const { stop, writer } = this.#run;
    if (this.#writing !== undefined && !(await stop.within(this.#writing))) return;
    const isTold = (await stop.within(writer.flushed())) && !writer.readerLeft;
    const isWhole = this.#kept.isAhead !== true || this.#taker.stats().waiting === 0;
    if (isTold && isWhole) await this.#kept.takeDown()();
  }

  /** Whatever happened. */
  close(): void {
    clearInterval(this.#timer);
  }

  async #write(): Promise<void> {
    const version = this.#kept.version();
    const write = this.#kept.takeDown();
    try {
      await this.#taker.drained();
      await this.#run.writer.flushed();
      if (this.#run.writer.readerLeft) return;
      await write();
      this.#written = version;
      this.#isFailing = false;
    } catch (error) {
      // Lines are told all the same; the next run may tell some of them again.
      if (!this.#isFailing && error instanceof ImesdeError) complain(error.message);
      this.#isFailing = true;
    }
  }
}
