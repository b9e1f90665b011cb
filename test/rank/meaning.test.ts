import { describe, expect, it } from 'vitest';
import type { PhraseEmbedding } from '../../src/embed/phrase-embedding.ts';
import { Antonyms } from '../../src/glance/antonyms.ts';
import type { Frequencies } from '../../src/glance/document-frequencies.ts';
import { penaltyOf, troubleOfPhrase, troubleOfShape } from '../../src/glance/trouble.ts';
import { noMean, type Mean } from '../../src/rank/background.ts';
import { MeaningRanking } from '../../src/rank/meaning.ts';
import type { PhraseRanking, Stream } from '../../src/rank/ranking.ts';
import { TokenStore } from '../../src/ring/token-store.ts';
import { VectorRing } from '../../src/ring/vector-ring.ts';
import { randomRows, wordTableOf } from '../helpers/word-tables.ts';
import { seeded } from '../scan/vectors.ts';

const dimensions = 8;
const vocabulary =
  'login accepted rejected not disk full out of memory timeout pool node healthy unhealthy the'.split(
    ' ',
  );

/** A ranking over one row, and a model of which the test knows what it says of each word. */
class Bench {
  readonly ranking: MeaningRanking;
  readonly #random = seeded(17);
  readonly #words = new Map(vocabulary.map((word) => [word, this.#unit()]));
  readonly #ring = VectorRing.create({ rowCount: 1, dimensions });
  readonly #tokens = TokenStore.create({ rowCount: 1, tokenDimensions: dimensions });

