import { stat, type FileHandle } from 'node:fs/promises';
import { Notices } from './notices.ts';

const chunkBytes = 64 * 1024;
/** So much before the place that was read to is read again: other bytes there are another file's. */
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
  /** The bytes before the place that was read to. */
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
      this.#seam = await this.#before();
      let readAt = 0;
      let replacedAt: number | undefined;
      while (!this.#isOver()) {
        for (;;) {
          const chunk = await this.#next();
          if (chunk === 'cut') return;
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

  /** What stands before the place that reading begins at. */
  async #before(): Promise<Buffer> {
    const length = Math.min(seamBytesMax, this.#place);
    const seam = Buffer.alloc(length);
    const { bytesRead } = await this.#handle.read(seam, 0, length, this.#place - length);
    return seam.subarray(0, bytesRead);
  }

  /**
   * What was added. Read together with what stands before it, so that nobody can come in between: a
   * file that was emptied, and perhaps written anew since, has other bytes there, or none.
   */
  async #next(): Promise<Buffer | 'cut' | undefined> {
    const seam = this.#seam;
    const buffer = Buffer.allocUnsafe(seam.length + chunkBytes);
    const { bytesRead } = await this.#handle.read(
      buffer,
      0,
      buffer.length,
      this.#place - seam.length,
    );
    if (bytesRead < seam.length || !buffer.subarray(0, seam.length).equals(seam)) return 'cut';
    const chunk = buffer.subarray(seam.length, bytesRead);
    if (chunk.length === 0) return undefined;
    this.#place += chunk.length;
    this.#seam = Buffer.from(buffer.subarray(Math.max(0, bytesRead - seamBytesMax), bytesRead));
    return chunk;
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
