/** A line that was read and waits for a reading, or for a line before it. */
export interface WaitingLine {
  readonly shape: number;
  readonly text: string;
  readonly number: number;
  readonly time: number;
  readonly bytes: number;
  /** Arrival on the monotonic clock in milliseconds, for the latency. */
  readonly arrived: number;
}

/** Lines between reading and the commit point, in input order. */
export class CommitQueue {
  byteCount = 0;
  #lines: WaitingLine[] = [];
  #head = 0;

  get length(): number {
    return this.#lines.length - this.#head;
  }

  get first(): WaitingLine | undefined {
    return this.#lines[this.#head];
  }

  push(line: WaitingLine): void {
    this.#lines.push(line);
    this.byteCount += line.bytes;
  }

  shift(): WaitingLine | undefined {
    const line = this.#lines[this.#head];
    if (line === undefined) return undefined;
    this.#head += 1;
    this.byteCount -= line.bytes;
    if (this.#head === this.#lines.length || this.#head >= 16_384) {
      this.#lines = this.#lines.slice(this.#head); // So that what was taken out can be collected.
      this.#head = 0;
    }
    return line;
  }
}
