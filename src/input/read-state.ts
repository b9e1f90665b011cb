/**
 * Where reading of files ended, kept in a file: the next run reads on from there, also where a file
 * has been rotated since. A file is known by its inode and by a fingerprint of its first bytes, for
 * inodes are used again. What is read ends with a whole line: half of one is left to the next run.
 */
import { createHash } from 'node:crypto';
import { open, readdir, readFile, rename, stat, unlink, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { ImesdeError } from '../shared/errors.ts';

const version = 1;
const printBytesMax = 1_024;
/** Of a copy so much must be as it was. */
const copyBytesMin = 64;
const blockBytes = 64 * 1024;
const newline = 0x0a;

/** A file as far as it was read. */
interface Place {
  readonly inode: number;
  readonly offset: number;
  /** Lines before the offset. */
  readonly lines: number;
  /** Of so many first bytes. */
  readonly printBytes: number;
  readonly print: string;
}

/** What is to be read of a file: bytes from `start` on, `end` not included. */
export interface FilePart {
  readonly handle: FileHandle;
  readonly start: number;
  readonly end: number;
  readonly linesBefore: number;
}

export class ReadState {
  readonly #path: string;
  readonly #places: Map<string, Place>;

  private constructor(file: string, places: Map<string, Place>) {
    this.#path = file;
    this.#places = places;
  }

  /**
   * @param file - made by `save` where it is not there
   * @throws {ImesdeError} ERR_IMESDE_INPUT where it can't be read or is something else
   */
  static async open(file: string): Promise<ReadState> {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return new ReadState(file, new Map());
      throw new ImesdeError(
        'ERR_IMESDE_INPUT',
        `can't read the state ${file} (${code ?? ''}): name another file for it`,
        { cause: error },
      );
    }
    const places = placesOf(text);
    if (places !== undefined) return new ReadState(file, places);
    throw new ImesdeError(
      'ERR_IMESDE_INPUT',
      `${file} is no state that this imesde wrote: remove it to read from the start, or name another`,
    );
  }

  /**
   * What is new of a file: the rest of what it was, where it was rotated, then what it is. To be
   * read in that order; whoever reads closes them.
   * @param onLost - told where what it was can't be found any more
   */
  async partsOf(name: string, onLost: (message: string) => void): Promise<FilePart[]> {
    const handle = await open(name, 'r');
    const place = this.#places.get(path.resolve(name));
    if (place === undefined) return [await partFrom(handle)];
    if (await isOf(place, handle)) return [await partFrom(handle, place)];
    const old = await findMoved(name, place);
    if (old === undefined) {
      onLost(
        `${name} is another file than it was, and what was added to that is gone: read from its start`,
      );
    }
    return [...(old === undefined ? [] : [await partFrom(old, place)]), await partFrom(handle)];
  }

  /** The bytes of a part. */
  async *read({ handle, start, end }: FilePart, signal: AbortSignal): AsyncGenerator<Buffer> {
    for (let place = start; place < end && !signal.aborted;) {
      const buffer = Buffer.allocUnsafe(Math.min(blockBytes, end - place));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, place);
      if (bytesRead === 0) return; // It was cut meanwhile.
      place += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  /** A part was read to its end. @param lines - that it has */
  async note(name: string, { handle, end, linesBefore }: FilePart, lines: number): Promise<void> {
    const { ino } = await handle.stat();
    const printBytes = Math.min(printBytesMax, end);
    this.#places.set(path.resolve(name), {
      inode: ino,
      offset: end,
      lines: linesBefore + lines,
      printBytes,
      print: await fingerprint(handle, printBytes),
    });
  }

  /**
   * Writes where reading ended: all of it or nothing.
   * @throws {ImesdeError} ERR_IMESDE_OUTPUT
   */
  async save(): Promise<void> {
    const temporary = `${this.#path}.${process.pid}.tmp`;
    const text = `${JSON.stringify({ version, files: Object.fromEntries(this.#places) })}\n`;
    try {
      const handle = await open(temporary, 'wx', 0o600);
      try {
        await handle.writeFile(text);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, this.#path);
    } catch (error) {
      await unlink(temporary).catch(() => undefined);
      const { code } = error as NodeJS.ErrnoException;
      throw new ImesdeError(
        'ERR_IMESDE_OUTPUT',
        `can't write the state ${this.#path} (${code ?? ''}): name a file where one may be made`,
        { cause: error },
      );
    }
  }
}

