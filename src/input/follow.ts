/**
 * One file as `tail -F` reads it: its last lines, or from where the last run ended, then what is
 * added, through rotation and truncation. A path names one file after the other; of each its bytes
 * are told until another takes its place.
 */
import { open, stat, type FileHandle } from 'node:fs/promises';
import { ImesdeError } from '../shared/errors.ts';
import { notToFollow } from './decode.ts';
import { FollowedBytes } from './followed-bytes.ts';
import { placeOfLastLines } from './last-lines.ts';
import { pause } from './notices.ts';
import { readPart, type ReadState } from './read-state.ts';

/** So many bytes tell what a file is. */
const headBytes = 64;

export interface FollowOptions {
  readonly path: string;
  readonly signal: AbortSignal;
  /** Lines that are there already and are read all the same. */
  readonly tail: number;
  /** Where reading ended the last time: it goes on from there. */
  readonly state?: ReadState | undefined;
  /** Told, once for each time, what can't be read at the moment or any more. */
  readonly onProblem: (message: string) => void;
}

/** What a path named for a while. */
export interface FollowedFile {
  readonly handle: FileHandle;
  /** The byte that reading begins at. */
  readonly start: number;
  /** Lines before it, where that is known; else 0. */
  readonly linesBefore: number;
  /** Its bytes, until another file has taken its place, or it was cut. */
  readonly chunks: AsyncGenerator<Buffer>;
  /** Says that it can't be read, and why. */
  readonly refuse: (message: string) => void;
}

/**
 * The files that a path names, one after the other: read each to its end before asking for the next.
 * @throws {ImesdeError} ERR_IMESDE_INPUT where the path is there from the start and can't be followed
 */
export async function* follow(options: FollowOptions): AsyncGenerator<FollowedFile> {
  const { path, signal, onProblem, state, tail } = options;
  let isFirst = true;
  let isKnown = state?.has(path) === true;
  let told: string | undefined;
  let inode: number | undefined;
  const refuse = (message: string): void => {
    if (message !== told) onProblem(message);
    told = message;
  };
  while (!signal.aborted) {
    const opened = await openToFollow(path);
    if (typeof opened === 'string') {
      if (isFirst && opened !== absent) throw new ImesdeError('ERR_IMESDE_INPUT', opened);
      // Between two files of a rotation there is none for a moment: that is not worth a word.
      if (opened !== absent) refuse(opened);
      else if (isFirst) refuse(`${path} is not there yet: waiting for it`);
      isFirst = false;
      await pause(signal);
      continue;
    }
    const { ino } = await opened.stat();
    if (ino !== inode) told = undefined; // What is wrong with a file is said once.
    inode = ino;
    try {
      let start = 0;
      let linesBefore = 0;
      if (state !== undefined && isKnown) {
        const { rest, current } = await state.partsOf(path, opened, onProblem);
        for (const part of rest) {
          try {
            yield { ...part, chunks: readPart(part, signal), refuse };
          } finally {
            await part.handle.close();
          }
        }
        ({ start, linesBefore } = current);
      } else if (isFirst) {
        start = await placeOfLastLines(opened, tail);
      }
      isKnown = false;
      isFirst = false;
      const chunks = new FollowedBytes(path, opened, start, signal).read();
      yield { handle: opened, start, linesBefore, chunks, refuse };
    } finally {
      await opened.close();
    }
  }
}

const absent = 'absent';

/** @returns what stands in the way, where it can't be opened */
async function openToFollow(path: string): Promise<FileHandle | string> {
  let handle: FileHandle | undefined;
  try {
    // Looked at first: to open a FIFO would wait for its writer.
    const found = await stat(path);
    if (found.isDirectory()) return `${path} is a folder: name the files in it`;
    if (!found.isFile()) {
      return `${path} is no regular file, which alone can be followed: imesde -w PHRASE < ${path}`;
    }
    handle = await open(path, 'r');
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    const why = notToFollow(buffer.subarray(0, bytesRead));
    if (why === undefined) return handle;
    await handle.close();
    return `${path} is ${why}`;
  } catch (error) {
    await handle?.close();
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === 'ENOENT' || code === 'ENOTDIR') return absent;
    return `can't read ${path} (${code}): check what it is and who may read it`;
  }
}
