/** How many shapes of the window hold each wordpiece: what makes a word of this stream rare. */
export class DocumentFrequencies {
  /** Shapes counted. */
  shapeCount = 0;
  #counts = new Uint32Array(32_768);
  /** By id, the shape that was counted last: so that a shape counts a repeated wordpiece once. */
  #lastSeen = new Uint32Array(32_768);
  #visit = 0;

  add(ids: Uint32Array): void {
    this.shapeCount += 1;
    this.#visitEach(ids, 1);
  }

  /** @param ids - those that were added */
  remove(ids: Uint32Array): void {
    this.shapeCount -= 1;
    this.#visitEach(ids, -1);
  }

  /** Shapes that hold this wordpiece. */
  count(id: number): number {
    return this.#counts[id] ?? 0;
  }

  #visitEach(ids: Uint32Array, step: 1 | -1): void {
    this.#visit = (this.#visit + 1) >>> 0;
    for (const id of ids) {
      if (id >= this.#counts.length) this.#growTo(id + 1);
      if (this.#lastSeen[id] === this.#visit) continue;
      this.#lastSeen[id] = this.#visit;
      this.#counts[id]! += step;
    }
  }

  #growTo(length: number): void {
    const larger = (old: Uint32Array): Uint32Array<ArrayBuffer> => {
      const next = new Uint32Array(2 ** Math.ceil(Math.log2(length)));
      next.set(old);
      return next;
    };
    this.#counts = larger(this.#counts);
    this.#lastSeen = larger(this.#lastSeen);
  }
}
