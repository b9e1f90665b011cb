import { describe, expect, it } from 'vitest';
import { embeddedModelFolder } from '../../src/embed/manifest.ts';
import { loadModel } from '../../src/embed/model.ts';
import { Newness } from '../../src/news/newness.ts';

const model = await loadModel(embeddedModelFolder);
const encoder = await model.createEncoder();
const wordIds = (word: string): ArrayLike<number> => encoder.wordIds(word);

function newness(shapesMax?: number): Newness {
  if (model.words === undefined) throw new Error('the embedded model has a word table');
  return new Newness({
    table: model.words,
    wordIds,
    ...(shapesMax !== undefined && { shapesMax }),
  });
}

/** Which of the keys are told. */
function told(keys: readonly string[], known = newness()): string[] {
  return keys.filter((key) => known.take(key)?.isNew === true);
}

describe('what is new', () => {
  it('is the first of its kind, once', () => {
    const keys = ['disk sda is full', 'user logged in', 'disk sda is full', 'user logged in'];
    expect(told(keys)).toEqual(keys.slice(0, 2));
  });

  it('is no other name in the same place, though no name was seen twice there', () => {
    const first = 'info web session opened for user marta from office network';
    const names = ['jonas', 'zubekol', 'paris', 'k8s', 'worker'];
    expect(told([first, ...names.map((name) => first.replace('marta', name))])).toEqual([first]);
  });

  it('is another trouble, though all other words are the same', () => {
    const well = 'info web session opened for user marta from office network';
    const failed = well.replace('opened', 'failed');
    const known = newness();
    expect(told([well, failed, failed.replace('marta', 'jonas')], known)).toEqual([well, failed]);
    expect(known.groupOf(well)).not.toBe(known.groupOf(failed));
    expect(known.groupOf(failed)).toBe(known.groupOf(failed.replace('marta', 'jonas')));
  });

  it('says how far it is from what, and by which words it speaks of trouble', () => {
    const known = newness();
    known.take('payment captured for order');
    const sighting = known.take('payment refund sent for order');
    expect(sighting?.novelty?.nearest).toBe('payment captured for order');
    expect(sighting?.novelty?.far).toBeGreaterThan(0.05);
    expect(sighting?.novelty?.far).toBeLessThan(0.5);
    const refused = known.take('payment refused for order insufficient funds')?.novelty;
    expect(refused?.troubles).toEqual(['refused', 'insufficient']);
    expect(refused).toMatchObject({ far: 1, nearest: undefined });
  });

  it('scores what a person wants to know above what runs as it should', () => {
    const known = newness();
    const scoreOf = (key: string): number => known.take(key)?.novelty?.score ?? NaN;
    const alarming = [
      'segmentation violation in worker process core written',
      'could not allocate memory exiting',
      // In no list of words:
      'someone is burgling the warehouse at night',
    ].map(scoreOf);
    const ordinary = [
      'cache refreshed fragments in',
      'started listening on port',
      'the office opens in the morning',
    ].map(scoreOf);
    expect(Math.min(...alarming)).toBeGreaterThan(Math.max(...ordinary));
  });

  it('is told in the same way wherever a stream is cut in two', () => {
    const keys = [
      ...[
        'start up',
        'a disk failed',
        'user ann in',
        'user bob in',
        'fan is loud',
        'a disk failed',
      ],
      ...['user cid in', 'network down', 'start up again', 'user dan in', 'user eve in'],
    ];
    const whole = told(keys);
    for (let cut = 1; cut < keys.length; cut += 1) {
      const known = newness();
      const parts = [...told(keys.slice(0, cut), known), ...told(keys.slice(cut), known)];
      expect(parts).toEqual(whole);
    }
  });

  it('is remembered within bounds: of what was not seen for long something goes', () => {
    const known = newness(64);
    const letters = 'abcdefghijklmnopqrstuvwxyz';
    const keys = Array.from({ length: 600 }, (_, i) => {
      const words = [i % 26, (i * 7) % 26, (i * 11) % 26, Math.floor(i / 26)];
      return words.map((word) => letters.charAt(word).repeat(3)).join(' ');
    });
    for (const key of keys) {
      known.take('seen all the time');
      known.take(key);
    }
    expect(known.shapeCount).toBe(64);
    expect(known.groupOf('seen all the time')).toBe(1);
    expect(known.groupOf(keys[0] ?? '')).toBeUndefined();
    expect(known.groupOf(keys.at(-1) ?? '')).toBeDefined();
  });
});
