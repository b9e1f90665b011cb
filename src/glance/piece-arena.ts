/**
 * The wordpieces of all shapes in one array: a shape is a stretch of it. Stretches are multiples of
 * four ids, and those given back are used again for stretches of their length.
 */
const step = 4;
const lengthMax = 32;
const capacityFirst = 4_096;
/** Ends a list of free stretches. */
const none = 0xffffffff;

export class PieceArena {
  /** Read it through the arena: it is replaced when it grows. */
  pieces = new Uint16Array(capacityFirst);
  #end = 0;
  /** By length / step: the first free stretch. A free stretch begins with the place of the next. */
  readonly #free = new Uint32Array(lengthMax / step + 1).fill(none);

  /** Bytes taken. */
  get byteLength(): number {
    return this.pieces.byteLength;
  }

  /** @returns where the ids now begin: `count` of them, at most 32 */
  put(ids: Uint16Array, count: number): number {
    const steps = stepsOf(count);
    const start = this.#take(steps);
    for (let i = 0; i < count; i += 1) this.pieces[start + i] = ids[i]!;
    return start;
  }

  /** Gives back what `put` gave. */
  release(start: number, count: number): void {
    const steps = stepsOf(count);
    if (steps === 0) return;
    const next = this.#free[steps]!;
    this.pieces[start] = next & 0xffff;
    this.pieces[start + 1] = next >>> 16;
    this.#free[steps] = start;
  }

  #take(steps: number): number {
    if (steps === 0) return 0;
    const first = this.#free[steps]!;
    if (first !== none) {
      this.#free[steps] = (this.pieces[first]! | (this.pieces[first + 1]! << 16)) >>> 0;
      return first;
    }
    const start = this.#end;
    this.#end += steps * step;
    if (this.#end > this.pieces.length) this.#grow();
    return start;
  }

  #grow(): void {
    const larger = new Uint16Array(Math.ceil((this.pieces.length * 3) / 2 / step) * step);
    larger.set(this.pieces);
    this.pieces = larger;
  }
}

function stepsOf(count: number): number {
  return Math.ceil(count / step);
}
