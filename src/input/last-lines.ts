import type { FileHandle } from 'node:fs/promises';

const blockBytes = 64 * 1024;
const newline = 0x0a;

/**
 * Where the last lines of a file begin; one without its newline counts.
 * @param count - 0: the end of the file
 */
export async function placeOfLastLines(handle: FileHandle, count: number): Promise<number> {
  const { size } = await handle.stat();
  if (count === 0) return size;
  const buffer = Buffer.alloc(blockBytes);
  let missing = count;
  for (let end = size; end > 0; end -= blockBytes) {
    const start = Math.max(0, end - blockBytes);
    const { bytesRead } = await handle.read(buffer, 0, end - start, start);
    for (let i = bytesRead - 1; i >= 0; i -= 1) {
      // The very last newline ends the last line, and begins none.
      if (buffer[i] !== newline || start + i === size - 1) continue;
      missing -= 1;
      if (missing === 0) return start + i + 1;
    }
  }
  return 0;
}

/** Behind the last newline from a place on; the place where there is none. */
export async function endOfLines(handle: FileHandle, start: number): Promise<number> {
  const buffer = Buffer.alloc(blockBytes);
  const { size } = await handle.stat();
  for (let end = size; end > start; end -= blockBytes) {
    const from = Math.max(start, end - blockBytes);
    const { bytesRead } = await handle.read(buffer, 0, end - from, from);
    const last = buffer.subarray(0, bytesRead).lastIndexOf(newline);
    if (last !== -1) return from + last + 1;
  }
  return start;
}
