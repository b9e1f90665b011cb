import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tokensPerRowMax } from '../../src/shared/limits.ts';
import { holds } from '../helpers/properties.ts';
import { expectBoth, expectClose, expected, glances, scores } from './glances.ts';
import { makeWorld, openPhrase, pieceCount, PlainGlance } from './plain-glance.ts';

/** Of any pieces, the first of which begins a word, and none at all. */
const shapes = fc.record({
  pieces: fc
    .tuple(
      fc.nat({ max: 39 }),
      fc.array(fc.nat({ max: pieceCount - 1 }), { maxLength: tokensPerRowMax - 1 }),
    )
    .map(([first, rest]) => [first, ...rest]),
  trouble: fc.constantFrom(0, 0.5, 1),
});
const empty = fc.record({ pieces: fc.constant([]), trouble: fc.constantFrom(0, 0.5, 1) });
const ids = fc.array(fc.nat({ max: pieceCount - 1 }), { minLength: 1, maxLength: 6 });

it('a glance is what the formula says, of any shapes, in worlds of any seed', () => {
  holds(
    fc.property(
      fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      fc.array(fc.oneof({ weight: 9, arbitrary: shapes }, { weight: 1, arbitrary: empty }), {
        minLength: 1,
        maxLength: 12,
      }),
      (seed, some) => {
        const world = makeWorld(seed);
        // What is folded is asked of shapes of the window alone, whose pieces it has all seen.
        const isSeen = (piece: number): boolean => world.frequencies.count(piece) > 0;
        const ofWindow = some.map(({ pieces, trouble }) => ({
          pieces: pieces.slice(0, pieces.findIndex((piece) => !isSeen(piece)) >>> 0),
          trouble,
        }));
        expectBoth(glances(world, ofWindow), expected(world, ofWindow));
        // One by one, any shape is looked at.
        const means = new PlainGlance(world).means();
        expectClose(scores(world, means, some, openPhrase(world)), expected(world, some));
      },
    ),
    60,
  );
});

it('a glance is what the formula says, for any phrase', () => {
  holds(
    fc.property(
      fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      fc.tuple(fc.nat({ max: 39 }), ids).map(([first, rest]) => [first, ...rest]),
      fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
      (seed, phrase, idle) => {
        const world = makeWorld(seed, { ids: phrase, idle: idle.slice(0, phrase.length) });
        const wanted = expected(world);
        expectBoth(glances(world), wanted);
        expect(wanted.every(Number.isFinite)).toBe(true);
      },
    ),
    60,
  );
});
