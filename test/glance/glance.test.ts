import { describe, expect, it } from 'vitest';
import { DocumentFrequencies } from '../../src/glance/document-frequencies.ts';
import { FoldedPhrase, GlancePhrase, LookedAt } from '../../src/glance/glance.ts';
import type { PhraseTokens } from '../../src/glance/phrase-tokens.ts';
import { penaltyOf, type PhraseTrouble } from '../../src/glance/trouble.ts';
import { randomRows, wordTableOf } from '../helpers/word-tables.ts';
import { seeded } from '../scan/vectors.ts';

const dimensions = 8;
const pieceCount = 60;
const calm: PhraseTrouble = { trouble: 0, unasked: 0.05 };

/** A shape of a window: its wordpieces, and how plainly it speaks of trouble. */
interface Shape {
  readonly pieces: readonly number[];
  readonly trouble: number;
}

/** A table, the shapes of a window, and a phrase, all random. */
function makeWorld(seed: number, phrase: Partial<{ ids: number[]; idle: boolean[] }> = {}) {
  const random = seeded(seed);
  const below = (count: number): number => Math.floor(random() * count);
  const rows = randomRows(random, pieceCount, dimensions);
  const shapes: Shape[] = Array.from({ length: 40 }, () => ({
    // Few of them common, as in language; and some twice.
    pieces: Array.from({ length: 1 + below(12) }, () => Math.floor(random() ** 2 * pieceCount)),
    trouble: below(3) / 2,
  }));
  const ids = phrase.ids ?? Array.from({ length: 1 + below(5) }, () => below(pieceCount));
  const tokens: PhraseTokens = {
    count: ids.length,
    ids: Uint32Array.from(ids),
    codes: Int8Array.from({ length: ids.length * dimensions }, () => random() * 200 - 100),
    isIdle: phrase.idle ?? ids.map(() => random() < 0.3),
  };
  const trouble: PhraseTrouble = { trouble: below(3) / 2, unasked: random() < 0.5 ? 0.05 : 0.15 };
  const frequencies = new DocumentFrequencies();
  for (const { pieces } of shapes) frequencies.add(Uint16Array.from(pieces), 0, pieces.length);
  const table = wordTableOf(rows);
  return { rows, shapes, tokens, trouble, frequencies, table };
}

type World = ReturnType<typeof makeWorld>;

/** The glance as the formula has it, written anew and slowly. */
function expected(world: World, shape: Shape, shapes: readonly Shape[] = world.shapes): number {
  const { rows, tokens, trouble } = world;
  const { pieces } = shape;
  const penalty = penaltyOf(trouble, shape.trouble);
  const phrase = [...tokens.ids].map((id, i) => ({
    id,
    idle: tokens.isIdle[i]!,
    vector: [...tokens.codes.subarray(i * dimensions, (i + 1) * dimensions)].map((c) => c / 127),
  }));
  if (pieces.length === 0 || phrase.length === 0) return -penalty;
  const idf = (piece: number): number => {
    const df = shapes.filter((one) => one.pieces.includes(piece)).length;
    return Math.log(1 + (shapes.length + 20 - df + 0.5) / (df + 0.5));
  };
  const cosine = (vector: number[], piece: number): number =>
    vector.reduce((sum, value, i) => sum + value * rows[piece]![i]!, 0) /
    (Math.hypot(...rows[piece]!) || 1);
  let weights = phrase.map(({ id, idle }) => (idle ? 0 : idf(id) ** 2));
  if (weights.every((weight) => weight === 0)) weights = phrase.map(() => 1);
  const total = weights.reduce((sum, weight) => sum + weight);
  let score = 0;
  for (const [i, { id, vector }] of phrase.entries()) {
    const found = pieces.map(
      (piece) =>
        (0.8 + 0.2 * Math.min(1, idf(piece) / 4)) *
        (cosine(vector, piece) + (piece === id ? 0.1 : 0)),
    );
    const idfs = pieces.reduce((sum, piece) => sum + idf(piece), 0);
    const whole = pieces.reduce((sum, piece) => sum + idf(piece) * cosine(vector, piece), 0) / idfs;
    score += (weights[i]! / total) * (Math.max(...found) + whole);
  }
  return score - penalty;
}

