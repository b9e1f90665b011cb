import { describe, expect, it } from 'vitest';
import type { FoldedPhrase } from '../../src/glance/glance.ts';
import { LookedAt } from '../../src/glance/looked-at.ts';
import type { PhraseTokens } from '../../src/glance/phrase-tokens.ts';
import type { PhraseTrouble } from '../../src/glance/trouble.ts';
import { expectBoth, expectClose, expected, fold, glances, look, scores } from './glances.ts';
import { randomRows, wordTableOf } from '../helpers/word-tables.ts';
import { seeded } from '../scan/vectors.ts';
import {
  dimensions,
  frequenciesOf,
  keyOf,
  makeWorld,
  openPhrase,
  PlainGlance,
  type Shape,
  type World,
} from './plain-glance.ts';

const calm: PhraseTrouble = { trouble: 0, isWell: false };
const seeds = Array.from({ length: 30 }, (_, i) => i);

/** The same world, its phrase with this mind about trouble. */
function withTrouble(world: World, trouble: PhraseTrouble): World {
  return { ...world, ways: world.ways.map((way) => ({ ...way, trouble })) };
}

describe('a glance', () => {
  it.each(seeds)('is what the formula says, one by one and folded, in random world %d', (seed) => {
    const world = makeWorld(seed);
    const wanted = expected(world);
    expectBoth(glances(world), wanted);
    expect(Math.max(...wanted) - Math.min(...wanted)).toBeGreaterThan(0.05);
  });

  it('is looked at in worlds with all that the formula has', () => {
    const worlds = seeds.map((seed) => makeWorld(seed));
    const all = worlds.flatMap((world) => {
      const plain = new PlainGlance(world);
      return world.ways.flatMap((way) =>
        world.shapes.map((shape) => ({
          isContradicted: plain.contradicted(way, shape).includes(true),
          // A long key goes on where its pieces end.
          isLong: (shape.rest ?? []).length > 0,
          isMet: way.tokens.isIdle.some((_, i) => plain.found(way, i, shape) > 0.7),
        })),
      );
    });
    const contradicted = all.filter(({ isContradicted }) => isContradicted);
    expect(contradicted.length).toBeGreaterThan(all.length / 30);
    expect(contradicted.some(({ isLong }) => isLong)).toBe(true);
    expect(all.filter(({ isMet }) => isMet).length).toBeGreaterThan(all.length / 30);
    const degrees = worlds.map((world) => new PlainGlance(world).prose);
    expect(degrees.filter((degree) => degree > 0 && degree < 1).length).toBeGreaterThan(5);
    expect(worlds.filter(({ ways }) => ways.length > 1).length).toBeGreaterThan(10);
  });

  it.each([1, 2, 3])('is beyond whatever mean is given, each way its own, in world %d', (seed) => {
    const world = makeWorld(seed);
    const plain = new PlainGlance(world);
    for (const means of [
      [0, 0, 0],
      [0.3, -0.2, 0.05],
      [-2, 0.5, 0.5],
    ]) {
      const wanted = world.shapes.map((shape) => plain.score(shape, means));
      expectClose(scores(world, means, world.shapes, openPhrase(world)), wanted);
    }
  });

  it.each([1, 2, 3])('tells what each way was of as a whole, in world %d', (seed) => {
    const world = makeWorld(seed);
    const plain = new PlainGlance(world);
    const phrase = openPhrase(world);
    const looked = new LookedAt();
    const means = world.ways.map((_, i) => 0.1 * i);
    for (const shape of [...world.shapes, { pieces: [], trouble: 0 }]) {
      look(looked, shape, world.frequencies);
      phrase.score(looked, means);
      const wholes = world.ways.map((way, i) =>
        // A shape without words teaches nothing: as if it were like the others.
        shape.pieces.length === 0 ? means[i]! : plain.whole(way, shape.pieces),
      );
      expectClose(
        phrase.ways.map(({ whole }) => whole),
        wholes,
      );
    }
  });

  it('folds the mean of all words in the window, and of an empty one nothing', () => {
    for (const seed of [1, 2, 3]) {
      const world = makeWorld(seed);
      const folded = fold(openPhrase(world), world.frequencies);
      expectClose(
        folded.ways.map(({ mean }) => mean),
        new PlainGlance(world).means(),
      );
      const empty = fold(openPhrase(world), frequenciesOf([]));
      expect(empty.ways.map(({ mean }) => mean)).toEqual(world.ways.map(() => 0));
    }
  });

  it('moves with the frequencies: a phrase that was scored before knows the new ones', () => {
    const world = makeWorld(101);
    const phrase = openPhrase(world);
    glances(world, world.shapes, phrase);
    const shapes = [...world.shapes];
    for (let i = 0; i < 200; i += 1) {
      const shape = { pieces: [i % 7, 7 + (i % 3)], trouble: 0 };
      shapes.push(shape);
      world.frequencies.add(Uint16Array.from(shape.pieces), 0, 2);
    }
    const later = { ...world, shapes };
    expectBoth(glances(later, shapes, phrase), expected(later));
  });

  it('of a shape without wordpieces is nothing but the penalty', () => {
    const world = withTrouble(makeWorld(1), { trouble: 1, isWell: false });
    const { frequencies } = makeWorld(1);
    expect(frequencies.proseDegree).toBe(new PlainGlance(world).prose);
    const shapes = [
      { pieces: [], trouble: 0 },
      { pieces: [], trouble: 1 },
    ];
    const { single, folded } = glances(world, shapes);
    for (const [calmScore, troubled] of [single, folded]) {
      expect(calmScore).toBeCloseTo(-0.15 * (1 - 0.5 * frequencies.proseDegree), 12);
      expect(troubled).toBeCloseTo(0, 12);
    }
  });

  it('for a phrase without tokens is nothing but the penalty', () => {
    const world = withTrouble(makeWorld(2, { ids: [], idle: [] }), calm);
    const degree = world.frequencies.proseDegree;
    const wanted = world.shapes.map(({ trouble }) => -0.03 * (1 - 0.5 * degree) * trouble);
    expectBoth(glances(world), wanted);
  });

  it('looks for all tokens alike where all are idle, and for none that is where others are not', () => {
    for (const idle of [
      [true, true, true],
      [true, false, true],
      [false, false, false],
    ]) {
      const world = makeWorld(3, { ids: [4, 9, 20], idle });
      expectBoth(glances(world), expected(world));
    }
    const world = makeWorld(3, { ids: [4, 9, 20], idle: [true, false, true] });
    const [{ tokens, trouble }] = world.ways as [World['ways'][0]];
    const codes = tokens.codes.slice(dimensions, 2 * dimensions);
    const one = { count: 1, ids: Uint32Array.of(9), codes, isIdle: [false] };
    const alone = { ...world, ways: [{ tokens: one, trouble }] };
    expectClose(glances(world).single, glances(alone).single);
  });

  it('gives a word that is found as it is .1 more than one like it, for the words alone', () => {
    // Two pieces of one direction, of which the phrase has the first; both as rare. As far away as
    // they are from the phrase, no more than .7 of it is met.
    const rows = [
      [7, 7],
      [7, 7],
    ];
    const tokens: PhraseTokens = {
      count: 1,
      ids: Uint32Array.of(0),
      codes: Int8Array.of(80, 0),
      isIdle: [false],
    };
    const shapes = [0, 1].map((piece) => ({ pieces: [piece], trouble: 0 }));
    const world: World = {
      rows,
      table: wordTableOf(rows),
      shapes,
      ways: [{ tokens, trouble: calm }],
      contraries: [],
      frequencies: frequenciesOf(shapes),
    };
    const rarity = 0.8 + (0.2 * Math.log(1 + 21.5 / 1.5)) / 4;
    const cosine = 80 / 127 / Math.SQRT2;
    const { single, folded } = glances(world);
    for (const [same, like] of [single, folded]) {
      // What both speak of as a whole, all shapes have in common.
      expect(like).toBeCloseTo(rarity * cosine, 5);
      expect(same! - like!).toBeCloseTo(rarity * 0.1, 5);
    }
    tokens.codes.fill(90);
    const near = glances(world);
    for (const [same, like] of [near.single, near.folded]) {
      expect(same).toBeCloseTo(0.7, 5); // The very same word says no more than one that means it.
      expect(like).toBeCloseTo(0.7, 5);
    }
  });

  it('counts a piece that a phrase has twice for both of its tokens', () => {
    const world = makeWorld(5, { ids: [11, 11, 3], idle: [false, false, false] });
    expectBoth(glances(world), expected(world));
  });

  it('finds no less in a shape that says a word once more', () => {
    const world = withTrouble(makeWorld(6, { ids: [2], idle: [false] }), calm);
    const shapes = [
      { pieces: [2, 30, 41], trouble: 0 },
      { pieces: [2, 2, 30, 41], trouble: 0 },
    ];
    expectBoth(glances(world, shapes), expected(world, shapes));
  });

  it('takes what a stretch says, wherever it lies', () => {
    const world = makeWorld(7);
    const phrase = openPhrase(world);
    const folded = fold(phrase, world.frequencies);
    const looked = new LookedAt();
    const padded = Uint16Array.of(1, 2, 3, 8, 9, 8, 4, 5);
    const shape = { pieces: [8, 9, 8], trouble: 0.5 };
    const stretch = { pieces: padded, start: 3, count: 3, trouble: 0.5, key: keyOf(shape) };
    looked.look(stretch, world.frequencies);
    const means = folded.ways.map(({ mean }) => mean);
    const [wanted] = expected(world, [shape]);
    expect(phrase.score(looked, means)).toBeCloseTo(wanted!, 5);
    for (const piece of shape.pieces) expect(world.frequencies.count(piece)).toBeGreaterThan(0);
    expect(folded.score(padded, 3, 3, 0.5, stretch.key)).toBeCloseTo(wanted!, 5);
  });

  it('is the same whatever is scored while it folds (bug: the weights of another moment)', () => {
    const many = 2_000; // So that folding takes several steps.
    const tokens: PhraseTokens = {
      count: 2,
      ids: Uint32Array.of(3, 1_900),
      codes: makeWorld(8, { ids: [3, 9], idle: [] }).ways[0]!.tokens.codes,
      isIdle: [false, false],
    };
    const shape: Shape = { pieces: [3, 1_800, 1_900, 1_901], trouble: 0 };
    const pieces = Uint16Array.from(shape.pieces);
    const fifty = (piece: number): Shape[] =>
      Array.from({ length: 50 }, () => ({ pieces: [piece], trouble: 0 }));
    const now = frequenciesOf([shape, ...fifty(3)]);
    const later = frequenciesOf([shape, ...fifty(1_900)]);
    const phrase = openPhrase({
      ...makeWorld(8),
      table: wordTableOf(randomRows(seeded(9), many, dimensions)),
      ways: [{ tokens, trouble: calm }],
    });
    const scoreOf = (folded: FoldedPhrase): number => folded.score(pieces, 0, 4, 0, '');
    const undisturbed = scoreOf(fold(phrase, now));
    expect(Math.abs(scoreOf(fold(phrase, later)) - undisturbed)).toBeGreaterThan(0.01);

    const looked = new LookedAt();
    look(looked, shape, later);
    const [one, two] = [phrase.fold(now), phrase.fold(later)];
    for (;;) {
      const step = one.next();
      two.next();
      phrase.score(looked, [0]);
      if (step.done !== true) continue;
      expect(scoreOf(step.value)).toBe(undisturbed);
      break;
    }
  });
});