function placesOf(text: string): Map<string, Place> | undefined {
  try {
    const state = JSON.parse(text) as { version?: unknown; files?: Record<string, Place> } | null;
    if (state?.version !== version || typeof state.files !== 'object') return undefined;
    const places = Object.entries(state.files);
    const numbers = places.flatMap(([, { inode, offset, lines, printBytes }]) => [
      inode,
      offset,
      lines,
      printBytes,
    ]);
    const isSound =
      numbers.every((number) => Number.isSafeInteger(number) && number >= 0) &&
      places.every(
        ([, { print, printBytes }]) => typeof print === 'string' && printBytes <= printBytesMax,
      );
    return isSound ? new Map(places) : undefined;
  } catch {
    return undefined;
  }
}

async function partFrom(handle: FileHandle, place?: Place): Promise<FilePart> {
  const { offset: start = 0, lines: linesBefore = 0 } = place ?? {};
  return { handle, start, end: await endOfLines(handle, start), linesBefore };
}

/** Behind the last newline. */
async function endOfLines(handle: FileHandle, start: number): Promise<number> {
  const buffer = Buffer.alloc(blockBytes);
  let { size: end } = await handle.stat();
  while (end > start) {
    const from = Math.max(start, end - blockBytes);
    const { bytesRead } = await handle.read(buffer, 0, end - from, from);
    const last = buffer.subarray(0, bytesRead).lastIndexOf(newline);
    if (last !== -1) return from + last + 1;
    end = from;
  }
  return start;
}

/** Whether it is the file that was read, with nothing taken from it. */
async function isOf(place: Place, handle: FileHandle): Promise<boolean> {
  const { ino } = await handle.stat();
  return ino === place.inode && (await beginsAs(place, handle));
}

async function beginsAs(place: Place, handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size < place.offset) return false;
  return (await fingerprint(handle, place.printBytes)) === place.print;
}

/**
 * The file that had the name, beside it under another one, as logrotate leaves it: itself, or where
 * it was cut (copytruncate) a copy, which must begin with enough of the same.
 */
async function findMoved(name: string, place: Place): Promise<FileHandle | undefined> {
  const folder = path.dirname(path.resolve(name));
  const base = path.basename(name);
  // Of its family: app.log.1, app-20261125.log.
  const family = path.parse(base).name;
  let copy: FileHandle | undefined;
  for (const entry of await readdir(folder).catch(() => [])) {
    if (entry === base || !entry.startsWith(family)) continue;
    const candidate = path.join(folder, entry);
    const found = await stat(candidate).catch(() => undefined);
    if (found?.isFile() !== true || found.size < place.offset) continue;
    const isSame = found.ino === place.inode;
    if (!isSame && (copy !== undefined || place.printBytes < copyBytesMin)) continue;
    const handle = await open(candidate, 'r').catch(() => undefined);
    if (handle === undefined) continue;
    if (!(await beginsAs(place, handle))) {
      await handle.close();
    } else if (isSame) {
      await copy?.close();
      return handle;
    } else {
      copy = handle;
    }
  }
  return copy;
}

async function fingerprint(handle: FileHandle, bytes: number): Promise<string> {
  const head = Buffer.alloc(bytes);
  const { bytesRead } = await handle.read(head, 0, bytes, 0);
  return createHash('sha256').update(head.subarray(0, bytesRead)).digest('hex');
}
