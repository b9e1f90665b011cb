/**
 * One file as `tail -F` reads it: its last lines, then what is added, through rotation and truncation.
 * A path names one file after the other; of each its bytes are told until another takes its place.
 *
 * Notices of the system (inotify) only say when to look; what happened is seen by looking, which is
 * also done every quarter of a second: there are no notices of network file systems, and not more
 * of them than the system's limit.
 */
import { watch, type FSWatcher } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { ImesdeError } from '../shared/errors.ts';

/** Lines that were there already and are read all the same, as tail has it. */
export const lastLines = 10;

const pollMs = 250;
const chunkBytes = 64 * 1024;
/** So much before the place that was read to is looked at again: other bytes are another file's. */
const seamBytesMax = 64;
const newline = 0x0a;

export interface FollowOptions {
  readonly path: string;
  readonly signal: AbortSignal;
  /** Told, once for each time, why nothing can be read at the moment. */
  readonly onAbsent: (message: string) => void;
}

/** What a path named for a while. */
export interface FollowedFile {
  /** Whether reading begins at its first byte. */
  readonly isWhole: boolean;
  /** Its bytes, until another file has taken its place, or it was cut. */
  readonly chunks: AsyncGenerator<Buffer>;
}

/**
 * The files that a path names, one after the other: read each to its end before asking for the next.
 * @throws {ImesdeError} ERR_IMESDE_INPUT where the path is there from the start and can't be followed
 */
export async function* follow(options: FollowOptions): AsyncGenerator<FollowedFile> {
  const { path, signal, onAbsent } = options;
  let isFirst = true;
  let told: string | undefined;
  while (!signal.aborted) {
    const opened = await openToFollow(path);
    if (typeof opened === 'string') {
      if (isFirst && opened !== 'ENOENT') throw notToFollow(path, opened);
      // Between two files of a rotation there is none for a moment: that is not worth a word.
      if (told !== opened && (isFirst || opened !== 'ENOENT')) onAbsent(absence(path, opened));
      told = opened;
      isFirst = false;
      await pause(signal);
      continue;
    }
    told = undefined;
    try {
      const start = isFirst ? await placeOfLastLines(opened) : 0;
      isFirst = false;
      const looker = new FollowedBytes(path, opened, start, signal);
      yield { isWhole: start === 0, chunks: looker.read() };
    } finally {
      await opened.close();
    }
  }
}

/** @returns what stands in the way, as a code, where it can't be opened */
async function openToFollow(path: string): Promise<FileHandle | string> {
  try {
    // Looked at first: to open a FIFO would wait for its writer.
    const found = await stat(path);
    if (found.isDirectory()) return 'EISDIR';
    if (!found.isFile()) return 'no file';
    return await open(path, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return code === 'ENOTDIR' ? 'ENOENT' : code;
  }
}

function notToFollow(path: string, code: string): ImesdeError {
  const message =
    code === 'EISDIR'
      ? `${path} is a folder: name the files in it`
      : code === 'no file'
        ? `${path} is no regular file, which alone can be followed: read it from standard input, imesde -w PHRASE < ${path}`
        : `can't read ${path} (${code}): check what it is and who may read it`;
  return new ImesdeError('ERR_IMESDE_INPUT', message);
}

function absence(path: string, code: string): string {
  return code === 'ENOENT'
    ? `${path} is not there yet: waiting for it`
    : `can't read ${path} (${code}): waiting until it can be read`;
}

/** Where the last lines of a file begin; one without an end counts. */
async function placeOfLastLines(handle: FileHandle): Promise<number> {
  const { size } = await handle.stat();
  const buffer = Buffer.alloc(chunkBytes);
  let missing = lastLines;
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - chunkBytes);
    const { bytesRead } = await handle.read(buffer, 0, end - start, start);
    for (let i = bytesRead - 1; i >= 0; i -= 1) {
      // The very last newline ends the last line, and begins none.
      if (buffer[i] !== newline || start + i === size - 1) continue;
      missing -= 1;
      if (missing === 0) return start + i + 1;
    }
    end = start;
  }
  return 0;
}

class FollowedBytes {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #signal: AbortSignal;
  #place: number;
  /** The last bytes that were read. */
  #seam: Buffer = Buffer.alloc(0);

  constructor(path: string, handle: FileHandle, place: number, signal: AbortSignal) {
    this.#path = path;
    this.#handle = handle;
    this.#place = place;
    this.#signal = signal;
  }

  async *read(): AsyncGenerator<Buffer> {
    const notices = new Notices(this.#path);
    try {
      let isReplaced = false;
      while (!this.#isOver()) {
        if (await this.#isCut()) return;
        let hasRead = false;
        for (;;) {
          const chunk = await this.#next();
          if (chunk === undefined) break;
          hasRead = true;
          yield chunk;
          if (this.#isOver()) return;
        }
        // Who writes may not yet know of the new file: the old one is left when it keeps still.
        if (isReplaced && !hasRead) return;
        isReplaced = await this.#isReplaced();
        await notices.wait(this.#signal);
      }
    } finally {
      notices.close();
    }
  }

  #isOver(): boolean {
    return this.#signal.aborted;
  }

  async #next(): Promise<Buffer | undefined> {
    const buffer = Buffer.allocUnsafe(chunkBytes);
    const { bytesRead } = await this.#handle.read(buffer, 0, chunkBytes, this.#place);
    if (bytesRead === 0) return undefined;
    this.#place += bytesRead;
    const chunk = buffer.subarray(0, bytesRead);
    const seam = bytesRead < seamBytesMax ? Buffer.concat([this.#seam, chunk]) : chunk;
    this.#seam = Buffer.from(seam.subarray(-seamBytesMax));
    return chunk;
  }

  /** It was emptied, and perhaps written anew since: what was read is no longer there. */
  async #isCut(): Promise<boolean> {
    const { size } = await this.#handle.stat();
    if (size < this.#place) return true;
    if (size === this.#place || this.#seam.length === 0) return false;
    const now = Buffer.alloc(this.#seam.length);
    await this.#handle.read(now, 0, now.length, this.#place - now.length);
    return !now.equals(this.#seam);
  }

  /** The path names another file, in which there is something. */
  async #isReplaced(): Promise<boolean> {
    try {
      const [named, own] = await Promise.all([stat(this.#path), this.#handle.stat()]);
      return (named.ino !== own.ino || named.dev !== own.dev) && named.size > 0;
    } catch {
      return false; // Moved away, and nothing is in its place yet: who writes may go on in it.
    }
  }
}

/** Tells that something happened to a file. */
class Notices {
  #watcher: FSWatcher | undefined;
  #isNoticed = false;
  #wake: () => void = () => undefined;

  constructor(path: string) {
    try {
      this.#watcher = watch(path, () => {
        this.#isNoticed = true;
        this.#wake();
      });
      this.#watcher.on('error', () => {
        this.close();
      });
    } catch {
      // No more notices are to be had: it is looked at every so often all the same.
    }
  }

  /** Until something is noticed, reading is to end, or it is time to look anyway. */
  async wait(signal: AbortSignal): Promise<void> {
    if (!this.#isNoticed) {
      await pause(signal, (wake) => {
        this.#wake = wake;
      });
    }
    this.#isNoticed = false;
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }
}

/** @param onWake - given what ends it early */
async function pause(signal: AbortSignal, onWake?: (wake: () => void) => void): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, pollMs);
    signal.addEventListener('abort', wake);
    onWake?.(wake);
  });
}
