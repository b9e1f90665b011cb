const newline = 0x0a;

/** Up to a line's end: the byte behind its newline, and how many lines are before that. */
export interface LineEnd {
  readonly offset: number;
  readonly lines: number;
}

/** Where in a file the lines end that a reader has told: once for each chunk, which is enough. */
export class LineOffsets {
  #offset: number;
  #lines: number;
  #last: LineEnd;
  /** Of chunks that are read and whose lines are not all told. */
  readonly #ends: LineEnd[] = [];

  /** @param start - where reading begins, and the lines before it */
  constructor(start: LineEnd) {
    this.#offset = start.offset;
    this.#lines = start.lines;
    this.#last = start;
  }

  /** The bytes as they are read. */
  async *track(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      this.#push(chunk);
      yield chunk;
    }
  }

  /** @param lines - so many are told, with those before the start */
  through(lines: number): LineEnd {
    for (let [next] = this.#ends; next !== undefined && next.lines <= lines; [next] = this.#ends) {
      this.#last = next;
      this.#ends.shift();
    }
    return this.#last;
  }

  #push(chunk: Buffer): void {
    let end = -1;
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, at + 1)) {
      this.#lines += 1;
      end = at;
    }
    if (end !== -1) this.#ends.push({ offset: this.#offset + end + 1, lines: this.#lines });
    this.#offset += chunk.length;
  }
}
