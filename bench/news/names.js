/** Streams in which nothing is new but names: made of labelled logs. */

const consonants = 'bdfgklmnprstvz';
const vowels = 'aeiou';
const nameLike = /^[a-z]{3,}$/;
/** Lines of one event that differ in so many words at most, in those alone. */
const differencesMax = 2;

/**
 * The words of a log that name something: in their places lines of one labelled event differ.
 * @param {{ lines: string[], events: string[] }} system
 */
export function namesOf({ lines, events }) {
  const groups = new Map();
  for (const [i, event] of events.entries()) {
    if (!groups.has(event)) groups.set(event, []);
    groups.get(event).push(lines[i].split(/([^A-Za-z]+)/));
  }
  const names = new Set();
  for (const group of groups.values()) {
    const [first, ...others] = group;
    for (const other of others) {
      if (other.length !== first.length) continue;
      const places = [...first.keys()].filter((i) => i % 2 === 0 && first[i] !== other[i]);
      if (places.length === 0 || places.length > differencesMax) continue;
      for (const i of places) {
        if (!nameLike.test(first[i]) || !nameLike.test(other[i])) continue;
        names.add(first[i]).add(other[i]);
      }
    }
  }
  return names;
}

/**
 * Lines of a log with a made-up name in the place of each name.
 * @yields as many lines as asked for, of those that hold one
 */
export function* renamed({ lines }, names, count, seed = 1) {
  const random = randomFrom(seed);
  const holding = lines
    .map((line) => line.split(/([^A-Za-z]+)/))
    .filter((words) => words.some((word) => names.has(word)));
  if (holding.length === 0) return;
  for (let i = 0; i < count; i += 1) {
    const words = holding[i % holding.length];
    yield words.map((word) => (names.has(word) ? madeUp(random) : word)).join('');
  }
}

function madeUp(random) {
  const of = (letters) => letters[Math.floor(random() * letters.length)];
  const syllables = 2 + Math.floor(random() * 2);
  let name = '';
  for (let i = 0; i < syllables; i += 1) name += of(consonants) + of(vowels);
  return random() < 0.5 ? name + of(consonants) : name;
}

/** Mulberry32. */
function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
