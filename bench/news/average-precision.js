/**
 * Mean over the hits of the share of hits up to each; of equal scores what came first goes first.
 * @param {{ score: number, hit: boolean }[]} scored
 */
export function averagePrecision(scored) {
  const sorted = scored.toSorted((one, other) => other.score - one.score);
  let hits = 0;
  let sum = 0;
  for (const [index, { hit }] of sorted.entries()) {
    if (!hit) continue;
    hits += 1;
    sum += hits / (index + 1);
  }
  return hits === 0 ? 0 : sum / hits;
}
