/**
 * Does a line say the contrary of a phrase? A sentence model hardly tells "accepted" from
 * "rejected". So where the line has the contrary of a word of the phrase, or the word itself
 * negated (or not negated where the phrase negates it), that word is not met but contradicted: two
 * contraries cancel out, "not accepted" answers "rejected".
 */
import { negatedBy, type Antonyms } from './antonyms.ts';
import { troubleOfWord } from './trouble.ts';
import { irregularFormsOf, lemmasOf } from './word-forms.ts';

/** What a text loses that contradicts a word of the phrase, beside the word. */
export const contradictionPenalty = 0.2;

const negators = new Set('not no never without cannot nobody none nothing neither nor'.split(' '));
/** May speak of trouble, but are grammar just as often: no sign that two texts mean the same. */
const ambiguous = new Set(['out', 'too', 'down']);
/** Words that a negator reaches. */
const negatorReach = 3;
/** Words of other texts whose relation to the phrase is remembered. */
const knownWordsMax = 8_192;

interface PhraseWord {
  readonly text: string;
  readonly isNegated: boolean;
  /** Its tokens, from first up to end. */
  readonly first: number;
  readonly end: number;
}

/** The phrase's words, as bits, that a word is a form of, and whose contrary it is. */
interface Relations {
  readonly same: number;
  readonly contrary: number;
}
const unrelated: Relations = { same: 0, contrary: 0 };
const negating: Relations = { same: 0, contrary: 0 };
/** Bits of a number. */
const phraseWordsMax = 31;

export class Opposites {
  /** By token of the phrase, 1 where the text looked at last contradicts it. */
  readonly contradicted: Uint8Array;
  readonly #words: readonly PhraseWord[];
  readonly #saysTrouble: boolean;
  /** The words of the phrase that it negates. */
  readonly #negated: number;
  /** By lemma, the words of the phrase that have it, and those it is a contrary of. */
  readonly #same = new Map<string, number>();
  readonly #contrary = new Map<string, number>();
  readonly #known = new Map<string, Relations>();

  /**
   * @param tokens - wordpieces of the phrase
   * @param isIdle - by token: looks for nothing
   * @param saysTrouble - whether the phrase speaks of trouble
   * @param antonyms - what is known of contraries
   */
  constructor(
    tokens: readonly string[],
    isIdle: readonly boolean[],
    saysTrouble: boolean,
    antonyms: Antonyms,
  ) {
    this.contradicted = new Uint8Array(tokens.length);
    this.#words = phraseWords(tokens, isIdle);
    this.#saysTrouble = saysTrouble;
    this.#negated = this.#words.reduce(
      (bits, word, at) => bits | (Number(word.isNegated) << at),
      0,
    );
    for (const [place, { text }] of this.#words.entries()) {
      const negated = negatedBy(text);
      for (const lemma of lemmasOf(text)) {
        addBit(this.#same, lemma, place);
        for (const antonym of antonyms.of(lemma)) addBit(this.#contrary, antonym, place);
      }
      if (negated === undefined) continue;
      for (const lemma of lemmasOf(negated)) addBit(this.#contrary, lemma, place);
    }
  }

  /**
   * Whether a text with this word in it may contradict the phrase. A text without any such word does
   * not.
   */
  isSuspect(word: string): boolean {
    const relations = this.#known.get(word) ?? this.#relations(word);
    const { same, contrary } = relations;
    // Only what is the phrase's own word can be turned round by a negator, which is asked for itself.
    return relations === negating || contrary !== 0 || (same & this.#negated) !== 0;
  }

  /**
   * How the words begin that a text may contradict the phrase with: a word of several wordpieces is
   * suspect only where its first one begins one of these, or is begun by it.
   */
  suspectStems(): string[] {
    const stems = new Set<string>();
    const add = (lemma: string): void => {
      const stem = lemma.endsWith('ful') ? lemma.slice(0, -'ful'.length) : lemma.slice(0, -1);
      for (const start of [stem, ...irregularFormsOf(lemma)]) {
        for (const before of ['', 'un', 'non']) stems.add(before + start);
      }
    };
    for (const lemma of this.#contrary.keys()) add(lemma);
    for (const lemma of this.#same.keys()) add(lemma);
    return [...stems];
  }

  /**
   * Fills `contradicted`.
   * @param words - of a shape
   * @returns whether the text contradicts any word of the phrase
   */
  look(words: readonly string[]): boolean {
    let met = 0;
    let opposed = 0;
    let negator = -Infinity;
    for (let index = 0; index < words.length; index += 1) {
      const word = words[index]!;
      const relations = this.#known.get(word) ?? this.#relations(word);
      if (relations === unrelated) continue;
      if (relations === negating) {
        negator = index;
        continue;
      }
      const { same, contrary } = relations;
      // What negates on one side alone turns the meaning round.
      const turned = index - negator <= negatorReach ? ~this.#negated : this.#negated;
      met |= (same & ~turned) | (contrary & turned);
      opposed |= contrary & ~turned;
      if ((same & turned) !== 0 && !this.#isExcused(word, words)) opposed |= same & turned;
    }
    opposed &= ~met;
    if (opposed === 0) return false;
    this.contradicted.fill(0);
    for (const [place, { first, end }] of this.#words.entries()) {
      if ((opposed & (1 << place)) !== 0) this.contradicted.fill(1, first, end);
    }
    return true;
  }

  /**
   * One word alone names a topic, negated or not. And where phrase and text both speak of trouble,
   * they may well mean the same without negating the same word: "can't log in", "login failed".
   */
  #isExcused(word: string, words: readonly string[]): boolean {
    if (this.#words.length < 2) return true;
    return (
      this.#saysTrouble &&
      words.some((other) => other !== word && !ambiguous.has(other) && troubleOfWord(other) > 0)
    );
  }

  #relations(word: string): Relations {
    let same = 0;
    let contrary = 0;
    for (const lemma of lemmasOf(word)) {
      same |= this.#same.get(lemma) ?? 0;
      contrary |= this.#contrary.get(lemma) ?? 0;
    }
    const negated = negatedBy(word);
    if (negated !== undefined) {
      for (const lemma of lemmasOf(negated)) contrary |= this.#same.get(lemma) ?? 0;
    }
    contrary &= ~same;
    const isRelated = (same | contrary) !== 0;
    const relations = negators.has(word) ? negating : isRelated ? { same, contrary } : unrelated;
    if (this.#known.size >= knownWordsMax) this.#known.clear();
    this.#known.set(word, relations);
    return relations;
  }
}

function addBit(bits: Map<string, number>, lemma: string, place: number): void {
  bits.set(lemma, (bits.get(lemma) ?? 0) | (1 << place));
}

/** Words that look for something, put together from their wordpieces. */
function phraseWords(tokens: readonly string[], isIdle: readonly boolean[]): PhraseWord[] {
  const words: PhraseWord[] = [];
  let negator = -Infinity;
  let count = 0;
  for (let first = 0; first < tokens.length;) {
    let text = tokens[first]!;
    let end = first + 1;
    for (; tokens[end]?.startsWith('##') === true; end += 1) text += tokens[end]!.slice(2);
    if (negators.has(text)) negator = count;
    else if (isIdle[first] === false && words.length < phraseWordsMax) {
      words.push({ text, isNegated: count - negator <= negatorReach, first, end });
    }
    count += 1;
    first = end;
  }
  return words;
}
