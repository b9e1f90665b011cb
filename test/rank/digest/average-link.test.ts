import { describe, expect, it } from 'vitest';
import { averageLink, type Merge } from '../../../src/rank/digest/average-link.ts';

/** Numbers that look random and are the same in every run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

function randomSimilarities(count: number, seed: number): Float32Array {
  const random = numbers(seed);
  const similarities = new Float32Array(count * count);
  for (let i = 0; i < count; i += 1) {
    for (let j = 0; j < i; j += 1) {
      similarities[i * count + j] = similarities[j * count + i] = random.next().value;
    }
  }
  return similarities;
}

/** The oracle: of all groups joins the nearest two, and looks at all their members to find them. */
function slowly(similarities: Float32Array, count: number, least: number): Set<string>[] {
  let groups = Array.from({ length: count }, (_, i) => [i]);
  const states: Set<string>[] = [];
  for (;;) {
    let most = -Infinity;
    let nearest: [number[], number[]] | undefined;
    for (const [at, one] of groups.entries()) {
      for (const other of groups.slice(at + 1)) {
        let sum = 0;
        for (const i of one) for (const j of other) sum += similarities[i * count + j]!;
        const mean = sum / (one.length * other.length);
        if (mean > most) [most, nearest] = [mean, [one, other]];
      }
    }
    if (nearest === undefined || most < least) return states;
    const [one, other] = nearest;
    groups = [...groups.filter((group) => group !== one && group !== other), [...one, ...other]];
    states.push(namesOf(groups));
  }
}

function namesOf(groups: readonly (readonly number[])[]): Set<string> {
  return new Set(groups.map((group) => [...group].sort((a, b) => a - b).join(' ')));
}

function statesOf(merges: readonly Merge[], count: number): Set<string>[] {
  const groupOf = Array.from({ length: count }, (_, i) => [i]);
  return merges.map(({ one, other }) => {
    const into = groupOf[one]!;
    for (const member of groupOf[other]!) {
      into.push(member);
      groupOf[member] = into;
    }
    return namesOf([...new Set(groupOf)]);
  });
}

describe('average link', () => {
  it.each([1, 2, 3, 4, 5])('joins what the plain way joins, in its order: seed %i', (seed) => {
    for (const least of [-1, 0.5, 0.7]) {
      const expected = slowly(randomSimilarities(24, seed), 24, least);
      const merges = averageLink(randomSimilarities(24, seed), 24, least);
      expect(statesOf(merges, 24)).toEqual(expected);
      for (const { similarity } of merges) expect(similarity).toBeGreaterThanOrEqual(least);
    }
  });

  it('joins nothing where nothing is near, and takes none and one', () => {
    expect(averageLink(new Float32Array(9).fill(0.2), 3, 0.5)).toEqual([]);
    expect(averageLink(new Float32Array(0), 0, 0.5)).toEqual([]);
    expect(averageLink(new Float32Array(1), 1, 0.5)).toEqual([]);
  });
});
