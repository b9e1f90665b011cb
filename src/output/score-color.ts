/** What a score's colour says: how it stands to the threshold. */

/** So far on the way from the threshold to 1, a score is well above it. */
const wellAbove = 1 / 3;

/** Well above the threshold, just above it, or below: no answer. */
export function scoreColor(score: number, minScore = -Infinity): 'green' | 'yellow' | 'dim' {
  if (score < minScore) return 'dim';
  const isWell = minScore === -Infinity || score >= minScore + wellAbove * (1 - minScore);
  return isWell ? 'green' : 'yellow';
}
