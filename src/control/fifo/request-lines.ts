import { requestBytesMax } from '../limits.ts';

/** A line that came through the control FIFO, from one writer or from several. */
export interface RequestLine {
  /** Undefined where the line is too long. */
  readonly text: string | undefined;
  /**
   * The end of the line that came by a write of its own: where an asker left half a line behind,
   * the next asker's request.
   */
  readonly tail: string | undefined;
}

/** Bytes of the control FIFO → lines, in bounded memory whatever is written there. */
export class RequestLines {
  #pending = Buffer.alloc(0);
  /** The line began further back than a request may be long: its start is not kept. */
  #tooLong = false;

  push(chunk: Buffer): RequestLine[] {
    const lines: RequestLine[] = [];
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
      lines.push(this.#complete(chunk.subarray(start, end)));
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
    return lines;
  }

  #complete(piece: Buffer): RequestLine {
    const continues = this.#tooLong || this.#pending.length > 0;
    this.#keep(piece);
    const line = {
      text: this.#tooLong ? undefined : this.#pending.toString(),
      tail: continues && piece.length <= requestBytesMax ? piece.toString() : undefined,
    };
    this.#pending = Buffer.alloc(0);
    this.#tooLong = false;
    return line;
  }

  #keep(piece: Buffer): void {
    if (this.#tooLong) return;
    if (this.#pending.length + piece.length > requestBytesMax) {
      this.#tooLong = true;
      this.#pending = Buffer.alloc(0);
    } else if (piece.length > 0) {
      this.#pending = Buffer.concat([this.#pending, piece]);
    }
  }
}
