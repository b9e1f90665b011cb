/**
 * Line → shape: the hot path of imesde. The key of a shape is the very text that the model reads:
 * its words in small letters, one space between them. So two lines that would get one vector are
 * one shape, and two lines are one shape only where they differ in values: numbers, times,
 * addresses, ids. (Beyond that: rules 6, 8, 9, 10 and 12.)
 *
 * A word is a run of letters and digits; a segment is words joined by - _ . or +; a path is
 * segments joined by / or \\ or ://. The rules; bench/quality and bench/stages say what they are
 * worth and what they cost:
 *
 *  1. Numbers go; the words they are joined to stay (node-3-disk-full, 50-year-low, 注文12345). A
 *     word with digits is a name where it looks like one (EXT4, 2FA, k8s, sha256, v1.2; names.ts);
 *     of an id with a word before it (order12345) the word stays, else it goes.
 *  2. Base64, hashes and pods' suffixes go, told by pairs of letters that words don't have
 *     (random-letters.ts); eight or more hex letters, MAC, IPv6, uuid, mailboxes (addresses.ts),
 *     names of hosts (host-names.ts).
 *  3. Codes of HTTP, exits, signals and errors stay, and what an HTTP error means is added
 *     (numbers.ts, status.ts).
 *  4. Names of months and days go within a date (dates.ts), units after a number.
 *  5. camelCase becomes words, CEOs and U.S. stay one, -n't becomes not.
 *  6. The name after `user` goes, where it plainly is one.
 *  7. Escape sequences go, however they are written (escapes.ts). What is invisible, full-width or
 *     percent-encoded is read as what it stands for (clean-line.ts). Of what a carriage return
 *     overwrote, only what was last shown is read.
 *  8. Of dotted names and of paths the last two parts stay.
 *  9. One to four words said twice in a row are said once.
 * 10. At most 48 words; 16,384 characters are looked at.
 * 11. A line with fields (JSON, logfmt) is read by its message first, wherever it stands, then by
 *     its other fields; a tool's prefix comes behind the message (structured-reader.ts, prefix.ts).
 * 12. Where an object has a message, the envelope that a collector wrapped it in goes
 *     (field-names.ts).
 *
 * All of this is decided by the line alone, so a key never changes in mid-stream.
 */
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
export const wordless = 'number';

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
