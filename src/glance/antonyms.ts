/** Words that mean the contrary of each other: model/antonyms.txt, and what prefixes and endings make. */

/** A word of four letters and more with one of these before it says the contrary. */
const contraryPrefix = /^(?:un|non)(?=.{4})/;

export class Antonyms {
  readonly #text: string;
  /** By word, its contraries; each pair is there both ways. Made when they are first asked for. */
  #all: ReadonlyMap<string, readonly string[]> | undefined;

  /** @param text - a line a word: it, then those of its contraries that come after it in the alphabet */
  constructor(text: string) {
    this.#text = text;
  }

  /** @returns the contraries of a lemma */
  of(lemma: string): readonly string[] {
    this.#all ??= parse(this.#text);
    return this.#all.get(lemma) ?? [];
  }
}

export const noAntonyms = new Antonyms('');

/** @returns what a word says the contrary of by its form: `unsafe` safe, `harmless` harmful */
export function negatedBy(word: string): string | undefined {
  if (contraryPrefix.test(word)) return word.replace(contraryPrefix, '');
  return word.endsWith('less') ? `${word.slice(0, -'less'.length)}ful` : undefined;
}

function parse(text: string): ReadonlyMap<string, readonly string[]> {
  const all = new Map<string, string[]>();
  const add = (one: string, other: string): void => {
    const others = all.get(one);
    if (others === undefined) all.set(one, [other]);
    else others.push(other);
  };
  for (const line of text.trimEnd().split('\n')) {
    const [word = '', ...others] = line.split(' ');
    for (const other of others) {
      add(word, other);
      add(other, word);
    }
  }
  return all;
}
