import fc from 'fast-check';
import { expect, it } from 'vitest';
import { WordCache } from '../../src/glance/word-cache.ts';
import { hashStep } from '../../src/shared/fnv.ts';
import { tokensPerRowMax } from '../../src/shared/limits.ts';
import { holds } from '../helpers/properties.ts';

interface Known {
  readonly ids: readonly number[];
  readonly trouble: number;
}

/** Few letters, so that words are beginnings of each other; some of other scripts, some too long. */
const words = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 6 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }),
  fc.string({ unit: fc.constantFrom('x', 'é'), minLength: 60, maxLength: 70 }),
);
const known: fc.Arbitrary<Known> = fc.record({
  ids: fc.array(fc.nat({ max: 65_535 }), { maxLength: tokensPerRowMax + 4 }),
  trouble: fc.constantFrom(0, 0.5, 1),
});

function find(cache: WordCache, word: string, around = ''): number {
  let hash = cache.seed;
  for (let i = 0; i < word.length; i += 1) hash = hashStep(hash, word.charCodeAt(i));
  const text = `${around}${word}${around}`;
  return cache.find(text, around.length, around.length + word.length, hash);
}

function read(cache: WordCache, slot: number): Known {
  const start = cache.piecesOf(slot);
  const ids = [...cache.pieces.subarray(start, start + cache.countOf(slot))];
  return { ids, trouble: cache.troubleOf(slot) };
}

const kept = ({ ids, trouble }: Known): Known => ({ ids: ids.slice(0, tokensPerRowMax), trouble });

it('a word is found as it was added, wherever it stands, and no other is', () => {
  const cache = new WordCache();
  const model = new Map<string, Known>();
  holds(
    fc.property(fc.array(fc.tuple(words, known), { maxLength: 30 }), words, (added, other) => {
      for (const [word, what] of added) {
        if (model.has(word)) continue;
        expect(find(cache, word)).toBe(-1);
        // One that is too long is told once, and not kept.
        expect(read(cache, cache.add(word, what.ids, what.trouble))).toEqual(kept(what));
        if (word.length <= 64) model.set(word, what);
      }
      for (const word of [other, ...added.map(([text]) => text)]) {
        const what = model.get(word);
        const slot = find(cache, word, ' a');
        if (what === undefined) expect(slot).toBe(-1);
        else expect(read(cache, slot)).toEqual(kept(what));
      }
    }),
    400,
  );
});

it('after it has started anew a word is found as it was added, or not at all', () => {
  const cache = new WordCache();
  for (let i = 0; i < 65_530; i += 1) cache.add(`w${i}`, [i % 30_000], 0);
  holds(
    fc.property(fc.array(fc.nat({ max: 200_000 }), { maxLength: 40 }), (numbers) => {
      for (const number of numbers) {
        const slot = find(cache, `w${number}`);
        const wanted = { ids: [number % 30_000], trouble: 0 };
        const there = slot === -1 ? cache.add(`w${number}`, wanted.ids, 0) : slot;
        expect(read(cache, there)).toEqual(wanted);
        expect(read(cache, find(cache, `w${number}`))).toEqual(wanted);
      }
    }),
    200,
  );
});
