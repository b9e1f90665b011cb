/**
 * Where reading of files ended, kept in a file: the next run reads on from there, also where a file
 * has been rotated since. What is read ends with a whole line: half of one is left to the next run,
 * unless nobody will write the rest of it.
 */
import { readFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { ImesdeError } from '../shared/errors.ts';
import { replaceFile } from '../shared/replace-file.ts';
import { beginsAs, hasInode, isPlace, placeIn, type FilePlace } from './file-place.ts';
import { endOfLines } from './last-lines.ts';
import type { LineEnd } from './line-offsets.ts';
import { movedFiles } from './moved-files.ts';

const version = 1;
const blockBytes = 64 * 1024;

/** What is to be read of a file: bytes from `start` on, `end` not included. */
export interface FilePart {
  readonly handle: FileHandle;
  readonly start: number;
  readonly end: number;
  readonly linesBefore: number;
}

/** What is new of a file, in this order. */
export interface NewParts {
  /** Of files that had its name; whoever reads closes them. */
  readonly rest: readonly FilePart[];
  readonly current: FilePart;
}

/** Of each file its place, by its absolute path. */
export type Places = ReadonlyMap<string, FilePlace>;

export class ReadState {
  /** Grows with each note. */
  noteCount = 0;
  readonly #path: string;
  readonly #places: Map<string, FilePlace>;
  /** What was noted last of an open file, for its fingerprint. */
  readonly #noted = new WeakMap<FileHandle, FilePlace>();

  private constructor(file: string, places: Map<string, FilePlace>) {
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
      `${file} is no state that this imesde wrote, or is damaged: remove it to read from the start, or name another`,
    );
  }

  /** All that was noted so far. */
  get places(): Places {
    return new Map(this.#places);
  }

  has(name: string): boolean {
    return this.#places.has(path.resolve(name));
  }

  /**
   * @param handle - of the file that has the name now
   * @param onLost - told where what was added to what it was can't be found any more
   */
  async partsOf(
    name: string,
    handle: FileHandle,
    onLost: (message: string) => void,
  ): Promise<NewParts> {
    const place = this.#places.get(path.resolve(name));
    const isCut = place !== undefined && (await hasInode(place, handle));
    const isSame = isCut && (await beginsAs(place, handle));
    const { offset: start, lines: linesBefore } =
      place !== undefined && isSame ? place : { offset: 0, lines: 0 };
    const current = { handle, start, end: await endOfLines(handle, start), linesBefore };
    if (place === undefined || isSame) return { rest: [], current };
    const { handles, isIncomplete } = await movedFiles(name, place, isCut);
    if (isIncomplete) {
      onLost(
        `lines of ${name} may be missing, for what was rotated or cut away is gone or packed: ` +
          'run more often, or rotate with delaycompress',
      );
    }
    const rest: FilePart[] = [];
    for (const moved of handles) {
      const first = rest.length === 0;
      const { size: end } = await moved.stat();
      rest.push({
        handle: moved,
        start: first ? place.offset : 0,
        end,
        linesBefore: first ? place.lines : 0,
      });
    }
    return { rest, current };
  }

  /** A file was read up to there. */
  async note(name: string, handle: FileHandle, end: LineEnd): Promise<void> {
    const place = await placeIn(handle, end, this.#noted.get(handle));
    this.noteCount += 1;
    this.#noted.set(handle, place);
    this.#places.set(path.resolve(name), place);
  }

  /**
   * Writes where reading ended: all of it or nothing.
   * @throws {ImesdeError} ERR_IMESDE_OUTPUT
   */
  async save(places: Places = this.#places): Promise<void> {
    const text = `${JSON.stringify({ version, files: Object.fromEntries(places) })}\n`;
    try {
      await replaceFile(this.#path, text);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new ImesdeError(
        'ERR_IMESDE_OUTPUT',
        `can't write the state ${this.#path} (${code ?? ''}): name a file where one may be made`,
        { cause: error },
      );
    }
  }
}

/** The bytes of a part. */
export async function* readPart(
  { handle, start, end }: FilePart,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  for (let place = start; place < end && !signal.aborted;) {
    const buffer = Buffer.allocUnsafe(Math.min(blockBytes, end - place));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, place);
    if (bytesRead === 0) return; // It was cut meanwhile.
    place += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

function placesOf(text: string): Map<string, FilePlace> | undefined {
  try {
    const state = JSON.parse(text) as { version?: unknown; files?: unknown } | null;
    if (state?.version !== version || typeof state.files !== 'object') return undefined;
    const places = Object.entries(state.files ?? {}) as [string, unknown][];
    const sound = places.filter((entry): entry is [string, FilePlace] => isPlace(entry[1]));
    return sound.length === places.length ? new Map(sound) : undefined;
  } catch {
    return undefined;
  }
}
