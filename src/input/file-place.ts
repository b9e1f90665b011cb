/**
 * A place in a file, known again in another run: by the file's inode and by a fingerprint of its
 * first bytes, for inodes are used again.
 */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { LineEnd } from './line-offsets.ts';

const printBytesMax = 1_024;

export interface FilePlace extends LineEnd {
  readonly inode: number;
  /** SHA-256, in hexadecimal, of so many first bytes. */
  readonly printBytes: number;
  readonly print: string;
}

export async function placeIn(
  handle: FileHandle,
  { offset, lines }: LineEnd,
  known?: FilePlace,
): Promise<FilePlace> {
  const printBytes = Math.min(printBytesMax, offset);
  if (known?.printBytes === printBytes) return { ...known, offset, lines };
  const [{ ino: inode }, print] = await Promise.all([
    handle.stat(),
    fingerprint(handle, printBytes),
  ]);
  return { inode, offset, lines, printBytes, print };
}

export async function hasInode(place: FilePlace, handle: FileHandle): Promise<boolean> {
  return (await handle.stat()).ino === place.inode;
}

/** Whether what was read of it may be there as it was. */
export async function beginsAs(place: FilePlace, handle: FileHandle): Promise<boolean> {
  if ((await handle.stat()).size < place.offset) return false;
  return (await fingerprint(handle, place.printBytes)) === place.print;
}

/** Whether something is a place as it was written: it may have been damaged. */
export function isPlace(value: unknown): value is FilePlace {
  if (typeof value !== 'object' || value === null) return false;
  const { inode, offset, lines, printBytes, print } = value as Record<keyof FilePlace, unknown>;
  const numbers = [inode, offset, lines, printBytes];
  return (
    numbers.every((number) => Number.isSafeInteger(number) && (number as number) >= 0) &&
    (printBytes as number) <= printBytesMax &&
    typeof print === 'string'
  );
}

async function fingerprint(handle: FileHandle, bytes: number): Promise<string> {
  const head = Buffer.alloc(bytes);
  const { bytesRead } = await handle.read(head, 0, bytes, 0);
  return createHash('sha256').update(head.subarray(0, bytesRead)).digest('hex');
}
