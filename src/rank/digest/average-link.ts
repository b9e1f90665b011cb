/**
 * Things near each other → groups, from the nearest two on: average link (UPGMA: Sokal and Michener
 * 1958), found by chains of nearest neighbours (Murtagh 1983) in time and memory quadratic in the
 * things. Two groups are as near as their members are on average.
 */

/** Two groups become one; a group is named by one of its members. */
export interface Merge {
  readonly one: number;
  readonly other: number;
  /** Mean similarity of their members, 1 at most. */
  readonly similarity: number;
}

/**
 * @param similarities - Float32[count, count], symmetric; written over
 * @returns all merges down to `least`, the nearest first
 */
export function averageLink(similarities: Float32Array, count: number, least: number): Merge[] {
  const sizes = new Uint32Array(count).fill(1);
  const isGone = new Uint8Array(count);
  const merges: Merge[] = [];
  const chain: number[] = [];
  let first = 0;
  for (;;) {
    if (chain.length === 0) {
      while (first < count && isGone[first] === 1) first += 1;
      if (first === count) break;
      chain.push(first);
    }
    const last = chain[chain.length - 1]!;
    const before = chain[chain.length - 2] ?? -1;
    let nearest = before;
    let most = before === -1 ? -Infinity : similarities[last * count + before]!;
    for (let i = 0; i < count; i += 1) {
      if (isGone[i] === 1 || i === last) continue;
      const similarity = similarities[last * count + i]!;
      if (similarity <= most) continue;
      most = similarity;
      nearest = i;
    }
    if (nearest === -1 || most < least) {
      // Nothing that is left can ever be nearer to any of the chain: joining two groups brings
      // neither nearer to a third than the nearer of them was.
      isGone[last] = 1;
      chain.pop();
    } else if (nearest !== before) {
      chain.push(nearest);
    } else {
      chain.length -= 2;
      merges.push({ one: before, other: last, similarity: most });
      join(similarities, sizes, count, before, last);
      isGone[last] = 1;
    }
  }
  return merges.sort((one, other) => other.similarity - one.similarity);
}

/** The first takes in the second. */
function join(
  similarities: Float32Array,
  sizes: Uint32Array,
  count: number,
  first: number,
  second: number,
): void {
  const [here, there] = [sizes[first]!, sizes[second]!];
  for (let i = 0; i < count; i += 1) {
    if (i === first) continue;
    const mean =
      (here * similarities[first * count + i]! + there * similarities[second * count + i]!) /
      (here + there);
    similarities[first * count + i] = mean;
    similarities[i * count + first] = mean;
  }
  sizes[first] = here + there;
}
