import { stat, type FileHandle } from 'node:fs/promises';
import { Notices } from './notices.ts';

const chunkBytes = 64 * 1024;
/** So much before the place that was read to is looked at again: other bytes are another file's. */
const seamBytesMax = 64;
/**
 * Who writes may not know of the new file yet, and of several writers not all do at once: the old
 * one is left when it has kept still for so long, and in any case after a while.
 */
const stillMs = 1_000;
const replacedMsMax = 10_000;

/** The bytes of an open file as they come, until another one has taken its name, or it was cut. */
export class FollowedBytes {
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
      let readAt = 0;
      let replacedAt: number | undefined;
      while (!this.#isOver()) {
        if (await this.#isCut()) return;
        for (;;) {
          const chunk = await this.#next();
          if (chunk === undefined) break;
          readAt = performance.now();
          yield chunk;
          if (this.#isOver()) return;
        }
        const now = performance.now();
        if (replacedAt === undefined && (await this.#isReplaced())) replacedAt = now;
        if (replacedAt !== undefined) {
          const isStill = now - Math.max(readAt, replacedAt) >= stillMs;
          if (isStill || now - replacedAt >= replacedMsMax) return;
        }
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
