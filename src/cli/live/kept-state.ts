/** The state of a live run: written every few seconds, each time with what has been judged and told. */
import type { Engine } from '../../engine/engine.ts';
import type { ReadState } from '../../input/read-state.ts';
import { ImesdeError } from '../../shared/errors.ts';
import { complain } from '../complain.ts';
import type { Run } from '../run.ts';

const everyMs = 5_000;

export class KeptState {
  readonly #state: ReadState;
  readonly #run: Run;
  readonly #engine: Engine;
  readonly #timer: NodeJS.Timeout;
  /** Under way; never rejects. */
  #writing: Promise<void> | undefined;
  /** So many notes are in the file. */
  #written = 0;
  #isFailing = false;

  constructor(state: ReadState, run: Run, engine: Engine) {
    this.#state = state;
    this.#run = run;
    this.#engine = engine;
    this.#timer = setInterval(() => {
      if (this.#writing !== undefined || state.noteCount === this.#written) return;
      this.#writing = this.#write().finally(() => {
        this.#writing = undefined;
      });
    }, everyMs).unref();
  }

  /**
   * After the last line was told.
   * @throws {ImesdeError} ERR_IMESDE_OUTPUT
   */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#writing !== undefined && !(await this.#run.stop.within(this.#writing))) return;
    const { stop, writer } = this.#run;
    const isTold = (await stop.within(writer.flushed())) && !writer.readerLeft;
    if (isTold && this.#engine.stats().waiting === 0) await this.#state.save();
  }

  /** Whatever happened. */
  close(): void {
    clearInterval(this.#timer);
  }

  async #write(): Promise<void> {
    const { places, noteCount } = this.#state;
    try {
      await this.#engine.drained();
      await this.#run.writer.flushed();
      if (this.#run.writer.readerLeft) return;
      await this.#state.save(places);
      this.#written = noteCount;
      this.#isFailing = false;
    } catch (error) {
      // Lines are told all the same; the next run may tell some of them again.
      if (!this.#isFailing && error instanceof ImesdeError) complain(error.message);
      this.#isFailing = true;
    }
  }
}
