import { beforeAll, describe, expect, it } from 'vitest';
import { Engine, type Match } from '../../dist/index.js';
import { embeddedModelFolder } from '../../src/embed/manifest.ts';
import { loadModel } from '../../src/embed/model.ts';
import type { PhraseEmbedding } from '../../src/embed/phrase-embedding.ts';
import { TextEmbedder } from '../helpers/text-embedder.ts';

/** Each is its own key: nothing of them is masked, and each is an event of its own. */
const lines = [
  'database connection refused',
  'disk nearly full',
  'login accepted',
  'login rejected',
  'kernel panic',
  'payment provider timeout',
  'cache warmed',
  'unauthenticated websocket handshake dropped',
];

type Vector = ArrayLike<number>;

function product(one: Vector, other: Vector): number {
  return Array.from(one, (value, d) => value * other[d]!).reduce((sum, value) => sum + value, 0);
}

/** What the model says of a text, piece by piece. */
class Text {
  readonly vector: Vector;
  readonly pieces: readonly { readonly text: string; readonly vector: Vector }[];

  constructor({ vector, tokens, tokenVectors }: PhraseEmbedding) {
    this.vector = vector;
    const size = tokenVectors.length / tokens.length;
    this.pieces = tokens.map((text, i) => ({
      text,
      vector: tokenVectors.slice(i * size, (i + 1) * size),
    }));
  }

  /** Its words, each with its pieces. */
  get words(): { text: string; pieces: { text: string; vector: Vector }[] }[] {
    const words: { text: string; pieces: { text: string; vector: Vector }[] }[] = [];
    for (const piece of this.pieces) {
      if (!piece.text.startsWith('##')) words.push({ text: '', pieces: [] });
      const word = words.at(-1)!;
      word.text += piece.text.replace('##', '');
      word.pieces.push(piece);
    }
    return words;
  }
}

/** The formulas of the ranking, of whole vectors and in plain arrays. */
class Expected {
  readonly texts: readonly Text[];
  readonly #mean: readonly number[];

  constructor(texts: readonly Text[]) {
    this.texts = texts;
    const sums = Array.from(texts[0]!.vector, (_, d) =>
      texts.reduce((sum, { vector }) => sum + vector[d]!, 0),
    );
    this.#mean = sums.map((sum) => sum / (texts.length + 8));
  }

  idf(piece: string): number {
    const df = this.texts.filter(({ pieces }) => pieces.some(({ text }) => text === piece)).length;
    return Math.log(1 + (this.texts.length + 20 - df + 0.5) / (df + 0.5));
  }

