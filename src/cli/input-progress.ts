/** How far the input is read: files have sizes, and the kernel knows how far each was read. */
import { fstatSync, readdirSync, readFileSync, statSync, type Stats } from 'node:fs';
import { stdinName } from '../input/file-lines.ts';

export interface BytesRead {
  readonly bytes: number;
  /** At least `bytes`. */
  readonly total: number;
}

const stdinDescriptor = 0;

interface InputFile {
  readonly isStdin: boolean;
  readonly stats: Stats;
}

export class InputProgress {
  readonly #names: readonly string[];
  /** Looked at when somebody wants to know. */
  #files: readonly (InputFile | undefined)[] | undefined;
  /** Index of the file that was being read when somebody last wanted to know, and how far it was. */
  #current = 0;
  #position = 0;
  #isEnded = false;

  /** @param names - of the files that are read, one after the other, as FileLines tells them */
  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /** All has been read, and the files are closed. */
  end(): void {
    this.#isEnded = true;
  }

  /** Undefined where a part of the input has no size, or /proc does not tell. */
  read(): BytesRead | undefined {
    const files = (this.#files ??= this.#names.map(inputFile));
    if (files.length === 0 || files.some((file) => file?.stats.isFile() === false))
      return undefined;
    const sizes = files.map((file) => file?.stats.size ?? 0);
    const sum = (some: readonly number[]): number => some.reduce((all, size) => all + size, 0);
    const total = sum(sizes);
    if (this.#isEnded) return { bytes: total, total };
    try {
      this.#find(files);
    } catch {
      return undefined; // No /proc.
    }
    const bytes = sum(sizes.slice(0, this.#current)) + this.#position;
    return { bytes, total: Math.max(bytes, total) }; // A log may have grown.
  }

  /** Those before the one that is open are done. Between two of them it stays as it was. */
  #find(files: readonly (InputFile | undefined)[]): void {
    const open = readdirSync('/proc/self/fd').map(Number);
    const fdOf = (file: InputFile | undefined): number | undefined =>
      file === undefined || file.isStdin ? undefined : open.find((fd) => isOpenOn(fd, file.stats));
    const rest = files.slice(this.#current);
    let ahead = rest.findIndex((file) => fdOf(file) !== undefined);
    if (ahead === -1 && isStdinBegun()) ahead = rest.findIndex((file) => file?.isStdin === true);
    if (ahead === -1) return;
    this.#current += ahead;
    this.#position = positionOf(fdOf(files[this.#current]) ?? stdinDescriptor);
  }
}

/** It is open from the start, also while another file is read. */
function isStdinBegun(): boolean {
  return ((process.stdin as { bytesRead?: number }).bytesRead ?? 0) > 0;
}

/** Undefined: it can't be read, which others tell. */
function inputFile(name: string): InputFile | undefined {
  const isStdin = name === stdinName;
  try {
    return { isStdin, stats: isStdin ? fstatSync(stdinDescriptor) : statSync(name) };
  } catch {
    return undefined;
  }
}

function isOpenOn(fd: number, { dev, ino }: Stats): boolean {
  if (fd === stdinDescriptor) return false;
  try {
    const stats = fstatSync(fd);
    return stats.dev === dev && stats.ino === ino;
  } catch {
    return false; // Closed meanwhile, as the one that listed them is.
  }
}

function positionOf(fd: number): number {
  const [, position] = /^pos:\s*(\d+)/.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8')) ?? [];
  return Number(position ?? NaN);
}
