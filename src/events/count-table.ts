/**
 * Counts by 32-bit key, in typed arrays: 5 bytes a place, open addressing, linear probing. A count
 * that falls to 0 leaves its place free, so the table holds what is counted now and no more. It is
 * cut into segments by the key's first bits: each grows for itself, in a fraction of a
 * millisecond, and there is never a pass over all.
 *
 * Two keys of 32 bits that are one by chance share a count: of a million keys, one in 4,000 does.
 */
const segmentBits = 8;
const capacityMin = 16;
/** Fuller than this, a segment grows, */
const loadMax = 0.8;
/** by so much. */
const growth = 1.4;
const countMax = 0xff;
/** What is left of a key below its segment's bits. */
const restBits = 32 - segmentBits;
const restMask = 2 ** restBits - 1;

interface Segment {
  keys: Uint32Array;
  /** 0: a free place. */
  counts: Uint8Array;
  /** From the rest of a key to its place. */
  scale: number;
  size: number;
}

export class CountTable {
  readonly #segments: Segment[] = [];
  /** Of counts that don't fit into a byte, what is beyond. */
  readonly #above = new Map<number, number>();

  constructor() {
    for (let i = 0; i < 2 ** segmentBits; i += 1) this.#segments.push(emptySegment(0));
  }

  get bytes(): number {
    return this.#segments.reduce(
      (sum, { keys, counts }) => sum + keys.byteLength + counts.byteLength,
      0,
    );
  }

  count(key: number): number {
    const segment = this.#segmentOf(key);
    if (segment.size === 0) return 0;
    const count = segment.counts[placeOf(segment, key)]!;
    return count < countMax ? count : countMax + (this.#above.get(key >>> 0) ?? 0);
  }

  /** @returns the count with this */
  increment(key: number): number {
    const segment = this.#segmentOf(key);
    if (segment.size >= segment.keys.length * loadMax) grow(segment);
    const place = placeOf(segment, key);
    const count = segment.counts[place]!;
    if (count === countMax) {
      const above = (this.#above.get(key >>> 0) ?? 0) + 1;
      this.#above.set(key >>> 0, above);
      return countMax + above;
    }
    if (count === 0) {
      segment.keys[place] = key;
      segment.size += 1;
    }
    segment.counts[place] = count + 1;
    return count + 1;
  }

  /** @returns false where the key has no count */
  decrement(key: number): boolean {
    const segment = this.#segmentOf(key);
    if (segment.size === 0) return false;
    const place = placeOf(segment, key);
    const count = segment.counts[place]!;
    const above = count === countMax ? (this.#above.get(key >>> 0) ?? 0) : 0;
    if (above > 1) this.#above.set(key >>> 0, above - 1);
    else if (above === 1) this.#above.delete(key >>> 0);
    else if (count > 1) segment.counts[place] = count - 1;
    else if (count === 1) vacate(segment, place);
    return count > 0;
  }

  #segmentOf(key: number): Segment {
    return this.#segments[key >>> restBits]!;
  }
}

function emptySegment(capacity: number): Segment {
  return {
    keys: new Uint32Array(capacity),
    counts: new Uint8Array(capacity),
    scale: capacity / (restMask + 1),
    size: 0,
  };
}

function homeOf(segment: Segment, key: number): number {
  return Math.floor((key & restMask) * segment.scale);
}

/** Where the key is, or the free place where it would go. */
function placeOf(segment: Segment, key: number): number {
  const { keys, counts } = segment;
  const wanted = key >>> 0;
  let place = homeOf(segment, key);
  while (counts[place] !== 0 && keys[place] !== wanted) {
    place += 1;
    if (place === keys.length) place = 0;
  }
  return place;
}

function grow(segment: Segment): void {
  const { keys, counts } = segment;
  Object.assign(segment, emptySegment(Math.max(capacityMin, Math.ceil(keys.length * growth))));
  for (let i = 0; i < keys.length; i += 1) {
    if (counts[i] === 0) continue;
    const place = placeOf(segment, keys[i]!);
    segment.keys[place] = keys[i]!;
    segment.counts[place] = counts[i]!;
    segment.size += 1;
  }
}

/** Frees a place and moves up what stood behind it because of it, so that no gap hides a key. */
function vacate(segment: Segment, place: number): void {
  const { keys, counts } = segment;
  const capacity = keys.length;
  let free = place;
  for (let i = (place + 1) % capacity; counts[i] !== 0; i = (i + 1) % capacity) {
    const fromHome = (i - homeOf(segment, keys[i]!) + capacity) % capacity;
    if (fromHome < (i - free + capacity) % capacity) continue;
    keys[free] = keys[i]!;
    counts[free] = counts[i]!;
    free = i;
  }
  counts[free] = 0;
  segment.size -= 1;
}
