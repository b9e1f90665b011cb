import type { Writable } from 'node:stream';
import { ImesdeError } from '../shared/errors.ts';

/**
 * The one place that writes to stdout. A reader that leaves is a quiet end; any other failure is
 * kept and thrown where the writing flow waits next.
 */
export class Writer {
  /** The reader closed its end: nothing more is wanted. */
  readerLeft = false;
  readonly #stream: Writable;
  #failure: ImesdeError | undefined;
  #pending = 0;
  /** Writes so far, and those of them that have gone out. */
  #written = 0;
  #taken = 0;
  #wake: (() => void)[] = [];
  /** Somebody waits for some of it. */
  #hasSettlers = false;
  readonly #onEnd: (isTerminalGone: boolean) => void;

  /**
   * @param onEnd - called once no more can be written, so that reading can stop; told whether that
   * is since the terminal hung up
   */
  constructor(stream: Writable, onEnd: (isTerminalGone: boolean) => void) {
    this.#stream = stream;
    this.#onEnd = onEnd;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      this.#fail(error);
    });
    stream.on('drain', () => {
      this.#wakeAll();
    });
  }

  /** Bytes that the reader has not taken yet. */
  get waitingBytes(): number {
    return this.#stream.writableLength;
  }

  write(text: string): void {
    if (this.readerLeft || this.#failure !== undefined) return;
    this.#pending += 1;
    this.#written += 1;
    this.#stream.write(text, () => {
      this.#pending -= 1;
      this.#taken += 1;
      if (this.#pending === 0 || this.#hasSettlers) this.#wakeAll();
    });
  }

  /**
   * Resolves when there is room for more: how a slow reader slows reading down.
   * @throws {ImesdeError} ERR_IMESDE_OUTPUT
   */
  async room(): Promise<void> {
    while (this.#stream.writableNeedDrain && !this.readerLeft && this.#failure === undefined) {
      await this.#change();
    }
    this.#throwFailure();
  }

  /** Resolves when every byte has gone out. @throws {ImesdeError} ERR_IMESDE_OUTPUT */
  async flushed(): Promise<void> {
    while (this.#pending > 0 && !this.readerLeft && this.#failure === undefined) {
      await this.#change();
    }
    this.#throwFailure();
  }

  /**
   * Resolves when what was written by now has gone out, whatever is written meanwhile.
   * @returns false where the reader has left
   * @throws {ImesdeError} ERR_IMESDE_OUTPUT
   */
  async settled(): Promise<boolean> {
    const written = this.#written;
    while (this.#taken < written && !this.readerLeft && this.#failure === undefined) {
      this.#hasSettlers = true;
      await this.#change();
    }
    this.#throwFailure();
    return !this.readerLeft;
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  #fail(error: NodeJS.ErrnoException): void {
    const isTerminalGone = error.code === 'EIO' && 'isTTY' in this.#stream;
    if (error.code === 'EPIPE' || isTerminalGone) this.readerLeft = true;
    else {
      this.#failure ??= new ImesdeError(
        'ERR_IMESDE_OUTPUT',
        `write error on standard output (${error.code ?? error.message}): is the disk full?`,
        { cause: error },
      );
    }
    this.#onEnd(isTerminalGone);
    this.#wakeAll();
  }

  #wakeAll(): void {
    this.#hasSettlers = false;
    for (const resolve of this.#wake.splice(0)) resolve();
  }
}
