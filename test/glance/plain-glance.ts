/**
 * The glance by the book: worlds of random words and shapes, and what the formula in glance-way.ts
 * says of them, written anew and slowly. Words are of syllables, so that none is a form of another.
 */
import { Antonyms } from '../../src/glance/antonyms.ts';
import { DocumentFrequencies } from '../../src/glance/document-frequencies.ts';
import { GlancePhrase } from '../../src/glance/glance.ts';
import { GlanceWay } from '../../src/glance/glance-way.ts';
import { Opposites } from '../../src/glance/opposites.ts';
import type { PhraseTokens } from '../../src/glance/phrase-tokens.ts';
import { penaltyOf, type PhraseTrouble } from '../../src/glance/trouble.ts';
import type { WordTable } from '../../src/glance/word-table.ts';
import { tokensPerRowMax } from '../../src/shared/limits.ts';
import { randomRows, wordTableOf } from '../helpers/word-tables.ts';
import { seeded } from '../scan/vectors.ts';

export const dimensions = 8;
const functionWords = ['the', 'of', 'to', 'at'];
const negator = 'not';
/** These say that something is wrong; the second one does nothing else. */
const troubleWords = [negator, 'fail'];
/** From this one on pieces go on with a word. */
const firstLaterPiece = 40;
export const pieceCount = 60;

/** By wordpiece, its text. */
export const pieces: readonly string[] = Array.from({ length: pieceCount }, (_, id) => {
  const syllables = `${'bkmpt'[id % 5]!}${'aou'[id % 3]!}${'bkmpt'[(id + 2 * Math.floor(id / 15)) % 5]!}o`;
  if (id >= firstLaterPiece) return `##${syllables}`;
  return [...functionWords, ...troubleWords][firstLaterPiece - 1 - id] ?? syllables;
});

export function pieceOf(id: number): string {
  return pieces[id] ?? '';
}

/** A shape of a window. */
export interface Shape {
  readonly pieces: readonly number[];
  readonly trouble: number;
  /** Words that come when no more pieces are kept. */
  readonly rest?: readonly string[];
}

/** One thing that a phrase asks for. */
export interface PlainWay {
  readonly tokens: PhraseTokens;
  readonly trouble: PhraseTrouble;
}

export interface World {
  /** By wordpiece: its row of the table. */
  readonly rows: readonly (readonly number[])[];
  readonly table: WordTable;
  readonly shapes: readonly Shape[];
  readonly ways: readonly PlainWay[];
  /** Pairs of words that say the contrary of each other. */
  readonly contraries: readonly (readonly [string, string])[];
  /** Of the shapes. */
  readonly frequencies: DocumentFrequencies;
}

/** The words that pieces say. */
export function wordsOf(ids: Iterable<number>): string[] {
  return Array.from(ids, pieceOf).join(' ').replaceAll(' ##', '').split(' ').filter(Boolean);
}

export function keyOf({ pieces, rest = [] }: Shape): string {
  return [...wordsOf(pieces), ...rest].join(' ');
}

export interface Choices {
  /** Of a phrase of one way; random without it. */
  readonly ids: readonly number[];
  readonly idle: readonly boolean[];
}

