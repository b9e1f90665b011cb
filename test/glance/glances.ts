/** Both ways of glancing, and what the formula says, side by side. */
import { expect } from 'vitest';
import type { DocumentFrequencies } from '../../src/glance/document-frequencies.ts';
import type { FoldedPhrase, GlancePhrase } from '../../src/glance/glance.ts';
import { LookedAt } from '../../src/glance/looked-at.ts';
import { keyOf, openPhrase, PlainGlance, type Shape, type World } from './plain-glance.ts';

export interface Glances {
  /** By single shapes, as they come. */
  readonly single: number[];
  /** By the tables of one moment. */
  readonly folded: number[];
}

/** What both ways of glancing say of a world's shapes, or of these, with what the window has in common. */
export function glances(world: World, shapes = world.shapes, phrase = openPhrase(world)): Glances {
  const folded = fold(phrase, world.frequencies);
  const means = folded.ways.map(({ mean }) => mean);
  const all = Uint16Array.from(shapes.flatMap(({ pieces }) => pieces));
  let start = 0;
  return {
    single: scores(world, means, shapes, phrase),
    folded: shapes.map((shape) => {
      const { length } = shape.pieces;
      start += length;
      return folded.score(all, start - length, length, shape.trouble, keyOf(shape));
    }),
  };
}

export function scores(
  { frequencies }: World,
  means: readonly number[],
  shapes: readonly Shape[],
  phrase: GlancePhrase,
): number[] {
  const looked = new LookedAt();
  return shapes.map((shape) => {
    look(looked, shape, frequencies);
    return phrase.score(looked, means);
  });
}

export function look(looked: LookedAt, shape: Shape, frequencies: DocumentFrequencies): void {
  const pieces = Uint16Array.from(shape.pieces);
  const { trouble } = shape;
  looked.look({ pieces, start: 0, count: pieces.length, trouble, key: keyOf(shape) }, frequencies);
}

export function fold(phrase: GlancePhrase, frequencies: DocumentFrequencies): FoldedPhrase {
  const steps = phrase.fold(frequencies);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

export function expected(world: World, shapes = world.shapes): number[] {
  const plain = new PlainGlance(world);
  const means = plain.means();
  return shapes.map((shape) => plain.score(shape, means));
}

export function expectClose(found: readonly number[], wanted: readonly number[]): void {
  expect(found).toHaveLength(wanted.length);
  for (const [i, score] of found.entries()) expect(score).toBeCloseTo(wanted[i]!, 5);
}

export function expectBoth({ single, folded }: Glances, wanted: readonly number[]): void {
  expectClose(single, wanted);
  expectClose(folded, wanted);
}
