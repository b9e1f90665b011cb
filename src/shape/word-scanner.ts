import { characterKinds, digit, lower, upper } from './characters.ts';
import { hashStart, hashStep } from './known-words.ts';
import type { WordBuffer } from './word-buffer.ts';

const largestHexLetter = 0x66;
/** The first code unit beyond ASCII. */
const asciiEnd = 0x80;

/**
 * Reads one word, a run of letters and digits, and says what it is made of. Most words of a log are
 * small letters with a capital at most in front, and the hot path knows those apart.
 */
export class WordScanner {
  /** Of the whole word in small letters; of no use where it has a digit. */
  hash = 0;
  hasDigit = false;
  /** Nothing but digits. */
  isNumber = false;
  /** Nothing but digits and a … f. */
  isHex = false;
  /** How often a letter has another case than the letter before it: Word 1, wordOne 2. */
  caseChanges = 0;

  /**
   * Writes the word behind the kept ones, in small letters and split at its camel humps: up to its
   * first digit, which tells that it goes.
   * @param start - of its first letter or digit
   * @returns its end
   */
  read(codes: Uint16Array, start: number, words: WordBuffer): number {
    const kinds = characterKinds;
    const { chars } = words;
    let out = words.end;
    let hash = hashStart;
    let largest = 0;
    let i = start;
    let code = codes[i]!;
    let kind = kinds[code]!;
    if (kind === digit) return this.#readFromDigit(codes, start, 0, true, true);
    const isCapital = kind === upper;
    if (isCapital) code |= 0x20;
    do {
      chars[out] = code;
      out += 1;
      hash = hashStep(hash, code);
      if (code > largest) largest = code;
      i += 1;
      code = codes[i]!;
      kind = kinds[code]!;
    } while (kind === lower);
    if (kind >= digit) return this.#readHumps(codes, start, words);
    words.closeWord(out, hash);
    this.hash = hash;
    this.hasDigit = false;
    this.isNumber = false;
    this.isHex = largest <= largestHexLetter;
    this.caseChanges = isCapital && i > start + 1 ? 1 : 0;
    return i;
  }

  /** HTTPServer → http server, logLevel → log level. */
  #readHumps(codes: Uint16Array, start: number, words: WordBuffer): number {
    const { chars } = words;
    let out = words.end;
    let partHash = hashStart;
    let partHashBefore = hashStart;
    let hash = hashStart;
    let largest = 0;
    let changes = 0;
    let last = 0;
    let beforeLast = 0;
    for (let i = start; ; i += 1) {
      let code = codes[i]!;
      const kind = characterKinds[code]!;
      if (kind < lower) {
        const isHex = largest <= largestHexLetter;
        if (kind === digit) return this.#readFromDigit(codes, i, changes, false, isHex, last);
        words.closeWord(out, partHash);
        this.hash = hash;
        this.hasDigit = false;
        this.isNumber = false;
        this.isHex = isHex;
        this.caseChanges = changes;
        return i;
      }
      if (kind === upper) {
        code |= 0x20;
        if (last === lower) {
          changes += 1;
          words.closeWord(out, partHash);
          out = words.end;
          partHash = hashStart;
        }
      } else if (last === upper) {
        changes += 1;
        if (beforeLast === upper && code < asciiEnd) {
          // The last capital begins a word.
          const capital = chars[out - 1]!;
          words.closeWord(out - 1, partHashBefore);
          out = words.end;
          chars[out] = capital;
          out += 1;
          partHash = hashStep(hashStart, capital);
        }
      }
      chars[out] = code;
      out += 1;
      partHashBefore = partHash;
      partHash = hashStep(partHash, code);
      hash = hashStep(hash, code);
      if (code > largest) largest = code;
      beforeLast = last;
      last = kind;
    }
  }

  /** The rest of a word from its first digit on: what was written of it goes. */
  #readFromDigit(
    codes: Uint16Array,
    from: number,
    caseChanges: number,
    isNumber: boolean,
    isHex: boolean,
    last = 0,
  ): number {
    let changes = caseChanges;
    let isNumberStill = isNumber;
    let largest = isHex ? 0 : largestHexLetter + 1;
    let before = last;
    for (let i = from; ; i += 1) {
      const code = codes[i]!;
      const kind = characterKinds[code]!;
      if (kind < digit) {
        this.hash = hashStart;
        this.hasDigit = true;
        this.isNumber = isNumberStill;
        this.isHex = largest <= largestHexLetter;
        this.caseChanges = changes;
        return i;
      }
      if (kind !== digit) {
        isNumberStill = false;
        const small = kind === upper ? code | 0x20 : code;
        if (small > largest) largest = small;
        if (kind + before === lower + upper) changes += 1;
      }
      before = kind;
    }
  }
}