/** All random: a table, the shapes of a window, a phrase of one to three ways, contraries. */
export function makeWorld(seed: number, choices?: Choices): World {
  const random = seeded(seed);
  const below = (count: number): number => Math.floor(random() * count);
  const pick = <T>(from: readonly T[]): T => from[below(from.length)]!;
  const rows = randomRows(random, pieceCount, dimensions);
  const proseShare = random() * 0.5;
  const piece = (isFirst: boolean): number => {
    if (random() < proseShare) return firstLaterPiece - 1 - below(functionWords.length);
    // Few of them common, as in language; and some twice.
    return Math.floor(random() ** 2 * (isFirst ? firstLaterPiece : pieceCount));
  };
  const some = (count: number): number[] => Array.from({ length: count }, (_, i) => piece(i === 0));
  const shapes = Array.from({ length: 40 }, (_, i) => ({
    pieces: some(i % 10 === 9 ? tokensPerRowMax : 1 + below(12)),
    trouble: below(3) / 2,
    rest: i % 10 === 9 ? wordsOf(some(3)) : [],
  }));
  const makeWay = (ids = some(1 + below(5))): PlainWay => ({
    tokens: {
      count: ids.length,
      ids: Uint32Array.from(ids),
      codes: Int8Array.from({ length: ids.length * dimensions }, () => random() * 140 - 70),
      isIdle: choices?.idle ?? ids.map(() => random() < 0.3),
    },
    trouble: { trouble: below(3) / 2, isWell: random() < 0.5 },
  });
  const ways =
    choices === undefined
      ? Array.from({ length: 1 + below(3) }, () => makeWay())
      : [makeWay([...choices.ids])];
  const contraries = ways
    .flatMap(({ tokens }) => wordsOf(tokens.ids))
    .map((word) => [word, pick(keyOf(pick(shapes)).split(' '))] as const)
    .filter((pair) => !pair.includes(negator) && pair[0] !== pair[1]);
  const table = wordTableOf(rows);
  return { rows, table, shapes, ways, contraries, frequencies: frequenciesOf(shapes) };
}

export function frequenciesOf(shapes: readonly Shape[]): DocumentFrequencies {
  const frequencies = new DocumentFrequencies({ pieceOf });
  for (const { pieces } of shapes) frequencies.add(Uint16Array.from(pieces), 0, pieces.length);
  return frequencies;
}

/** What is tested, of a world's phrase. */
export function openPhrase({ table, ways, contraries }: World): GlancePhrase {
  const antonyms = new Antonyms(contraries.map((pair) => pair.join(' ')).join('\n'));
  return new GlancePhrase(
    ways.map(({ tokens, trouble }) => {
      const texts = Array.from(tokens.ids, pieceOf);
      const opposites = new Opposites(texts, tokens.isIdle, trouble.trouble > 0, antonyms);
      return new GlanceWay(table, { tokens, trouble, opposites }, pieceOf);
    }),
  );
}

