/** `--seen FILE`: what was seen, for the next run. One run at a time has it. */
import type { LogNews } from '../../news/log-news.ts';
import { ImesdeError } from '../../shared/errors.ts';
import { complain } from '../complain.ts';
import type { Run } from '../run.ts';

/** A run that is killed tells again what was new in so long. */
const everyMs = 60_000;

/**
 * @returns where the file is, undefined where none is wanted
 * @throws {ImesdeError} ERR_IMESDE_INPUT where none could be written, or another run has it
 */
export async function lockSeen(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const { lockState } = await import('../state-lock.ts');
  const path = await lockState(file);
  if (path !== undefined) return path;
  throw new ImesdeError(
    'ERR_IMESDE_INPUT',
    `another run has what was seen, ${file}: wait for its end, or name another`,
  );
}

/** Writes it every minute, each time when all of it was told. */
export class SeenKeeper {
  readonly #news: LogNews;
  readonly #run: Run;
  readonly #timer: NodeJS.Timeout;
  /** Under way; never rejects. */
  #writing: Promise<void> | undefined;
  /** Lines that had been read when it was written last. */
  #written = 0;

  constructor(news: LogNews, run: Run) {
    this.#news = news;
    this.#run = run;
    this.#timer = setInterval(() => {
      if (this.#writing !== undefined || news.counts.read === this.#written) return;
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
    await this.#news.save();
  }

  /** Whatever happened. */
  close(): void {
    clearInterval(this.#timer);
  }

  async #write(): Promise<void> {
    try {
      await this.#run.writer.flushed();
      if (this.#run.writer.readerLeft) return;
      this.#written = this.#news.counts.read;
      await this.#news.save();
    } catch (error) {
      // Lines are told all the same; the next run may tell some of them again.
      if (error instanceof ImesdeError) complain(error.message);
    }
  }
}
