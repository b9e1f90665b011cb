/** Streams of shapes whose events are known because they were written so. */
import { Events } from '../../src/events/events.ts';

/** The same numbers in every run. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

/** So many different words that are no words. */
export function names(count: number): string[] {
  const syllables = 'ba de fi go lu ma ne pi ro su ta ve wi xo zu ka le mi no pu'.split(' ');
  const base = syllables.length;
  return Array.from({ length: count }, (_, i) =>
    [i % base, Math.floor(i / base) % base, Math.floor(i / base ** 2) % base, (i * 7) % base]
      .map((place) => syllables[place]!)
      .join(''),
  );
}

export function added(keys: Iterable<string>): Events {
  const shapes = [...new Set(keys)];
  const events = new Events({ shapesMax: Math.max(1_000, shapes.length) });
  for (const [shape, key] of shapes.entries()) events.add(shape, key);
  return events;
}

/** The groups of keys that are one event. */
export function groupsOf(keys: Iterable<string>, events = added(keys)): string[][] {
  const groups = new Map<number, string[]>();
  for (const key of new Set(keys)) {
    const event = events.eventOf(key);
    groups.set(event, [...(groups.get(event) ?? []), key]);
  }
  return [...groups.values()];
}

export function eventCount(keys: Iterable<string>): number {
  return groupsOf(keys).length;
}
