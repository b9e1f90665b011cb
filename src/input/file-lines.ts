/**
 * Lines of files, one file after the other. Each is read by itself, from its encoding to the end of
 * its last line, and all lines are numbered through: `placeOf` tells what a number is in its file.
 */
import { close, createReadStream, fstat, open } from 'node:fs';
import { open as openHandle, stat, type FileHandle } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { ImesdeError } from '../shared/errors.ts';
import { decode } from './decode.ts';
import { LineReader, type LineReaderOptions } from './line-reader.ts';
import type { LineBatch } from './line-batch.ts';
import { readPart, type ReadState } from './read-state.ts';
import { ReaderTotals, stretchOf } from './reader-totals.ts';
import { readUntil } from './read-until.ts';

export interface FileLinesOptions extends Omit<LineReaderOptions, 'name'> {
  /** Paths; `-` is standard input. */
  readonly names: readonly string[];
  /** Told what can't be read: the other files are read all the same. */
  readonly onError: (error: ImesdeError) => void;
  /** Where reading ended the last time: it goes on from there. */
  readonly state?: ReadState | undefined;
  /** Told, with a state, of lines that were added and can't be found any more. */
  readonly onLost?: (message: string) => void;
}

/** What standard input is called among files. */
export const stdinName = '(standard input)';

const openFile = promisify(open);
const statOf = promisify(fstat);
const closeFile = promisify(close);
const gzipMagic = 0x1f8b;

/** Where no file was begun. */
const noFile = { file: stdinName, before: 0, linesBefore: 0 };

export class FileLines extends ReaderTotals {
  readonly #options: FileLinesOptions;
  /** By file as they were read: its name, and the number of the line before its first. */
  readonly #files: {
    readonly file: string;
    readonly before: number;
    /** Lines of the file that were read another time. */
    readonly linesBefore: number;
  }[] = [];
  #lastNumber = 0;

  constructor(options: FileLinesOptions) {
    super();
    this.#options = options;
  }

  /** Of all files, as they are told. */
  get names(): string[] {
    return this.#options.names.map((name) => (name === '-' ? stdinName : name));
  }

  /** @param isLive - lines of pipes are wanted as they come */
  async *read(signal: AbortSignal, isLive = false): AsyncGenerator<LineBatch> {
    for (const name of this.#options.names) {
      if (signal.aborted) return;
      const file = name === '-' ? stdinName : name;
      if (this.#options.state === undefined || name === '-') this.#begin(file, 0);
      if (name === '-' && process.stdin.destroyed) continue; // Named twice: its end was read.
      try {
        const { state } = this.#options;
        if (state === undefined || name === '-') {
          yield* this.#readFile(name, file, signal, isLive);
        } else {
          yield* this.#readOn(state, name, signal);
        }
      } catch (error) {
        this.#options.onError(inputError(file, error));
      }
    }
  }

  /** The file of a line, and its number there. @param number - of a line that was read */
  placeOf(number: number): { readonly file: string; readonly line: number } {
    const { file, before, linesBefore } = stretchOf(this.#files, number) ?? noFile;
    return { file, line: number - before + linesBefore };
  }

  #begin(file: string, linesBefore: number): void {
    this.#files.push({ file, before: this.#lastNumber, linesBefore });
  }

  async *#readFile(
    name: string,
    file: string,
    signal: AbortSignal,
    isLive: boolean,
  ): AsyncGenerator<LineBatch> {
    const { stream, isRegular } =
      name === '-' ? { stream: process.stdin, isRegular: false } : await openToRead(name);
    const chunks = decode(readUntil(stream, signal, file), signal, file);
    yield* this.#readChunks(chunks, file, isLive && !isRegular);
  }

  /** What is new of a file since the last time. */
  async *#readOn(state: ReadState, name: string, signal: AbortSignal): AsyncGenerator<LineBatch> {
    const { onLost = () => undefined } = this.#options;
    const { rest, current } = await state.partsOf(name, await openToReadOn(name), onLost);
    const parts = [...rest, current];
    try {
      for (const part of parts) {
        this.#begin(name, part.linesBefore);
        const before = this.#lastNumber;
        const bytes = readPart(part, signal);
        const chunks = part.start === 0 ? decode(bytes, signal, name) : bytes;
        yield* this.#readChunks(chunks, name, false);
        if (signal.aborted) return;
        const lines = part.linesBefore + this.#lastNumber - before;
        await state.note(name, part.handle, { offset: part.end, lines });
      }
    } finally {
      for (const { handle } of parts) await handle.close();
    }
  }

  async *#readChunks(
    chunks: AsyncIterable<Buffer>,
    file: string,
    isLive: boolean,
  ): AsyncGenerator<LineBatch> {
    const { maxLineBytes, lines = 'physical' } = this.#options;
    const reader = new LineReader({ maxLineBytes, lines, name: file });
    const before = this.#lastNumber;
    this.begin(reader);
    try {
      for await (const batch of reader.read(chunks, isLive)) {
        const numbered = numberedFrom(batch, before);
        const { numbers, firstNumber, texts } = numbered;
        this.#lastNumber = (numbers?.at(-1) ?? firstNumber + texts.length) - 1;
        yield numbered;
      }
    } finally {
      this.end(reader);
    }
  }
}

/** The same lines with other numbers. @param before - added to each */
export function numberedFrom(batch: LineBatch, before: number): LineBatch {
  if (before === 0) return batch;
  const firstNumber = batch.firstNumber + before;
  if (batch.numbers === undefined) return { ...batch, firstNumber };
  return { ...batch, firstNumber, numbers: batch.numbers.map((number) => number + before) };
}

/** A pipe is read as one, so that nothing waits for its writer once reading is to end. */
async function openToRead(name: string): Promise<{ stream: Readable; isRegular: boolean }> {
  const fd = await openFile(name, 'r');
  const stats = await statOf(fd);
  if (stats.isDirectory()) {
    await closeFile(fd);
    throw folderError(name);
  }
  const stream = stats.isFIFO()
    ? new Socket({ fd, readable: true, writable: false })
    : createReadStream(name, { fd });
  return { stream, isRegular: stats.isFile() };
}

/** A file of which a place can be kept. */
async function openToReadOn(name: string): Promise<FileHandle> {
  // Looked at first: to open a FIFO would wait for its writer.
  const found = await stat(name);
  if (!found.isFile() && !found.isDirectory()) {
    throw new ImesdeError(
      'ERR_IMESDE_INPUT',
      `${name} is no regular file, and where reading it ended can't be kept: leave --state out`,
    );
  }
  if (found.isDirectory()) throw folderError(name);
  const handle = await openHandle(name, 'r');
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  if (bytesRead < 2 || buffer.readUInt16BE() !== gzipMagic) return handle;
  await handle.close();
  throw new ImesdeError(
    'ERR_IMESDE_INPUT',
    `${name} is gzip, which does not grow: leave it or --state out`,
  );
}

function folderError(name: string): ImesdeError {
  return new ImesdeError('ERR_IMESDE_INPUT', `${name} is a folder: name the files in it`);
}

/** What can't be read is told; what is wrong here is not. */
export function inputError(file: string, error: unknown): ImesdeError {
  if (error instanceof ImesdeError) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  const cause = { cause: error };
  if (code === 'ENOENT') {
    return new ImesdeError('ERR_IMESDE_INPUT', `no such file ${file}: check its name`, cause);
  }
  return new ImesdeError(
    'ERR_IMESDE_INPUT',
    `can't read ${file} (${code}): check what it is and who may read it`,
    cause,
  );
}
