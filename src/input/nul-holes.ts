const nul = 0x00;
/** So many NULs in a row are no text but a hole: what a log holds where it was cut while written to. */
const holeBytesMin = 32;
const empty = Buffer.alloc(0);

/** Takes holes out of the bytes, before a line's bound is looked at: they would swallow what follows. */
export class NulHoles {
  /** Bytes of holes so far. */
  droppedBytes = 0;
  /** NULs at the end of the last chunk: perhaps the beginning of a hole. */
  #heldNuls = 0;

  push(chunk: Buffer): Buffer {
    if (this.#heldNuls === 0 && !chunk.includes(nul)) return chunk; // Nearly always.
    const kept: Buffer[] = [];
    let start = 0;
    while (start < chunk.length) {
      const end = endOfNuls(chunk, start);
      this.#heldNuls += end - start;
      if (end === chunk.length) break;
      kept.push(this.#release());
      const next = chunk.indexOf(nul, end);
      start = next === -1 ? chunk.length : next;
      kept.push(chunk.subarray(end, start));
    }
    return Buffer.concat(kept);
  }

  /** The end of the stream: what was held back. */
  end(): Buffer {
    return this.#release();
  }

  /** @returns the NULs that were held, or nothing where they are a hole */
  #release(): Buffer {
    const count = this.#heldNuls;
    this.#heldNuls = 0;
    if (count < holeBytesMin) return count === 0 ? empty : Buffer.alloc(count);
    this.droppedBytes += count;
    return empty;
  }
}

function endOfNuls(chunk: Buffer, start: number): number {
  let end = start;
  while (end < chunk.length && chunk[end] === nul) end += 1;
  return end;
}
