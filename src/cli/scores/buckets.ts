/** Scores of events → buckets of a histogram. The threshold is an edge: no bucket lies on both sides. */
import type { Match } from '../../rank/match.ts';

export interface Bucket {
  /** The least score in it, and the least that is above it. */
  readonly from: number;
  readonly to: number;
  /** Whether what is in it answers. */
  readonly answers: boolean;
  readonly events: number;
  /** Lines of these events. */
  readonly lines: number;
  /** One of them, from the middle; undefined where there is none. */
  readonly example: Match | undefined;
}

/** So many buckets lie between scores of 0 and 1. */
const bucketsPerOne = 20;
/** Nearer edges are the same. */
const sameEdge = 1e-6;

/**
 * @param events - best first
 * @returns highest scores first: from the best event, or the threshold where none reaches it, to the
 * worst event, or what lies right below the threshold
 */
export function bucketsOf(events: readonly Match[], minScore: number): Bucket[] {
  const edges = edgesWith(minScore);
  const buckets: Bucket[] = [];
  let next = 0;
  for (let i = edges.length - 1; i > 0; i -= 1) {
    const [from, to] = [edges[i - 1]!, edges[i]!];
    const first = next;
    while (next < events.length && events[next]!.score >= from) next += 1;
    const within = events.slice(first, next);
    const isShown = buckets.length > 0 || within.length > 0 || from <= minScore + sameEdge;
    const isEnd = next === events.length && within.length === 0 && to < minScore - sameEdge;
    if (isEnd) break;
    if (!isShown) continue;
    buckets.push({
      from,
      to,
      answers: from >= minScore - sameEdge,
      events: within.length,
      lines: within.reduce((sum, { count = 1 }) => sum + count, 0),
      example: within[Math.floor((within.length - 1) / 2)],
    });
  }
  return buckets;
}

/** From -1 to 1, rising. */
function edgesWith(minScore: number): number[] {
  const edges: number[] = [];
  for (let i = -bucketsPerOne; i <= bucketsPerOne; i += 1) edges.push(i / bucketsPerOne);
  if (edges.some((edge) => Math.abs(edge - minScore) < sameEdge)) return edges;
  return [...edges, minScore].sort((one, other) => one - other);
}