function open({
  table,
  tokens,
  trouble,
}: Pick<World, 'table' | 'tokens' | 'trouble'>): GlancePhrase {
  return new GlancePhrase(table, tokens, trouble);
}

/** By single shapes, as they come. */
function scores(world: World, shapes: readonly Shape[] = world.shapes, phrase = open(world)) {
  const looked = new LookedAt();
  return shapes.map(({ pieces, trouble }) => {
    looked.look(Uint16Array.from(pieces), 0, pieces.length, trouble, world.frequencies);
    return phrase.score(looked);
  });
}

/** By the tables of one moment. */
function foldedScores(world: World, shapes: readonly Shape[] = world.shapes, phrase = open(world)) {
  const folded = fold(phrase, world);
  const all = Uint16Array.from(shapes.flatMap(({ pieces }) => pieces));
  let start = 0;
  return shapes.map(({ pieces, trouble }) => {
    const score = folded.score(all, start, pieces.length, trouble);
    start += pieces.length;
    return score;
  });
}

function fold(phrase: GlancePhrase, { frequencies }: Pick<World, 'frequencies'>): FoldedPhrase {
  const steps = phrase.fold(frequencies);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

function expectClose(found: readonly number[], wanted: readonly number[]): void {
  expect(found).toHaveLength(wanted.length);
  for (const [i, score] of found.entries()) expect(score).toBeCloseTo(wanted[i]!, 5);
}

describe('a glance', () => {
  it.each(Array.from({ length: 30 }, (_, i) => i))(
    'is what the formula says, one by one and folded, in random world %d',
    (seed) => {
      const world = makeWorld(seed);
      const wanted = world.shapes.map((shape) => expected(world, shape));
      expectClose(scores(world), wanted);
      expectClose(foldedScores(world), wanted);
      expect(Math.max(...wanted) - Math.min(...wanted)).toBeGreaterThan(0.05);
    },
  );

  it('moves with the frequencies: a phrase that was scored before knows the new ones', () => {
    const world = makeWorld(101);
    const phrase = open(world);
    scores(world, world.shapes, phrase);
    foldedScores(world, world.shapes, phrase);
    const shapes = [...world.shapes];
    for (let i = 0; i < 200; i += 1) {
      const shape = { pieces: [i % 7, 7 + (i % 3)], trouble: 0 };
      shapes.push(shape);
      world.frequencies.add(Uint16Array.from(shape.pieces), 0, 2);
    }
    const wanted = shapes.map((shape) => expected(world, shape, shapes));
    expectClose(scores(world, shapes, phrase), wanted);
    expectClose(foldedScores(world, shapes, phrase), wanted);
  });

  it('of a shape without wordpieces is nothing but the penalty', () => {
    const world = { ...makeWorld(1), trouble: { trouble: 1, unasked: 0.05 } };
    const shapes = [
      { pieces: [], trouble: 0 },
      { pieces: [], trouble: 1 },
    ];
    for (const [calmScore, troubled] of [scores(world, shapes), foldedScores(world, shapes)]) {
      expect(calmScore).toBeCloseTo(-0.15, 12);
      expect(troubled).toBeCloseTo(0, 12);
    }
  });

  it('for a phrase without tokens is nothing but the penalty', () => {
    const world = { ...makeWorld(2, { ids: [], idle: [] }), trouble: calm };
    const wanted = world.shapes.map(({ trouble }) => -0.05 * trouble);
    expectClose(scores(world), wanted);
    expectClose(foldedScores(world), wanted);
  });

  it('looks for all tokens alike where all are idle, and for none that is where others are not', () => {
    for (const idle of [
      [true, true, true],
      [true, false, true],
      [false, false, false],
    ]) {
      const world = makeWorld(3, { ids: [4, 9, 20], idle });
      const wanted = world.shapes.map((shape) => expected(world, shape));
      expectClose(scores(world), wanted);
      expectClose(foldedScores(world), wanted);
    }
    const world = makeWorld(3, { ids: [4, 9, 20], idle: [true, false, true] });
    const alone = { ...world, tokens: makeWorld(3, { ids: [9], idle: [false] }).tokens };
    alone.tokens.codes.set(world.tokens.codes.subarray(dimensions, 2 * dimensions));
    expectClose(scores(world), scores(alone));
  });

  it('gives a word that is found as it is .1 more than one like it, for the words alone', () => {
    // Two pieces of one direction, of which the phrase has the first; both as rare.
    const rows = [
      [7, 0],
      [7, 0],
    ];
    const tokens: PhraseTokens = {
      count: 1,
      ids: Uint32Array.of(0),
      codes: Int8Array.of(127, 0),
      isIdle: [false],
    };
    const frequencies = new DocumentFrequencies();
    frequencies.add(Uint16Array.of(0), 0, 1);
    frequencies.add(Uint16Array.of(1), 0, 1);
    const world = { ...makeWorld(4), table: wordTableOf(rows), tokens, frequencies, trouble: calm };
    const rarity = 0.8 + (0.2 * Math.log(1 + 21.5 / 1.5)) / 4;
    for (const [same, like] of [
      scores(world, [
        { pieces: [0], trouble: 0 },
        { pieces: [1], trouble: 0 },
      ]),
      foldedScores(world, [
        { pieces: [0], trouble: 0 },
        { pieces: [1], trouble: 0 },
      ]),
    ]) {
      expect(like).toBeCloseTo(rarity + 1, 5);
      expect(same! - like!).toBeCloseTo(rarity * 0.1, 5);
    }
  });

  it('counts a piece that a phrase has twice for both of its tokens', () => {
    const world = makeWorld(5, { ids: [11, 11, 3], idle: [false, false, false] });
    const wanted = world.shapes.map((shape) => expected(world, shape));
    expectClose(scores(world), wanted);
    expectClose(foldedScores(world), wanted);
  });

  it('finds no less in a shape that says a word once more', () => {
    const world = { ...makeWorld(6, { ids: [2], idle: [false] }), trouble: calm };
    const shape = { pieces: [2, 30, 41], trouble: 0 };
    const twice = { pieces: [2, 2, 30, 41], trouble: 0 };
    expectClose(scores(world, [shape, twice]), [expected(world, shape), expected(world, twice)]);
  });

  it('takes what a stretch says, wherever it lies', () => {
    const world = makeWorld(7);
    const folded = fold(open(world), world);
    const looked = new LookedAt();
    const padded = Uint16Array.of(1, 2, 3, 8, 9, 8, 4, 5);
    const shape = { pieces: [8, 9, 8], trouble: 0.5 };
    looked.look(padded, 3, 3, 0.5, world.frequencies);
    expect(open(world).score(looked)).toBeCloseTo(expected(world, shape), 5);
    for (const piece of shape.pieces) expect(world.frequencies.count(piece)).toBeGreaterThan(0);
    expect(folded.score(padded, 3, 3, 0.5)).toBeCloseTo(expected(world, shape), 5);
  });

  it('is the same whatever is scored while it folds (bug: the weights of another moment)', () => {
    const random = seeded(9);
    const many = 2_000; // So that folding takes several steps.
    const world = { ...makeWorld(8), table: wordTableOf(randomRows(random, many, dimensions)) };
    const tokens = {
      ...world.tokens,
      count: 2,
      ids: Uint32Array.of(3, 1_900),
      isIdle: [false, false],
    };
    const phrase = new GlancePhrase(world.table, tokens, calm);
    const shape = Uint16Array.of(3, 1_800, 1_900, 1_901);
    const now = new DocumentFrequencies();
    now.add(shape, 0, 4);
    for (let i = 0; i < 50; i += 1) now.add(Uint16Array.of(3), 0, 1);
    const later = new DocumentFrequencies();
    later.add(shape, 0, 4);
    for (let i = 0; i < 50; i += 1) later.add(Uint16Array.of(1_900), 0, 1);
    const undisturbed = fold(phrase, { frequencies: now }).score(shape, 0, 4, 0);
    const other = fold(phrase, { frequencies: later }).score(shape, 0, 4, 0);
    expect(Math.abs(other - undisturbed)).toBeGreaterThan(0.01);

    const looked = new LookedAt();
    looked.look(shape, 0, 4, 0, later);
    const [one, two] = [phrase.fold(now), phrase.fold(later)];
    for (;;) {
      const step = one.next();
      two.next();
      phrase.score(looked);
      if (step.done !== true) continue;
      expect(step.value.score(shape, 0, 4, 0)).toBe(undisturbed);
      break;
    }
  });
});
