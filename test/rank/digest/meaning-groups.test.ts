import { describe, expect, it } from 'vitest';
import { leadersMax, meaningGroups } from '../../../src/rank/digest/meaning-groups.ts';

/** Events on a circle: cosines are those of their angles. */
function at(degrees: number, kind = 0): { kind: number; vector: Float32Array } {
  const angle = (degrees * Math.PI) / 180;
  return { kind, vector: Float32Array.of(Math.cos(angle), Math.sin(angle)) };
}

const options = { same: Math.cos(Math.PI / 18), alike: Math.cos(Math.PI / 4), groupsMax: 100 };

function sorted(groups: readonly (readonly number[])[]): number[][] {
  return groups
    .map((group) => [...group].sort((one, other) => one - other))
    .sort(([one = 0], [other = 0]) => one - other);
}

describe('groups by meaning', () => {
  it('are of events that are the same, unless they are of another kind', async () => {
    const events = [at(0), at(30), at(4), at(2, 1)];
    expect(sorted(await meaningGroups(events, options))).toEqual([[0, 2], [1], [3]]);
  });

  it('are of events that are alike where there would be more than are wanted', async () => {
    const events = [at(0), at(30), at(4), at(180), at(2, 1)];
    const groups = await meaningGroups(events, { ...options, groupsMax: 3 });
    expect(sorted(groups)).toEqual([[0, 1, 2], [3], [4]]);
    // And no further than they are alike.
    expect(await meaningGroups(events, { ...options, groupsMax: 1 })).toHaveLength(3);
  });

  it('join what is only alike where that is allowed', async () => {
    const events = [at(0), at(30), at(4)];
    const mayJoin = (): boolean => false;
    const groups = await meaningGroups(events, { ...options, groupsMax: 1, mayJoin });
    expect(sorted(groups)).toEqual([[0, 2], [1]]);
  });

  it('take in what is beyond the leaders, or leave it alone', async () => {
    const events = Array.from({ length: leadersMax }, () => at(0));
    events.push(at(5), at(120), at(0, 1));
    const groups = await meaningGroups(events, options);
    expect(groups.map((group) => group.length)).toEqual([leadersMax + 1, 1, 1]);
  });

  it('leave vectors of zeros alone', async () => {
    const none = { kind: 0, vector: new Float32Array(2) };
    expect(await meaningGroups([none, none, at(0)], options)).toHaveLength(3);
  });
});
