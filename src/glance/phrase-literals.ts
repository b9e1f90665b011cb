/**
 * What of a phrase must be found as it stands: its numbers, which shapes have none of, and characters
 * that a model of English does not know apart. "error 503" means more than an error. So lines are
 * looked at: one that holds the literals speaks for its shape, and scores more for it.
 */

/** A number by itself, not one that belongs to a name (S3, log4j) or a unit (5G). */
const number = /(?<![\p{L}\p{N}_.,:])\d+(?:[.,:]\d+)*(?![\p{L}\p{N}_])/gu;
/** Most of these are one and the same to the tokenizer. */
const unread = /\p{Script=Han}|(?=[^\0-\x7f])\p{Extended_Pictographic}/gu;
const literalsMax = 16;
const numberCharsMax = 32;

export class PhraseLiterals {
  readonly #numbers: readonly string[];
  readonly #characters: readonly string[];

  private constructor(numbers: readonly string[], characters: readonly string[]) {
    this.#numbers = numbers;
    this.#characters = characters;
  }

  /** @returns undefined where the phrase has none */
  static of(phrase: string): PhraseLiterals | undefined {
    const numbers = [...new Set(phrase.match(number))]
      .filter(({ length }) => length <= numberCharsMax)
      .slice(0, literalsMax);
    const characters = [...new Set(phrase.match(unread))].slice(0, literalsMax);
    if (numbers.length + characters.length === 0) return undefined;
    return new PhraseLiterals(numbers, characters);
  }

  /** @returns those that a line holds */
  heldIn(line: string): string[] {
    return [
      ...this.#numbers.filter((digits) => holdsNumber(line, digits)),
      ...this.#characters.filter((character) => line.includes(character)),
    ];
  }

  /** @returns the share of the phrase's literals that a line holds, 0 to 1 */
  shareIn(line: string): number {
    let held = 0;
    for (const digits of this.#numbers) if (holdsNumber(line, digits)) held += 1;
    for (const character of this.#characters) if (line.includes(character)) held += 1;
    return held / (this.#numbers.length + this.#characters.length);
  }
}

function holdsNumber(line: string, digits: string): boolean {
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
