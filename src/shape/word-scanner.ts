import { characterKinds, digit, lower, smallLetters, upper } from './characters.ts';
import { hashStart, hashStep } from '../shared/fnv.ts';
import type { WordBuffer } from './word-buffer.ts';

const largestHexLetter = 0x66;
/** The first code unit beyond ASCII. */
const asciiEnd = 0x80;
/** From Hebrew on, most scripts have no capitals and may stand beside digits without a blank. */
export const caselessStart = 0x590;
const smallS = 0x73;

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
  /** It has letters of such a script. Set where there is a digit. */
  hasCaseless = false;
  /** How often a letter has another case than the letter before it: Word 1, wordOne 2. */
  caseChanges = 0;

  /**
   * Writes a word without digits behind the kept ones, in small letters and split at its camel
   * humps. Of a word with digits it only says so: writeName writes it, where it stays.
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
    if (kind === digit) return this.#readFromDigit(codes, start, true, 0);
    const isCapital = kind === upper;
    if (isCapital) code = smallLetters[code]!;
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

  /** HTTPServer → http server, logLevel → log level, CEOs stays one word. */
  #readHumps(codes: Uint16Array, start: number, words: WordBuffer): number {
    const { chars } = words;
    const first = words.count;
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
        if (kind === digit) {
          words.truncate(first);
          return this.#readFromDigit(codes, i, false, largest);
        }
        words.closeWord(out, partHash);
        this.hash = hash;
        this.hasDigit = false;
        this.isNumber = false;
        this.isHex = largest <= largestHexLetter;
        this.caseChanges = changes;
        return i;
      }
      if (kind === upper) {
        code = smallLetters[code]!;
        if (last === lower) {
          changes += 1;
          words.closeWord(out, partHash);
          out = words.end;
          partHash = hashStart;
        }
      } else if (last === upper) {
        changes += 1;
        if (beforeLast === upper && code < asciiEnd && !isPluralEnd(codes, i)) {
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

  /** The rest of a word from its first digit on. */
  #readFromDigit(
    codes: Uint16Array,
    from: number,
    isNumber: boolean,
    largestBefore: number,
  ): number {
    const kinds = characterKinds;
    let i = from;
    let kind = digit;
    while (kind === digit) {
      i += 1;
      kind = kinds[codes[i]!]!;
    }
    this.hash = hashStart;
    this.hasDigit = true;
    this.isNumber = isNumber && kind < digit;
    let largest = largestBefore;
    while (kind >= digit) {
      const small = codes[i]! | 0x20;
      if (small > largest && kind !== digit) largest = small;
      i += 1;
      kind = kinds[codes[i]!]!;
    }
    this.isHex = largest <= largestHexLetter;
    this.hasCaseless = largest >= caselessStart;
    return i;
  }
}

/** CEOs, URLs: an s that ends a word of capitals. */
function isPluralEnd(codes: Uint16Array, at: number): boolean {
  return codes[at] === smallS && characterKinds[codes[at + 1]!]! < digit;
}

/**
 * Writes a name with digits from start to end, split at its humps but never between a letter and
 * the digit that follows it: Http2Server → http2 server, IPv6 and H2O stay one word.
 */
export function writeName(codes: Uint16Array, start: number, end: number, words: WordBuffer): void {
  const { chars } = words;
  let out = words.end;
  let hash = hashStart;
  for (let i = start; i < end; i += 1) {
    if (i > start && humpBegins(codes, i, end)) {
      words.closeWord(out, hash);
      out = words.end;
      hash = hashStart;
    }
    const code = smallLetters[codes[i]!]!;
    chars[out] = code;
    out += 1;
    hash = hashStep(hash, code);
  }
  words.closeWord(out, hash);
}

function humpBegins(codes: Uint16Array, at: number, end: number): boolean {
  if (characterKinds[codes[at]!] !== upper) return false;
  const before = characterKinds[codes[at - 1]!]!;
  if (before === lower) return true;
  if (at + 1 >= end || characterKinds[codes[at + 1]!] !== lower) return false;
  // Of capitals the last begins a word, but not in IPv6.
  return before === digit || at + 2 >= end || characterKinds[codes[at + 2]!] !== digit;
}

/** U.S. → us */
export function writeInitials(
  codes: Uint16Array,
  start: number,
  end: number,
  words: WordBuffer,
): void {
  const { chars } = words;
  let out = words.end;
  let hash = hashStart;
  for (let i = start; i < end; i += 2) {
    chars[out] = smallLetters[codes[i]!]!;
    hash = hashStep(hash, chars[out]!);
    out += 1;
  }
  words.closeWord(out, hash);
}
