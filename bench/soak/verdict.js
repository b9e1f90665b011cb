/** Whether counts add up, and whether memory grows. */

const mebibyte = 2 ** 20;
/**
 * What memory may grow by from the first to the last sample that is judged, by the line through
 * them: the larger of the two. The heap is what is left after a full collection, so little is noise;
 * resident memory is what the allocator and the collector hold on to as well.
 */
const tolerances = {
  heapBytes: { bytes: 6 * mebibyte, share: 0.06 },
  rssBytes: { bytes: 32 * mebibyte, share: 0.1 },
};
const samplesMin = 4;
/** In less than that, caches fill: nothing can be said. */
const judgedSecondsMin = 60;

/** @returns what is wrong with a status, or undefined */
export function gapIn({ lines }) {
  const { read, waiting, window, evicted, skipped } = lines;
  const sum = Object.values(skipped).reduce((a, b) => a + b, waiting + window + evicted);
  return read === sum ? undefined : `read ${read}, but ${sum} are accounted for`;
}

/**
 * Judges the last two thirds of the run, from when the window was full.
 * @param samples - { seconds, evicted, heapBytes, rssBytes } each, in the order of time
 * @returns the growth of each figure over that time, none where the run was too short to judge, and
 *   what is wrong, if anything
 */
export function judgeMemory(samples) {
  const end = samples.at(-1)?.seconds ?? 0;
  if ((end * 2) / 3 < judgedSecondsMin) return { growth: {}, wrong: [] };
  const judged = samples.filter(({ seconds, evicted }) => seconds >= end / 3 && evicted > 0);
  const wrong = [];
  if (judged.length < samplesMin) {
    wrong.push('too few samples after the window was full: run it for longer');
    return { growth: {}, wrong };
  }
  const span = judged.at(-1).seconds - judged[0].seconds;
  const growth = {};
  for (const [name, { bytes, share }] of Object.entries(tolerances)) {
    const points = judged
      .map((sample) => ({ x: sample.seconds, y: sample[name] }))
      .filter(({ y }) => Number.isFinite(y));
    growth[name] = Math.round(slopeOf(points) * span);
    const most = Math.max(bytes, share * median(points.map(({ y }) => y)));
    const isFlat = points.length >= samplesMin && growth[name] <= most;
    if (!isFlat) {
      const figures = `${inMebibytes(growth[name])} MiB in ${Math.round(span)} s`;
      wrong.push(`${name} grew by ${figures}, at most ${inMebibytes(most)} may be noise`);
    }
  }
  return { growth, wrong };
}

/** Theil and Sen's: the median of the slopes of all pairs, which one odd sample does not move. */
function slopeOf(points) {
  const slopes = [];
  for (const [i, a] of points.entries()) {
    for (const b of points.slice(i + 1)) slopes.push((b.y - a.y) / (b.x - a.x));
  }
  return median(slopes);
}

export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

function median(values) {
  return quantile(values, 0.5);
}

export function inMebibytes(bytes) {
  return (bytes / mebibyte).toFixed(1);
}
