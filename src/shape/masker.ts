import { Buffer } from 'node:buffer';
import { flatCopy } from '../shared/flat-copy.ts';
import { modelTextCharsMax } from '../shared/limits.ts';
import { blank, characterKinds } from './characters.ts';
import { cleanLine } from './clean-line.ts';
import { escapeEnd } from './escapes.ts';
import { lineCharsMax, zerosBehind } from './line-bounds.ts';
import { LineScanner } from './line-scanner.ts';
import { StructuredReader } from './structured-reader.ts';

const wordsMax = 48;
/** The key of lines whose every word goes. */
const wordless = 'number';

export class Masker {
  readonly #exact: boolean;
  /** The line's code units, then zeros. */
  readonly #codes = new Uint16Array(lineCharsMax + zerosBehind);
  readonly #bytes = Buffer.from(this.#codes.buffer);
  readonly #scanner = new LineScanner(this.#codes);
  readonly #reader = new StructuredReader(this.#scanner);

  /** @param options - exact: each different line is its own shape and goes to the model as it is */
  constructor(options: { readonly exact: boolean }) {
    this.#exact = options.exact;
  }

  /**
   * @returns the key of the line's shape, a string of its own memory, or undefined for a line of
   * nothing but white space
   */
  key(line: string): string | undefined {
    if (this.#exact) return line.trim() === '' ? undefined : flatCopy(line, 2);
    const scanner = this.#scanner;
    const reader = this.#reader;
    let length = this.#load(line);
    scanner.isClean = false;
    reader.read(length);
    if (scanner.needsCleaning) {
      length = this.#load(cleanLine(line.slice(0, lineCharsMax)));
      scanner.isClean = true;
      reader.read(length);
    }
    const { words } = scanner;
    if (words.count === 0) return this.#isBlank(length) ? undefined : wordless;
    return words.toString(wordsMax, reader.messageFirst, reader.messageLast);
  }

  /** What the model reads for a key. */
  modelText(key: string): string {
    return key.length > modelTextCharsMax ? key.slice(0, modelTextCharsMax) : key;
  }

  /** @returns how many code units of it are looked at */
  #load(line: string): number {
    // A copy into an array of our own: reading it costs a fifth of charCodeAt on a slice.
    const length = this.#bytes.write(line, 0, lineCharsMax * 2, 'utf16le') / 2;
    this.#codes.fill(0, length, length + zerosBehind);
    return length;
  }

  /** Nothing but white space and what steers a terminal. */
  #isBlank(length: number): boolean {
    let i = 0;
    while (i < length) {
      const code = this.#codes[i]!;
      if (code === 0x1b) i = escapeEnd(this.#codes, i + 1, length);
      else if (characterKinds[code] === blank || code === 0x0d) i += 1;
      else return false;
    }
    return true;
  }
}
