/**
 * Lines of files that are followed, as they come. Each file is read by itself, so that half a line
 * of one is never joined to a line of another; all lines are numbered through, and `placeOf` tells
 * what a number is in its file.
 */
import { decode } from './decode.ts';
import { numberedFrom, readerCounts, type ReaderCounts } from './file-lines.ts';
import { follow } from './follow.ts';
import { LineReader, type LineBatch, type LineReaderOptions } from './line-reader.ts';

export interface FollowedFilesOptions extends Omit<LineReaderOptions, 'name'> {
  readonly names: readonly string[];
  /** Told, for a while at least, why a file can't be read. */
  readonly onAbsent: (message: string) => void;
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
  readonly taken: () => void;
}

export class FollowedFiles {
  readonly #options: FollowedFilesOptions;
  #stretches: Stretch[] = [];
  #lastNumber = 0;
  readonly #readers = new Set<LineReader>();
  readonly #done: ReaderCounts = {
    cutLines: 0,
    joinedLines: 0,
    invalidUtf8Bytes: 0,
    droppedNulBytes: 0,
  };
  #deliveries: Delivery[] = [];
  #wake: () => void = () => undefined;

  constructor(options: FollowedFilesOptions) {
    this.#options = options;
  }

  get cutLines(): number {
    return this.#count('cutLines');
  }

  get joinedLines(): number {
    return this.#count('joinedLines');
  }

  get invalidUtf8Bytes(): number {
    return this.#count('invalidUtf8Bytes');
  }

  get droppedNulBytes(): number {
    return this.#count('droppedNulBytes');
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
          next.taken();
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
      for (const { taken } of this.#deliveries.splice(0)) taken();
    }
  }

  /** The file of a line, and its number there, from where reading began. */
  placeOf(number: number): { readonly file?: string; readonly line: number } {
    const stretches = this.#stretches;
    let low = 0;
    let high = stretches.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((stretches[middle]?.before ?? 0) < number) low = middle;
      else high = middle;
    }
    const stretch = stretches[low];
    if (stretch === undefined || stretch.before >= number) return { line: number };
    return { file: stretch.file, line: number + stretch.shift };
  }

  /** Reads one file; the next batch of it waits until the last one was taken. */
  async #follow(path: string, signal: AbortSignal): Promise<void> {
    const { maxLineBytes, lines = 'physical', onAbsent } = this.#options;
    for await (const { isWhole, chunks } of follow({ path, signal, onAbsent })) {
      // A reader each: half a line at the end of a file is a line, and so is what follows it.
      const reader = new LineReader({ maxLineBytes, lines, name: path });
      this.#readers.add(reader);
      try {
        const bytes = isWhole ? decode(chunks, signal, path) : chunks;
        for await (const batch of reader.read(bytes, true)) {
          await new Promise<void>((taken) => {
            this.#deliveries.push({ name: path, batch, taken });
            this.#wake();
          });
        }
      } finally {
        for (const name of readerCounts) this.#done[name] += reader[name];
        this.#readers.delete(reader);
      }
    }
  }

  /** By file, the number of its last line. */
  readonly #linesOf = new Map<string, number>();

  #numbered({ name, batch }: Delivery): LineBatch {
    const { firstNumber, numbers, texts } = batch;
    const before = this.#lastNumber;
    const length = (numbers?.at(-1) ?? firstNumber + texts.length) - firstNumber;
    const linesBefore = this.#linesOf.get(name) ?? 0;
    this.#linesOf.set(name, linesBefore + length);
    this.#lastNumber = before + length;
    this.#note({ before, file: name, shift: linesBefore - before });
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

  #count(name: keyof ReaderCounts): number {
    let count = this.#done[name];
    for (const reader of this.#readers) count += reader[name];
    return count;
  }
}