  constructor() {
    this.ranking = new MeaningRanking(this.#ring, this.#tokens, {
      table: wordTableOf(randomRows(this.#random, vocabulary.length, dimensions)),
      antonyms: new Antonyms('accepted rejected'),
      pieceOf: (id) => vocabulary[id] ?? '',
    });
  }

  open(phrase: string): PhraseRanking {
    const texts = this.ranking.textsOf(phrase);
    return this.ranking.open(
      phrase,
      texts.map((text) => this.embed(text)),
    );
  }

  /** T of a shape, which is read first. */
  raw(phrase: string, key: string, stream: Stream, trouble = troubleOfShape(key)): number {
    const { vector, tokenVectors, tokenIds } = this.embed(key);
    this.#ring.write(0, vector, 0);
    this.#tokens.write(0, tokenVectors, 0, tokenIds);
    return this.open(phrase).raw(0, { key, trouble }, stream);
  }

  embed(text: string): PhraseEmbedding {
    const tokens = text.split(' ');
    const vectors = tokens.map((word) => this.#words.get(word)!);
    const whole = vectors[0]!.map((_, d) => sum(vectors.map((vector) => vector[d]!)));
    return {
      vector: Float32Array.from(whole, (value) => value / Math.hypot(...whole)),
      tokens,
      tokenIds: Uint32Array.from(tokens, (word) => vocabulary.indexOf(word)),
      tokenVectors: Float32Array.from(vectors.flat()),
    };
  }

  /** Of one direction mostly, as words of one stream are. */
  #unit(): number[] {
    const vector = Array.from(
      { length: dimensions },
      (_, d) => this.#random() - 0.5 + Number(d < 1),
    );
    return vector.map((value) => value / Math.hypot(...vector));
  }
}

const mean: Mean = {
  vector: Float64Array.of(0.5, 0.1, -0.2, 0, 0.1, 0, 0, 0.05),
  square: 0.5 ** 2 + 0.1 ** 2 + 0.2 ** 2 + 0.1 ** 2 + 0.05 ** 2,
  version: 1,
};

/** Of 40 shapes: how many hold each word. */
function frequenciesOf(counts: Readonly<Record<string, number>>, proseDegree = 0): Frequencies {
  const count = (id: number): number => counts[vocabulary[id]!] ?? 0;
  return { shapeCount: 40, proseDegree, count };
}

const usual = frequenciesOf({ login: 12, disk: 5, full: 2, of: 30, the: 25, accepted: 9 });
const stream: Stream = { frequencies: usual, background: mean };

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function product(one: ArrayLike<number>, other: ArrayLike<number>): number {
  return sum(Array.from(one, (value, d) => value * other[d]!));
}

/** T as its formula has it, of one way. @param spoilt - words of the phrase that are contradicted */
function expected(
  bench: Bench,
  [phrase, key]: readonly [string, string],
  spoilt: readonly string[] = [],
  { frequencies, background }: Stream = stream,
): number {
  const idf = (word: string): number => {
    const df = frequencies.count(vocabulary.indexOf(word));
    return Math.log(1 + (frequencies.shapeCount + 20 - df + 0.5) / (df + 0.5));
  };
  const asked = phrase.split(' ');
  const squares = asked.map((word) => (['of', 'the'].includes(word) ? 0 : idf(word) ** 2));
  const vectorOf = (text: string): number[] => Array.from(bench.embed(text).vector);
  const found = asked.map((word) => {
    if (spoilt.includes(word)) return -0.3;
    const each = key.split(' ').map((other) => {
      const rarity = 0.8 + 0.2 * Math.min(1, idf(other) / 4);
      return rarity * product(vectorOf(word), vectorOf(other));
    });
    return Math.min(0.7, Math.max(...each));
  });
  const coverage = sum(found.map((value, i) => (value * squares[i]!) / sum(squares)));
  const [one, other] = [phrase, key].map((text) =>
    vectorOf(text).map((value, d) => value - (background.vector[d] ?? 0)),
  ) as [number[], number[]];
  const cosine = product(one, other) / Math.hypot(...one) / Math.hypot(...other);
  const penalty = penaltyOf(troubleOfPhrase(phrase), troubleOfShape(key), frequencies.proseDegree);
  return coverage + 0.6 * cosine - penalty - (spoilt.length > 0 ? 0.2 : 0);
}

describe('how well a reading answers a phrase', () => {
  const bench = new Bench();

  it.each([
    ['login of the pool', 'login accepted'],
    ['disk full', 'the disk of node full'],
    ['node healthy', 'pool timeout'],
    ['memory', 'out of memory'],
  ])('is its words found, and what both say beyond the stream: %s, %s', (phrase, key) => {
    for (const background of [noMean, mean]) {
      const now = { frequencies: usual, background };
      const wanted = expected(bench, [phrase, key], [], now);
      // Tokens are kept in 8 bits a number.
      expect(bench.raw(phrase, key, now)).toBeCloseTo(wanted, 2);
    }
  });

  it.each([
    ['login accepted', 'login rejected', ['accepted']],
    ['login rejected', 'the login accepted', ['rejected']],
    ['node healthy', 'node unhealthy', ['healthy']],
    ['login accepted', 'login not accepted', ['accepted']],
  ])('counts a word for −.3 that is contradicted, and takes .2: %s, %s', (phrase, key, spoilt) => {
    const wanted = expected(bench, [phrase, key], spoilt);
    expect(bench.raw(phrase, key, stream)).toBeCloseTo(wanted, 2);
    expect(wanted).toBeLessThan(expected(bench, [phrase, key]) - 0.2);
  });

  it('takes nothing where two contraries cancel out', () => {
    const wanted = expected(bench, ['login rejected', 'login not accepted']);
    expect(bench.raw('login rejected', 'login not accepted', stream)).toBeCloseTo(wanted, 2);
  });

  it('takes what trouble costs that only one speaks of, in prose half of it', () => {
    const calm = bench.raw('login', 'disk', stream);
    expect(bench.raw('login', 'disk', stream, 1)).toBeCloseTo(calm - 0.03, 12);
    const prose = { ...stream, frequencies: { ...usual, proseDegree: 1 } };
    expect(bench.raw('login', 'disk', prose, 1)).toBeCloseTo(calm - 0.015, 12);
  });

  it('needs the phrase read, then each thing that it names', () => {
    const texts = [
      'disk full node healthy or login accepted',
      'disk full',
      'node healthy',
      'login accepted',
    ];
    expect(bench.ranking.textsOf('disk full, node healthy or login accepted')).toEqual(texts);
    expect(bench.ranking.textsOf('Disk-full!')).toEqual(['disk full']);
    expect(bench.ranking.textsOf("DiskFull at 99% (isn't)")).toEqual(['disk full at 99 is not']);
  });

  it('is that of the part that a shape answers best, or of all together', () => {
    for (const key of ['disk full', 'memory full of the disk', 'login rejected', 'pool timeout']) {
      const parts = ['disk full', 'login accepted'].map((part) => bench.raw(part, key, stream));
      const whole = expected(
        bench,
        ['disk full login accepted', key],
        key.includes('rejected') ? ['accepted'] : [],
      );
      const wanted = Math.max(...parts, whole);
      expect(bench.raw('disk full, login accepted', key, stream)).toBeCloseTo(wanted, 2);
    }
  });

  it('follows the mean as it moves', () => {
    const phrase = bench.open('disk full');
    const said = { key: 'login accepted', trouble: 0 }; // It speaks of none.
    bench.raw('disk full', said.key, stream);
    const moved = {
      ...mean,
      vector: mean.vector.map((value) => value / 2),
      square: mean.square / 4,
    };
    for (const background of [mean, moved, { ...moved, version: 2 }, noMean, mean]) {
      const now = { frequencies: usual, background };
      const wanted = expected(bench, ['disk full', said.key], [], now);
      expect(phrase.raw(0, said, now)).toBeCloseTo(wanted, 2);
    }
    const growing = { ...mean, vector: mean.vector.slice() };
    phrase.raw(0, said, { frequencies: usual, background: growing });
    growing.vector.fill(0);
    growing.square = 0;
    growing.version += 1;
    const wanted = expected(bench, ['disk full', said.key], [], {
      frequencies: usual,
      background: noMean,
    });
    expect(phrase.raw(0, said, { frequencies: usual, background: growing })).toBeCloseTo(wanted, 2);
  });
});

describe('the chance that a line answers', () => {
  const phrase = new Bench().open('disk full');

  it('is that of T and of how far it lies below the best, in prose below what is always the same', () => {
    const chance = (logit: number): number => 1 / (1 + Math.exp(-logit));
    expect(phrase.score(0.6, 0.9, 0)).toBeCloseTo(chance(-5.5 + 8.8 * 0.6 + 3.4 * (0.6 - 0.9)), 12);
    expect(phrase.score(0.6, 0.9, 1)).toBeCloseTo(
      chance(-5.5 + 8.8 * 0.6 + 3.4 * (0.6 - 0.74)),
      12,
    );
    expect(phrase.score(0.6, 0.2, 1)).toBe(phrase.score(0.6, 0.9, 1));
    expect(phrase.score(0.6, 0.9, 0.5)).toBeCloseTo(
      chance(-5.5 + 8.8 * 0.6 + 3.4 * (0.6 - 0.82)),
      12,
    );
  });

  it('tells what T a chance needs', () => {
    for (const prose of [0, 0.3, 1]) {
      for (const best of [0.4, 0.8, 1.2]) {
        for (const chance of [0.01, 0.5, 0.9]) {
          expect(phrase.score(phrase.rawOf(chance, best, prose), best, prose)).toBeCloseTo(
            chance,
            9,
          );
        }
        expect(phrase.rawOf(0, best, prose)).toBe(-Infinity);
        expect(phrase.rawOf(1, best, prose)).toBe(Infinity);
      }
    }
  });
});
