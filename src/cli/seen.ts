/** `--seen FILE`: what was seen, for the next run. One run at a time has it. */
import { ImesdeError } from '../shared/errors.ts';
import { complain } from './complain.ts';
import type { Run } from './run.ts';

/** A run that is killed tells again what was new in so long. */
const everyMs = 60_000;

/**
 * @returns where the file is, undefined where none is wanted
 * @throws {ImesdeError} ERR_IMESDE_INPUT where none could be written, or another run has it
 */
export async function lockSeen(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const { lockState } = await import('./state-lock.ts');
  const path = await lockState(file);
  if (path !== undefined) return path;
  throw new ImesdeError(
    'ERR_IMESDE_INPUT',
    `another run has what was seen, ${file}: wait for its end, or name another`,
  );
}

/** Writes it every minute, each time when all of it was told. */
export class SeenKeeper {
  readonly #run: Run;
  readonly #save: () => Promise<void>;
  readonly #readCount: () => number;
  readonly #timer: NodeJS.Timeout;
  /** Under way; never rejects. */
  #writing: Promise<void> | undefined;
  /** Lines that had been read when it was written last. */
  #written = 0;

  /**
   * @param readCount - lines read so far, and told where they were new
   * @param save - writes what was seen
   */
  constructor(run: Run, readCount: () => number, save: () => Promise<void>) {
    this.#run = run;
    this.#readCount = readCount;
    this.#save = save;
    this.#timer = setInterval(() => {
      if (this.#writing !== undefined || readCount() === this.#written) return;
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
    await this.#writing;
    await this.#run.stop.within(this.#run.writer.flushed());
    if (!this.#run.writer.readerLeft) await this.#save();
  }

  /** Whatever happened. */
  close(): void {
    clearInterval(this.#timer);
  }

  async #write(): Promise<void> {
    try {
      await this.#run.writer.flushed();
      if (this.#run.writer.readerLeft) return;
      this.#written = this.#readCount();
      await this.#save();
    } catch (error) {
      // Lines are told all the same; the next run may tell some of them again.
      if (error instanceof ImesdeError) complain(error.message);
    }
  }
}
