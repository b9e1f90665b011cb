/**
 * Which texts go through the model together. A run of one text wastes half its time on fixed
 * costs; a run of many is as long as its longest text, and the rest is padding. Sorting by length
 * first keeps both small.
 */

/** Texts a run at most: past 16 nothing is gained, and an answer waits for the run before it. */
const runTextsMax = 16;
/** Tokens a run at most, padding included: bounds the memory that the runtime keeps. */
const runTokensMax = 1_024;
/** Share of a run that may be padding. */
const paddingShareMax = 0.15;

/**
 * @param lengths - tokens of each text
 * @returns runs of indices into lengths; every index once, texts of like length together
 */
export function planRuns(lengths: readonly number[]): number[][] {
  const order = [...lengths.keys()].sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0));
  const runs: number[][] = [];
  let run: number[] = [];
  let runTokens = 0;
  for (const index of order) {
    const length = lengths[index] ?? 0; // The longest so far, so the whole run takes its length.
    const padded = length * (run.length + 1);
    const padding = padded - runTokens - length;
    const fits =
      run.length < runTextsMax && padded <= runTokensMax && padding <= padded * paddingShareMax;
    if (run.length > 0 && !fits) {
      runs.push(run);
      run = [];
      runTokens = 0;
    }
    run.push(index);
    runTokens += length;
  }
  if (run.length > 0) runs.push(run);
  return runs;
}
