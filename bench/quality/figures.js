/** Figures of search quality, as ../shared/quality/evaluate.py defines them. */

/**
 * @param {{relevant: Record<string, number>, kind: string, best: Map<string, number>}[]} judged
 *   for each phrase the best score of each event, best first
 */
export function figuresOf(judged) {
  const ndcg = { paraphrase: [], lexical: [] };
  const pairs = [];
  let total = 0;
  for (const { relevant, kind, best } of judged) {
    total += Object.values(relevant).filter((grade) => grade > 0).length;
    for (const [event, score] of best) pairs.push({ score, hit: (relevant[event] ?? 0) > 0 });
    if (kind === 'none') continue;
    const ideal = Object.values(relevant).sort((a, b) => b - a);
    const gains = [...best.keys()].map((event) => relevant[event] ?? 0);
    ndcg[kind].push(dcg(gains.slice(0, 10)) / dcg(ideal.slice(0, 10)));
  }
  const all = [...ndcg.paraphrase, ...ndcg.lexical];
  return {
    ndcg: mean(all),
    paraphrase: mean(ndcg.paraphrase),
    lexical: mean(ndcg.lexical),
    ...oneThreshold(pairs, total),
  };
}

/** How well one threshold serves all phrases: every (phrase, event) pair in one order. */
export function oneThreshold(pairs, total) {
  pairs.sort((a, b) => b.score - a.score);
  let hits = 0;
  let ap = 0;
  let bestF1 = 0;
  let f1At = 0;
  let recallAtP50 = 0;
  for (const [index, { score, hit }] of pairs.entries()) {
    if (hit) hits += 1;
    const precision = hits / (index + 1);
    const recall = hits / total;
    if (hit) ap += precision / total;
    const f1 = hits > 0 ? (2 * precision * recall) / (precision + recall) : 0;
    if (f1 > bestF1) [bestF1, f1At] = [f1, score];
    if (precision >= 0.5) recallAtP50 = recall;
  }
  return { event_ap: ap, best_f1: bestF1, f1_at: f1At, recall_at_p50: recallAtP50 };
}

/** Of equal widths but for the low end, where nearly all pairs lie. */
const binStarts = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/**
 * Is a score a chance? For each bin of scores how many pairs, their mean score, and the share that
 * is right.
 * @param {{score: number, hit: boolean}[]} pairs
 */
export function calibration(pairs) {
  const bins = binStarts.map((from) => ({ from, count: 0, scores: 0, hits: 0 }));
  for (const { score, hit } of pairs) {
    const bin = bins.findLast(({ from }) => score >= from);
    bin.count += 1;
    bin.scores += score;
    if (hit) bin.hits += 1;
  }
  return bins
    .filter(({ count }) => count > 0)
    .map(({ from, count, scores, hits }) => ({
      from,
      count,
      predicted: scores / count,
      found: hits / count,
    }));
}

export function dcg(gains) {
  return gains.reduce((sum, gain, rank) => sum + (2 ** gain - 1) / Math.log2(rank + 2), 0);
}

export function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** The best score of each event, best first. `scored` is in order, best first. */
export function bestByEvent(scored) {
  const best = new Map();
  for (const { event, score } of scored) if (!best.has(event)) best.set(event, score);
  return best;
}
