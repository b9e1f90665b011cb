/** The best shapes by glance, of which no message fills the list. */
import { TopK } from '../scan/top-k.ts';
import { hashStart, hashStep } from '../shared/fnv.ts';
import { glancedCandidatesMin } from '../shared/limits.ts';
import { nextTurn } from '../shared/next-turn.ts';
import type { ShapeTable } from '../window/shape-table.ts';

export interface ChoiceOptions {
  /** By shape; NaN for those that can't be chosen. */
  readonly scores: Float32Array;
  /** Shapes to choose. */
  readonly count: number;
  /** Of shapes of one event, or that differ in one word, at most so many, while there are others. */
  readonly likeMax: number;
  /** The event of a shape, where other shapes may be of it. */
  readonly eventOf: (shape: number) => number | undefined;
  readonly table: ShapeTable;
  /** Number of a shape's newest line: among equals the newer goes first. */
  readonly numberOf: (shape: number) => number;
}

/** The best so many times as many are looked at for others than variants of one message. */
const widths = [4, 64];
/** Shorter ones differ in a word whatever they say. */
const likeWordsMin = 3;
const shapesASlice = 16_384;

/**
 * How many shapes to read for the k best. A glance knows prose half as well (bench/glance), so there
 * it takes twice as many.
 * @param prose - 0 for logs to 1 for prose
 */
export function candidateCount(k: number, prose: number): number {
  return Math.max(Math.round(glancedCandidatesMin * (1 + prose)), 2 * k);
}

/** @returns at most `count` shapes, best first */
export async function chooseBest(options: ChoiceOptions): Promise<number[]> {
  const { count, scores } = options;
  let chosen: number[] = [];
  for (const width of widths) {
    const best = await highest(options, Math.min(width * count, scores.length));
    const { kept, left } = withoutVariants(best, options);
    const isComplete = kept.length >= count || best.length < width * count;
    // Where there is nothing else, more variants.
    chosen = [...kept, ...left.slice(0, Math.max(0, count - kept.length))];
    if (isComplete) break;
  }
  return chosen;
}

async function highest({ scores, numberOf }: ChoiceOptions, count: number): Promise<number[]> {
  const heap = new TopK(count);
  for (let from = 0; from < scores.length; from += shapesASlice) {
    const to = Math.min(scores.length, from + shapesASlice);
    for (let shape = from; shape < to; shape += 1) {
      const score = scores[shape]!;
      if (score >= heap.threshold) heap.push(shape, score, numberOf(shape));
    }
    if (to < scores.length) await nextTurn();
  }
  return heap.drain().map(({ row }) => row);
}

function withoutVariants(
  best: readonly number[],
  { count, likeMax, table, eventOf }: ChoiceOptions,
): { kept: number[]; left: number[] } {
  const seen = new Map<number, number>();
  const kept: number[] = [];
  const left: number[] = [];
  for (const shape of best) {
    if (kept.length === count) break;
    const patterns = patternsOf(table.keys[shape] ?? '');
    const event = eventOf(shape);
    if (event !== undefined) patterns.push(event);
    if (patterns.some((pattern) => (seen.get(pattern) ?? 0) >= likeMax)) {
      left.push(shape);
      continue;
    }
    for (const pattern of patterns) seen.set(pattern, (seen.get(pattern) ?? 0) + 1);
    kept.push(shape);
  }
  return { kept, left };
}

/** A number for each word of a key: the same for keys that differ in that word alone. */
function patternsOf(key: string): number[] {
  const hashes = key.split(' ').map((word, place) => {
    let hash = hashStep(hashStart, place);
    for (let i = 0; i < word.length; i += 1) hash = hashStep(hash, word.charCodeAt(i));
    return hash;
  });
  if (hashes.length < likeWordsMin) return [];
  const sum = hashes.reduce((total, hash) => (total + hash) | 0, 0);
  return hashes.map((hash, place) => hashStep(sum - hash, (hashes.length << 8) + place));
}
