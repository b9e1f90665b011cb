/** One pass over the characters of a line, or of a part of it: the hot path of imesde. */
import { characterKinds, digit, special } from './characters.ts';
import { controlSequenceEnd, escapeEnd, spelledEscapeEnd } from './escapes.ts';
import * as peek from './peek.ts';
import { WordBuffer } from './word-buffer.ts';
import { WordJudge } from './word-judge.ts';

export class LineScanner {
  readonly codes: Uint16Array;
  readonly words = new WordBuffer();
  /** The line must be read anew, decoded (clean-line.ts). */
  needsCleaning = false;
  /** It was decoded: what still looks encoded stays as it is. */
  isClean = false;
  /** What was written up to this word is overwritten, once another follows. */
  overwritten = 0;
  readonly #judge: WordJudge;

  constructor(codes: Uint16Array) {
    this.codes = codes;
    this.#judge = new WordJudge(codes, this.words);
  }

  begin(): void {
    this.words.clear();
    this.needsCleaning = false;
    this.overwritten = 0;
    this.#judge.begin();
  }

  /** Nothing before this place is joined to what comes. */
  beginPart(start: number): void {
    this.#judge.beginPart(start);
  }

  /** The first word stands behind a time that was not read. */
  beginPartAfterTime(start: number): void {
    this.#judge.beginPart(start - 1, true);
  }

  /** Nothing that comes is joined to what was read. */
  endPart(): void {
    this.#judge.endPart();
  }

  /**
   * Reads on from a place.
   * @param wordsMax - it stops once there are so many
   * @returns where it stopped: at the end, at a brace, at the = of a field that may hold the
   *   message, or where the line needs cleaning
   */
  scan(from: number, end: number, wordsMax: number): number {
    const codes = this.codes;
    const words = this.words;
    const judge = this.#judge;
    let i = from;
    while (i < end) {
      const code = codes[i]!;
      const kind = characterKinds[code]!;
      if (kind >= digit) {
        i = judge.read(i);
        if (words.count >= wordsMax || judge.isField) return i;
      } else if (kind !== special) {
        i += 1;
      } else {
        const past = this.#readSpecial(code, i, end);
        if (past === i) return i;
        i = past;
      }
    }
    return i;
  }

  /** @returns where reading goes on, or the place itself where it must stop */
  #readSpecial(code: number, at: number, end: number): number {
    switch (code) {
      case 0x7b: // {
        return at;
      case 0x1b:
        return escapeEnd(this.codes, at + 1, end);
      case 0x9b:
        return controlSequenceEnd(this.codes, at + 1);
      case 0x241b:
        return this.codes[at + 1] === 0x5b ? escapeEnd(this.codes, at + 1, end) : at + 1;
      case 0x0d:
        this.#overwrite();
        return at + 1;
      case 0x23: // #
      case 0x5c: // Backslash.
      case 0x5e: {
        const past = spelledEscapeEnd(this.codes, at, end);
        return past === -1 ? at + 1 : past;
      }
      case 0x25: // %
        if (!peek.isEncodedByte(this.codes, at)) return at + 1;
    }
    if (this.isClean) return peek.pairEnd(this.codes, at);
    this.needsCleaning = true;
    return at;
  }

  /** What a carriage return begins goes over what was written since the one before. */
  #overwrite(): void {
    const { words } = this;
    this.endPart();
    this.dropOverwritten();
    this.overwritten = words.count;
    words.floor = words.count;
  }

  dropOverwritten(): void {
    if (this.overwritten === 0 || this.words.count === this.overwritten) return;
    this.words.remove(0, this.overwritten);
    this.words.floor = 0;
    this.overwritten = 0;
    this.endPart();
  }
}
