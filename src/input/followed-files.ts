/**
 * Lines of files that are followed, as they come. Each file is read by itself, so that half a line
 * of one is never joined to a line of another; all lines are numbered through, and `placeOf` tells
 * what a number is in its file.
 */
import { decode } from './decode.ts';
import { inputError, numberedFrom } from './file-lines.ts';
import { follow, type FollowedFile } from './follow.ts';
import { LineOffsets } from './line-offsets.ts';
import { LineReader, type LineReaderOptions } from './line-reader.ts';
import type { LineBatch } from './line-batch.ts';
import { ReaderTotals, stretchOf } from './reader-totals.ts';
import { pause } from './notices.ts';
import type { ReadState } from './read-state.ts';

export interface FollowedFilesOptions extends Omit<LineReaderOptions, 'name'> {
  readonly names: readonly string[];
  /** Of each, lines that are there already and are read all the same. */
  readonly tail: number;
  /** Where reading ended the last time: it goes on from there, and notes where it is. */
  readonly state?: ReadState | undefined;
  /** Told what can't be read, for a while at least. */
  readonly onProblem: (message: string) => void;
  /** Places are known of so many of the newest lines at least. */
  readonly window: number;
}

/** From a number on, lines are of one file. */
interface Stretch {
  readonly before: number;
  readonly file: string;
  /** What is added to a number to have that in the file. */
  readonly shift: number;
}

/** A batch on its way, and what tells that it was taken. */
interface Delivery {
  readonly name: string;
  readonly batch: LineBatch;
  readonly linesBefore: number;
  /** Told whether it was. */
  readonly taken: (isTaken: boolean) => void;
}

export class FollowedFiles extends ReaderTotals {
  readonly #options: FollowedFilesOptions;
  #stretches: Stretch[] = [];
  #lastNumber = 0;
  #deliveries: Delivery[] = [];
  #wake: () => void = () => undefined;

  constructor(options: FollowedFilesOptions) {
    super();
    this.#options = options;
  }

  /**
   * Until the signal aborts.
   * @throws {ImesdeError} ERR_IMESDE_INPUT for what can't be followed, or is no text
   */
  async *read(signal: AbortSignal): AsyncGenerator<LineBatch> {
    const end = new AbortController();
    const ended = AbortSignal.any([signal, end.signal]);
    let running = 0;
    let failure: Error | undefined;
    const onEnd = (): void => {
      running -= 1;
      this.#wake();
    };
    for (const name of new Set(this.#options.names)) {
      running += 1;
      this.#follow(name, ended).then(onEnd, (error: unknown) => {
        failure ??= error instanceof Error ? error : new Error(String(error));
        onEnd();
      });
    }
    try {
      while (failure === undefined) {
        const next = this.#deliveries.shift();
        if (next !== undefined) {
          yield this.#numbered(next);
          next.taken(true);
        } else if (running === 0) {
          return;
        } else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
      throw failure;
    } finally {
      end.abort();
      for (const { taken } of this.#deliveries.splice(0)) taken(false);
    }
  }

  /** The file of a line, and its number there, from where reading began. */
  placeOf(number: number): { readonly file?: string; readonly line: number } {
    const stretch = stretchOf(this.#stretches, number);
    if (stretch === undefined) return { line: number };
    return { file: stretch.file, line: number + stretch.shift };
  }

  /** Reads one file; the next batch of it waits until the last one was taken. */
  async #follow(path: string, signal: AbortSignal): Promise<void> {
    const { tail, state, onProblem } = this.#options;
    for await (const file of follow({ path, signal, tail, state, onProblem })) {
      try {
        await this.#readFile(path, file, signal);
      } catch (error) {
        // It is no text, or was taken away (ESTALE): another file may take its place.
        file.refuse(inputError(path, error).message);
        await pause(signal);
      }
    }
  }

  async #readFile(path: string, file: FollowedFile, signal: AbortSignal): Promise<void> {
    const { maxLineBytes, lines = 'physical', state } = this.#options;
    const { handle, start, linesBefore } = file;
    // A reader each: half a line at the end of a file is a line, and so is what follows it.
    const reader = new LineReader({ maxLineBytes, lines, name: path });
    const ends = new LineOffsets({ offset: start, lines: linesBefore });
    if (state?.has(path) === false) await state.note(path, handle, ends.through(linesBefore));
    this.begin(reader);
    const onAbort = (): void => {
      reader.dropsHalf = state !== undefined;
    };
    signal.addEventListener('abort', onAbort);
    try {
      const chunks = state === undefined ? file.chunks : ends.track(file.chunks);
      const bytes = start === 0 ? decode(chunks, signal, path, true) : chunks;
      for await (const batch of reader.read(bytes, true)) {
        const isTaken = await new Promise<boolean>((taken) => {
          this.#deliveries.push({ name: path, batch, linesBefore, taken });
          this.#wake();
        });
        if (!isTaken) return;
        await state?.note(path, handle, ends.through(linesBefore + lastLineOf(batch)));
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.end(reader);
    }
  }

  #numbered({ name, batch, linesBefore }: Delivery): LineBatch {
    const before = this.#lastNumber;
    const { firstNumber } = batch;
    this.#lastNumber = before + lastLineOf(batch) - firstNumber + 1;
    const shift = linesBefore + firstNumber - before - 1;
    this.#note({ before, file: name, shift });
    return numberedFrom(batch, before - firstNumber + 1);
  }

  #note(stretch: Stretch): void {
    const last = this.#stretches.at(-1);
    if (last?.file === stretch.file && last.shift === stretch.shift) return;
    this.#stretches.push(stretch);
    // There are no more stretches than lines, so that what goes is of lines that have gone.
    const { window } = this.#options;
    if (this.#stretches.length > 2 * window + 1_024) {
      this.#stretches = this.#stretches.slice(-window - 512);
    }
  }
}

/** Number of the last line of a batch, by its reader. */
function lastLineOf({ firstNumber, numbers, texts }: LineBatch): number {
  return (numbers?.at(-1) ?? firstNumber + texts.length) - 1;
}
