/* eslint-disable @typescript-eslint/no-non-null-assertion -- Typed arrays: each index is in range by construction. */
/**
 * Counts by 32-bit key, in typed arrays: 6 bytes a place, open addressing, linear probing. A count
 * that falls to 0 leaves its place free, so the table holds what is counted now and no more. It is
 * cut into segments by the key's first bits: each grows for itself, in a fraction of a
 * millisecond, and there is never a pass over all.
 *
 * Two keys of 32 bits that are one by chance share a count: of a million keys, one in 4,000 does.
 */
const segmentBits = 8;
const capacityMin = 16;
/** Fuller than this, a segment doubles. */
const loadMax = 0.75;
const countMax = 0xffff;

interface Segment {
  keys: Uint32Array;
  /** 0: a free place. */
  counts: Uint16Array;
  size: number;
  mask: number;
}

export class CountTable {
  readonly #segments: Segment[] = [];
  /** What does not fit into 16 bits. */
  readonly #above = new Map<number, number>();

  constructor() {
    for (let i = 0; i < 2 ** segmentBits; i += 1) this.#segments.push(emptySegment(0));
  }

  /** Keys counted. */
  get size(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.size, 0);
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

  /** @param key - was incremented as often at least */
  decrement(key: number): void {
    const above = this.#above.size === 0 ? 0 : (this.#above.get(key >>> 0) ?? 0);
    if (above > 0) {
      if (above === 1) this.#above.delete(key >>> 0);
      else this.#above.set(key >>> 0, above - 1);
      return;
    }
    const segment = this.#segmentOf(key);
    if (segment.size === 0) return;
    const place = placeOf(segment, key);
    const count = segment.counts[place]!;
    if (count > 1) segment.counts[place] = count - 1;
    else if (count === 1) vacate(segment, place);
  }

  #segmentOf(key: number): Segment {
    return this.#segments[key >>> (32 - segmentBits)]!;
  }
}

function emptySegment(capacity: number): Segment {
  return {
    keys: new Uint32Array(capacity),
    counts: new Uint16Array(capacity),
    size: 0,
    mask: capacity - 1,
  };
}

/** Where the key is, or the free place where it would go. */
function placeOf({ keys, counts, mask }: Segment, key: number): number {
  const wanted = key >>> 0;
  let place = wanted & mask;
  while (counts[place] !== 0 && keys[place] !== wanted) place = (place + 1) & mask;
  return place;
}

function grow(segment: Segment): void {
  const { keys, counts } = segment;
  Object.assign(segment, emptySegment(Math.max(capacityMin, keys.length * 2)));
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
  const { keys, counts, mask } = segment;
  let free = place;
  for (let i = (place + 1) & mask; counts[i] !== 0; i = (i + 1) & mask) {
    const home = keys[i]! & mask;
    if (((i - home) & mask) < ((i - free) & mask)) continue;
    keys[free] = keys[i]!;
    counts[free] = counts[i]!;
    free = i;
  }
  counts[free] = 0;
  segment.size -= 1;
}
