/**
 * Events → groups that say much the same. The first so many events, most important first, are grouped
 * by average link (average-link.ts); each of the rest joins the group whose members it is nearest to
 * on average, if that is near enough, as in leader clustering (Hartigan 1975).
 */
import { Slices } from '../../shared/slices.ts';
import { averageLink, type Merge } from './average-link.ts';

/** What is grouped. */
export interface Grouped {
  /** Only events of one kind come together. */
  readonly kind: number;
  /** Of length 1, or of zeros: near nothing. */
  readonly vector: Float32Array;
}

export interface MeaningGroupsOptions {
  /** Nearer events are always one group. */
  readonly same: number;
  /** Where there would be more than so many groups, */
  readonly groupsMax: number;
  /** events that are so near are one, too, as far as that is needed, */
  readonly alike: number;
  /** and this allows it. */
  readonly mayJoin?: (one: readonly number[], other: readonly number[]) => boolean;
}

/** Grouped among themselves: some 20 MB, and a third of a second. */
export const leadersMax = 2_048;
/** Groups that what is left is compared with: the greatest. */
const joinedMax = 64;
const rowsAStep = 8;

/**
 * @param events - most important first
 * @returns groups of their indices
 */
export async function meaningGroups(
  events: readonly Grouped[],
  options: MeaningGroupsOptions,
): Promise<number[][]> {
  const leaders = events.slice(0, leadersMax);
  const similarities = await similaritiesOf(leaders);
  const merges = averageLink(similarities, leaders.length, options.alike);
  const { groups, least } = cut(leaders.length, merges, options);
  await joinRest(events, groups, { ...options, alike: least });
  return groups;
}

async function similaritiesOf(events: readonly Grouped[]): Promise<Float32Array> {
  const slices = new Slices();
  const count = events.length;
  const similarities = new Float32Array(count * count);
  for (let i = 0; i < count; i += 1) {
    if (i % rowsAStep === 0 && slices.isOver) await slices.next();
    const { kind, vector } = events[i]!;
    for (let j = 0; j < i; j += 1) {
      const other = events[j]!;
      const similarity = other.kind === kind ? dot(vector, other.vector) : -1;
      similarities[i * count + j] = similarity;
      similarities[j * count + i] = similarity;
    }
  }
  return similarities;
}

function dot(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i += 1) sum += one[i]! * other[i]!;
  return sum;
}

/** @returns the groups, and how near the last two were that were joined */
function cut(
  count: number,
  merges: readonly Merge[],
  { same, groupsMax, mayJoin = always }: MeaningGroupsOptions,
): { readonly groups: number[][]; readonly least: number } {
  const groupOf = Array.from({ length: count }, (_, index) => [index]);
  let left = count;
  let least = same;
  for (const { one, other, similarity } of merges) {
    if (similarity < same && left <= groupsMax) break;
    const into = groupOf[one]!;
    const from = groupOf[other]!;
    if (similarity < same && !mayJoin(into, from)) continue;
    least = Math.min(least, similarity);
    for (const member of from) {
      into.push(member);
      groupOf[member] = into;
    }
    left -= 1;
  }
  return { groups: [...new Set(groupOf)], least };
}

async function joinRest(
  events: readonly Grouped[],
  groups: number[][],
  { same, alike, mayJoin = always }: MeaningGroupsOptions,
): Promise<void> {
  if (events.length <= leadersMax) return;
  const slices = new Slices();
  const greatest = [...groups].sort((one, other) => other.length - one.length).slice(0, joinedMax);
  const means = greatest.map((group) => meanOf(group.map((member) => events[member]!.vector)));
  for (let i = leadersMax; i < events.length; i += 1) {
    if (i % rowsAStep === 0 && slices.isOver) await slices.next();
    const { kind, vector } = events[i]!;
    let most = alike;
    let nearest: number[] | undefined;
    for (const [index, group] of greatest.entries()) {
      if (events[group[0]!]!.kind !== kind) continue;
      const similarity = dot(means[index]!, vector);
      if (similarity < most || (similarity < same && !mayJoin(group, [i]))) continue;
      most = similarity;
      nearest = group;
    }
    if (nearest === undefined) groups.push([i]);
    else nearest.push(i);
  }
}

const always = (): boolean => true;

function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(vectors[0]!.length);
  for (const vector of vectors) {
    for (let i = 0; i < mean.length; i += 1) mean[i]! += vector[i]! / vectors.length;
  }
  return mean;
}
