/**
 * The numbers of a phrase: "error 503" means more than an error. Shapes have none, so lines are looked
 * at: one that holds the number speaks for its shape, and scores more for it.
 */

/** A number by itself, not one that belongs to a name (S3, log4j) or a unit (5G). */
const number = /(?<![\p{L}\p{N}_.,:])\d+(?:[.,:]\d+)*(?![\p{L}\p{N}_])/gu;
const numbersMax = 8;
const charsMax = 32;

export class PhraseNumbers {
  readonly #numbers: readonly string[];

  private constructor(numbers: readonly string[]) {
    this.#numbers = numbers;
  }

  /** @returns undefined where the phrase has none */
  static of(phrase: string): PhraseNumbers | undefined {
    const found = [...new Set(phrase.match(number))].filter(({ length }) => length <= charsMax);
    return found.length === 0 ? undefined : new PhraseNumbers(found.slice(0, numbersMax));
  }

  /** @returns the share of the phrase's numbers that a line holds, 0 to 1 */
  shareIn(line: string): number {
    let held = 0;
    for (const one of this.#numbers) if (holds(line, one)) held += 1;
    return held / this.#numbers.length;
  }
}

function holds(line: string, digits: string): boolean {
  for (let at = line.indexOf(digits); at !== -1; at = line.indexOf(digits, at + 1)) {
    if (beginsAt(line, at) && endsAt(line, at + digits.length)) return true;
  }
  return false;
}

/** Not within a longer number, nor behind a letter: v503, 1.503. */
function beginsAt(line: string, at: number): boolean {
  const before = line.charCodeAt(at - 1);
  return !isDigit(before) && !isLetter(before) && !isFraction(line, at - 1, at - 2);
}

/** A unit may follow: 75bp. */
function endsAt(line: string, end: number): boolean {
  return !isDigit(line.charCodeAt(end)) && !isFraction(line, end, end + 1);
}

/** A point or comma with a digit beyond it. */
function isFraction(line: string, point: number, beyond: number): boolean {
  const code = line.charCodeAt(point);
  return (code === 0x2e || code === 0x2c) && isDigit(line.charCodeAt(beyond));
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isLetter(code: number): boolean {
  return (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
}
