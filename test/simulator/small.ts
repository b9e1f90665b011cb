/**
 * What the real parts have fixed and a simulation wants small, or wants to see: the test puts these
 * in their place (vi.mock in simulator.test.ts).
 */
import type * as limits from '../../src/shared/limits.ts';
import type { CommitterOptions } from '../../src/window/committer.ts';

/** The bounds of src/shared/limits.ts that a scenario sets. */
export const smallLimitNames = [
  'leasedRowsMax',
  'urgentRows',
  'candidatesMin',
  'glancedCandidatesMin',
  'likeCandidatesMax',
] as const;

export type SmallLimits = Record<(typeof smallLimitNames)[number], number>;

/** Of the simulation under way. */
export const small: {
  limits: SmallLimits | undefined;
  firstGeneration: number;
  /** Puts itself between a committer and its gate. */
  committer: (options: CommitterOptions) => CommitterOptions;
} = { limits: undefined, firstGeneration: 0, committer: (options) => options };

/** The module of limits, which asks the simulation each time. */
export function withSmallLimits(real: typeof limits): typeof limits {
  const module = { ...real };
  for (const name of smallLimitNames) {
    Object.defineProperty(module, name, { get: () => small.limits?.[name] ?? real[name] });
  }
  return module;
}