  /** The cosine of both, seen from what all lines share. */
  whole(phrase: Text, line: Text): number {
    const [one, other] = [phrase, line].map(({ vector }) =>
      Array.from(vector, (value, d) => value - this.#mean[d]!),
    ) as [number[], number[]];
    return product(one, other) / Math.hypot(...one) / Math.hypot(...other);
  }

  words(phrase: Text, line: Text): { word: string; weight: number; met: string; found: number }[] {
    const total = phrase.pieces.reduce((sum, { text }) => sum + this.idf(text) ** 2, 0);
    return phrase.words.map(({ text, pieces }) => {
      const near = pieces.map((piece) => {
        const each = line.words.flatMap((word) =>
          word.pieces.map((other) => ({
            word: word.text,
            value:
              (0.8 + 0.2 * Math.min(1, this.idf(other.text) / 4)) *
              product(piece.vector, other.vector),
          })),
        );
        const best = each.reduce((one, other) => (other.value > one.value ? other : one));
        return { ...best, weight: this.idf(piece.text) ** 2 / total };
      });
      const weight = near.reduce((sum, one) => sum + one.weight, 0);
      const found = near.reduce((sum, one) => sum + one.weight * Math.min(0.7, one.value), 0);
      const strongest = near.reduce((one, other) =>
        other.weight * other.value > one.weight * one.value ? other : one,
      );
      return { word: text, weight, met: strongest.word, found: found / weight };
    });
  }
}

describe('why a line scores what it does', () => {
  let embedder: TextEmbedder;
  let expected: Expected;
  let engine: Engine;

  beforeAll(async () => {
    embedder = await TextEmbedder.create(await loadModel(embeddedModelFolder));
    const embeddings = await embedder.embedPhrases(lines);
    expected = new Expected(embeddings.map((embedding) => new Text(embedding)));
    engine = await Engine.open({ explain: true });
    await engine.ingestBatch(lines);
    return async () => {
      await engine.close();
    };
  }, 60_000);

  async function whysOf(phrase: string): Promise<Match[]> {
    return engine.search(phrase, lines.length, { explain: true });
  }

  it.each(['db failure', 'disk full', 'unreachable payments', 'deauthentication'])(
    'is what the formulas give for the model itself: %s',
    async (phrase) => {
      const [embedding] = await embedder.embedPhrases([phrase]);
      const asked = new Text(embedding!);
      const matches = await whysOf(phrase);
      expect(matches).toHaveLength(lines.length);
      const best = Math.max(...matches.map(({ why }) => why!.sum));
      for (const { text, score, why } of matches) {
        const line = expected.texts[lines.indexOf(text)]!;
        const words = expected.words(asked, line);
        expect(why!.words.map(({ word, met }) => ({ word, met }))).toEqual(
          words.map(({ word, met }) => ({ word, met })),
        );
        for (const [i, { weight, strength }] of why!.words.entries()) {
          expect(weight).toBeCloseTo(words[i]!.weight, 6);
          // Tokens are kept in 8 bits a number.
          expect(Math.abs(strength - Math.max(0, words[i]!.found) / 0.7)).toBeLessThan(0.03);
        }
        const coverage = words.reduce((sum, { weight, found }) => sum + weight * found, 0);
        expect(Math.abs(why!.coverage! - coverage)).toBeLessThan(0.02);
        expect(Math.abs(why!.whole - expected.whole(asked, line))).toBeLessThan(0.005);
        const sum = why!.coverage! + 0.6 * why!.whole - why!.troublePenalty!;
        expect(why!.sum).toBeCloseTo(sum, 9);
        expect(why!.yardstick).toBeCloseTo(best, 9);
        const odds = -5.5 + 8.8 * why!.sum + 3.4 * (why!.sum - best);
        expect(score).toBeCloseTo(1 / (1 + Math.exp(-odds)), 9);
      }
    },
  );

  it('says which word is contradicted, and by what', async () => {
    const matches = await whysOf('login accepted');
    const why = matches.find(({ text }) => text === 'login rejected')!.why!;
    expect(why.words).toMatchObject([
      { word: 'login', met: 'login' },
      { word: 'accepted', met: 'rejected', contradicted: true },
    ]);
    expect(why.words[0]).not.toHaveProperty('contradicted', true);
    expect(why.contradictionPenalty).toBe(0.2);
    const [login, accepted] = why.words;
    const coverage = login!.weight * login!.strength * 0.7 - accepted!.weight * 0.3;
    expect(why.coverage).toBeCloseTo(coverage, 9);
  });

  it('says who speaks of trouble, and what that costs', async () => {
    const matches = await whysOf('disk failing');
    const troubleOf = (text: string): unknown => {
      const { trouble, troublePenalty } = matches.find((match) => match.text === text)!.why!;
      return { trouble, troublePenalty };
    };
    expect(troubleOf('login rejected')).toMatchObject({ trouble: { phrase: 1, line: 1 } });
    expect(troubleOf('cache warmed')).toEqual({
      trouble: { phrase: 1, line: 0 },
      troublePenalty: 0.15,
    });
  });

  it('names the part that was met, of a phrase that names several things', async () => {
    const [best] = await engine.search('kernel panic or disk nearly full', 1, { explain: true });
    const { text, why } = best!;
    expect(why!.part).toBe(text);
    expect(why!.words.every(({ strength }) => strength > 0.99)).toBe(true);
    const [whole] = await engine.search('kernel panic', 1, { explain: true });
    expect(whole!.why).not.toHaveProperty('part', expect.anything());
  });

  it('is told only where it is asked for', async () => {
    const [plain] = await engine.search('db failure', 1);
    expect(plain).not.toHaveProperty('why');
  });

  it('goes with the score of each line that holds the literals of a phrase', async () => {
    const own = await Engine.open();
    await own.ingestBatch(['gateway answered 502', 'gateway answered 503', 'cache warmed']);
    const matches = await own.search('gateway 503', 10, { all: true, explain: true });
    await own.close();
    const [with503, with502] = ['503', '502'].map((code) =>
      matches.find(({ text }) => text.endsWith(code))!,
    );
    expect(with503!.why!.literals).toEqual(['503']);
    expect(with502!.why!.literals).toEqual([]);
    expect(with503!.score).toBeGreaterThan(with502!.score);
  });

  it('is the cosine alone where that ranks', async () => {
    const own = await Engine.open({ rank: 'cosine' });
    await own.ingestBatch(lines);
    const matches = await own.search('db failure', 3, { explain: true });
    await own.close();
    expect(matches).toHaveLength(3);
    for (const { score, why } of matches) {
      expect(why).toMatchObject({ words: [], sum: score });
      expect(why!.whole).toBeCloseTo(score, 6);
      expect(why!.coverage).toBeUndefined();
      expect(why!.yardstick).toBeUndefined();
    }
  });

  it('is told of each line that a watch prints', async () => {
    const own = await Engine.open({ explain: true });
    await own.addWatch('kernel panic', 0.5);
    const whys: unknown[] = [];
    own.onMatch(({ hits: [hit] }) => whys.push({ score: hit!.score, ...hit!.why }));
    await own.ingestBatch([...lines, ...lines, ...lines]);
    await own.drained();
    await own.close();
    expect(whys).toHaveLength(3);
    for (const why of whys) {
      expect(why).toMatchObject({
        minScore: 0.5,
        words: [
          { word: 'kernel', met: 'kernel' },
          { word: 'panic', met: 'panic' },
        ],
      });
    }
  });
});
