/**
 * Line → shape, in one pass over its characters: the hot path of imesde. What varies between lines
 * of one kind (numbers, ids, addresses, times) is dropped, what the model reads alike (case,
 * punctuation, white space) is made alike, so the key of a shape is the very text that the model
 * gets: two lines that would get one vector are one shape.
 */
import { Buffer } from 'node:buffer';
import { modelTextCharsMax } from '../shared/limits.ts';

const space = 0x20;

/** Character classes of ASCII. */
const other = 0;
const digit = 1;
const lower = 2;
const upper = 3;
const blank = 4;

const classes = new Uint8Array(128).fill(other);
for (let code = 0; code <= space; code += 1) classes[code] = blank;
for (let code = 0x30; code <= 0x39; code += 1) classes[code] = digit;
for (let code = 0x61; code <= 0x7a; code += 1) classes[code] = lower;
for (let code = 0x41; code <= 0x5a; code += 1) classes[code] = upper;

export class Masker {
  readonly #exact: boolean;
  readonly #latin = Buffer.alloc(modelTextCharsMax * 2);

  /** @param options - exact: each different line is its own shape and goes to the model as it is */
  constructor(options: { readonly exact: boolean }) {
    this.#exact = options.exact;
  }

  /**
   * @returns the key of the line's shape, a string of its own memory, or undefined for a line of
   * white space
   */
  key(line: string): string | undefined {
    if (this.#exact) return line.trim() === '' ? undefined : Buffer.from(line).toString();
    const latin = this.#latin;
    const length = Math.min(line.length, modelTextCharsMax);
    let at = 0;
    let wordStart = 0;
    let masked = false;
    let sawText = false;
    let previous = blank;
    for (let i = 0; i < length; i += 1) {
      const code = line.charCodeAt(i);
      const kind = code < 128 ? classes[code]! : lower;
      if (kind === lower || kind === upper || kind === digit) {
        if (kind === digit) masked = true;
        if (kind === upper && previous === lower) latin[at++] = space;
        latin[at++] = kind === upper ? code + 32 : code & 0xff;
      } else {
        if (kind === other) sawText = true;
        if (masked) at = wordStart;
        if (at > wordStart) latin[at++] = space;
        wordStart = at;
        masked = false;
      }
      previous = kind;
    }
    if (masked) at = wordStart;
    if (at === 0) return sawText || length > 0 ? '' : undefined;
    return latin.toString('latin1', 0, at);
  }

  /** What the model reads for a key. */
  modelText(key: string): string {
    return key;
  }
}