/** By the book. */
export class PlainGlance {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** s, of the best way. @param means - μ, by way */
  score(shape: Shape, means: readonly number[]): number {
    const { ways } = this.#world;
    return Math.max(...ways.map((way, i) => this.#wayScore(way, shape, means[i]!)));
  }

  /** By way, what B is of all words of the window at once: of each shape its different pieces. */
  means(): number[] {
    const all = this.#world.shapes.flatMap(({ pieces }) => [...new Set(pieces)]);
    return this.#world.ways.map((way) => this.whole(way, all));
  }

  /** B: how near pieces are to the phrase's tokens, the rarer the more it counts. */
  whole({ tokens }: PlainWay, ids: readonly number[]): number {
    const weights = this.#weights(tokens);
    const idfs = ids.map((piece) => this.#idf(piece));
    const sums = ids.map(
      (piece, j) => idfs[j]! * sum(weights.map((w, i) => w * this.#cosine(tokens, i, piece))),
    );
    return ids.length === 0 || weights.length === 0 ? 0 : sum(sums) / sum(idfs);
  }

  /** By word of the phrase, whether the shape says the contrary of it and nowhere what it says. */
  contradicted({ tokens, trouble }: PlainWay, shape: Shape): boolean[] {
    const line = withNegation(keyOf(shape).split(' '));
    const asked = askedWords(tokens);
    const isExcused = (word: string): boolean =>
      asked.length < 2 ||
      (trouble.trouble > 0 &&
        line.some(({ text }) => text !== word && troubleWords.includes(text)));
    return asked.map(({ text, isNegated }) => {
      const says = (one: (typeof line)[number]): 'it' | 'the contrary' | 'nothing' => {
        const isTurned = isNegated !== one.isNegated;
        if (one.text === text) {
          return isTurned ? (isExcused(text) ? 'nothing' : 'the contrary') : 'it';
        }
        return this.#areContrary(one.text, text) ? (isTurned ? 'it' : 'the contrary') : 'nothing';
      };
      const said = line.filter((one) => one.text !== negator).map(says);
      return said.includes('the contrary') && !said.includes('it');
    });
  }

  /** 0 for logs to 1 for prose. */
  get prose(): number {
    const words = this.#world.shapes.flatMap(({ pieces }) =>
      [...new Set(pieces)].map(pieceOf).filter((text) => !text.startsWith('##')),
    );
    const ofThem = words.filter((word) => functionWords.includes(word));
    const share = (0.08 * 240 + ofThem.length) / (240 + words.length);
    return Math.min(1, Math.max(0, (share - 0.1) / (0.22 - 0.1)));
  }

  #wayScore(way: PlainWay, shape: Shape, mean: number): number {
    const { tokens, trouble } = way;
    const penalty = penaltyOf(trouble, shape.trouble, this.prose);
    if (shape.pieces.length === 0 || tokens.count === 0) return -penalty;
    const contradicted = this.contradicted(way, shape);
    const spoilt = new Set(
      askedWords(tokens).flatMap(({ places }, i) => (contradicted[i]! ? places : [])),
    );
    const found = this.#weights(tokens).map(
      (weight, i) => weight * (spoilt.has(i) ? -0.3 : Math.min(0.7, this.found(way, i, shape))),
    );
    const whole = this.whole(way, shape.pieces);
    return sum(found) + 1.4 * (whole - mean) - penalty - (spoilt.size > 0 ? 0.2 : 0);
  }

  /** How well the shape has the token, however well that is. */
  found({ tokens }: PlainWay, i: number, { pieces }: Shape): number {
    const each = pieces.map((piece) => {
      const rarity = 0.8 + 0.2 * Math.min(1, this.#idf(piece) / 4);
      return rarity * (this.#cosine(tokens, i, piece) + (tokens.ids[i] === piece ? 0.1 : 0));
    });
    return Math.max(...each);
  }

  #areContrary(one: string, other: string): boolean {
    return this.#world.contraries.some((pair) => pair.includes(one) && pair.includes(other));
  }

  #idf(piece: number): number {
    const { shapes } = this.#world;
    const df = shapes.filter((one) => one.pieces.includes(piece)).length;
    return Math.log(1 + (shapes.length + 20 - df + 0.5) / (df + 0.5));
  }

  #weights({ ids, isIdle }: PhraseTokens): number[] {
    let weights = Array.from(ids, (id, i) => (isIdle[i]! ? 0 : this.#idf(id) ** 2));
    if (weights.every((weight) => weight === 0)) weights = weights.map(() => 1);
    return weights.map((weight) => weight / sum(weights));
  }

  #cosine({ codes }: PhraseTokens, i: number, piece: number): number {
    const row = this.#world.rows[piece]!;
    const product = sum(row.map((code, d) => code * (codes[i * dimensions + d]! / 127)));
    return product / (Math.hypot(...row) || 1);
  }
}

interface NegatedWord {
  readonly text: string;
  /** A negator is among the three words before it. */
  readonly isNegated: boolean;
}

function withNegation(words: readonly string[]): NegatedWord[] {
  return words.map((text, at) => ({
    text,
    isNegated: words.slice(Math.max(0, at - 3), at).includes(negator),
  }));
}

/** Words of a phrase that look for something, each with the places of its tokens. */
function askedWords({
  ids,
  isIdle,
}: PhraseTokens): (NegatedWord & { readonly places: readonly number[] })[] {
  const places: number[][] = [];
  for (const [i, id] of ids.entries()) {
    if (pieceOf(id).startsWith('##')) places.at(-1)!.push(i);
    else places.push([i]);
  }
  return withNegation(wordsOf(ids))
    .map((word, at) => ({ ...word, places: places[at]! }))
    .filter(({ text, places: [first] }) => text !== negator && !isIdle[first!]!);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
