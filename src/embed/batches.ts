/**
 * Which texts go through the model together. A run has a fixed cost, and is as long as its longest
 * text: the rest is padding. Measured on one core (bench/README.md), a run of b texts of n tokens
 * takes as long as 7 + b · n tokens, so the cheapest way to cut the texts, sorted by length, into
 * runs can be computed.
 */
const runOverheadTokens = 7;
/** Texts a run at most: bounds the memory that the runtime keeps. */
const runTextsMax = 16;

/**
 * @param lengths - tokens of each text
 * @returns runs of indices into lengths: every index once, texts of like length together
 */
export function planRuns(lengths: readonly number[]): number[][] {
  const order = [...lengths.keys()].sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0));
  // costs[i]: of the best cut of the first i texts, whose last run begins at starts[i].
  const costs = [0];
  const starts = [0];
  for (let end = 1; end <= order.length; end += 1) {
    const length = lengths[order[end - 1] ?? 0] ?? 0;
    costs[end] = Infinity;
    for (let start = Math.max(0, end - runTextsMax); start < end; start += 1) {
      const cost = (costs[start] ?? 0) + runOverheadTokens + (end - start) * length;
      if (cost >= (costs[end] ?? 0)) continue;
      costs[end] = cost;
      starts[end] = start;
    }
  }
  const runs: number[][] = [];
  for (let end = order.length; end > 0; end = starts[end] ?? 0) {
    runs.push(order.slice(starts[end], end));
  }
  return runs.reverse();
}
