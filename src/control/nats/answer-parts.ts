/** Parts of answers → whole answers, in bounded memory whoever sends them. */
import { answerBytesMax, fleetBytesMax } from '../limits.ts';

/** Beside its matches an answer has a line that says that it was all. */
const answerBytesAtMost = answerBytesMax * 2;
/** Far more than a fleet has instances; more are one that makes up names. */
const answersMax = 200_000;

interface Parts {
  chunks: Buffer[];
  bytes: number;
  /** It was too long, or a part of it is missing: what still comes is not kept. */
  isBroken: boolean;
}

export class AnswerParts {
  readonly #open = new Map<string, Parts>();
  #bytes = 0;

  /**
   * @param key - names the answer
   * @param part - counts from 0
   * @returns the answer where this was its last part; 'too long' once where it is; else undefined
   */
  push(
    key: string,
    part: number,
    isLast: boolean,
    payload: Uint8Array,
  ): Buffer | 'too long' | undefined {
    let parts = this.#open.get(key);
    if (parts === undefined) {
      if (this.#open.size >= answersMax) return undefined;
      parts = { chunks: [], bytes: 0, isBroken: false };
      this.#open.set(key, parts);
    }
    if (parts.isBroken) return undefined;
    if (part !== parts.chunks.length) {
      this.#break(parts);
      return undefined;
    }
    parts.bytes += payload.length;
    this.#bytes += payload.length;
    if (parts.bytes > answerBytesAtMost || this.#bytes > fleetBytesMax) {
      this.#break(parts);
      return 'too long';
    }
    parts.chunks.push(Buffer.from(payload));
    if (!isLast) return undefined;
    const whole = Buffer.concat(parts.chunks);
    this.#break(parts);
    return whole;
  }

  #break(parts: Parts): void {
    this.#bytes -= parts.bytes;
    parts.bytes = 0;
    parts.chunks = [];
    parts.isBroken = true;
  }
}
