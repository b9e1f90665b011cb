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
  let to = Infinity;
  for (const from of edges) {
    const lower = events.findIndex(({ score }, index) => index >= next && score < from);
    const within = events.slice(next, lower === -1 ? undefined : lower);
    next += within.length;
    const isShown = buckets.length > 0 || within.length > 0 || from <= minScore + sameEdge;
    const isEnd = next === events.length && within.length === 0 && to < minScore - sameEdge;
    if (isEnd) break;
    const upper = to;
    to = from;
    if (!isShown) continue;
    buckets.push({
      from: Math.max(-1, from),
      to: Math.min(1, upper),
      answers: from >= minScore - sameEdge,
      events: within.length,
      lines: within.reduce((sum, { count = 1 }) => sum + count, 0),
      example: within[Math.floor((within.length - 1) / 2)],
    });
  }
  return buckets;
}

/** Where buckets begin, the highest first. */
function edgesWith(minScore: number): number[] {
  const edges: number[] = [];
  for (let i = bucketsPerOne - 1; i > -bucketsPerOne; i -= 1) edges.push(i / bucketsPerOne);
  edges.push(-Infinity);
  if (edges.some((edge) => Math.abs(edge - minScore) < sameEdge)) return edges;
  return [...edges, minScore].sort((one, other) => other - one);
}
