import type { Random } from './random.ts';

const uint32Max = 2 ** 32 - 1;

/** What a seed chooses: bounds so small that they are often met, and how often things go wrong. */
export type Scenario = ReturnType<typeof chooseScenario>;

export function chooseScenario(random: Random) {
  // Where draining takes several turns, the model can't foresee when a line without vector goes.
  const sliceLines = random.pick([1, 3, 1_000, 1_000]);
  const window = {
    maxLines: random.pick([1, 2, 7, 40, 90]),
    maxShapes: random.pick([1, 2, 5, 30, 120]),
    maxBytes: random.pick([1, 60, 400, 10_000]),
  };
  return {
    steps: random.between(20, 400),
    keep: random.pick(['lines', 'shapes'] as const),
    dropsOldest: random.chance(0.5),
    window,
    rowCount: window.maxShapes + random.pick([1, 2, 10, 300]),
    bounds: {
      sliceLines,
      waitingLinesMax: random.pick([1, 4, 30, 500]),
      waitingBytesMax: random.pick([20, 500, 100_000]),
    },
    workersMax: random.between(1, 4),
    /** Near the ends of 31 and 32 bits, too. */
    firstGeneration: random.pick([0, 2 ** 31 - 3, uint32Max - 2]),
    firstNumber: random.pick([1, 2 ** 31 - 50, uint32Max - 50]),
    keyCount: random.pick([1, 3, 20, 200, 100_000]),
    /** Share of lines whose vector can't be stored. */
    badShare: sliceLines === 1_000 ? random.pick([0, 0, 0.1]) : 0,
    delayMsMax: random.pick([0, 5, 50]),
    failureShare: random.pick([0, 0, 0.02, 0.2]),
    hangShare: random.chance(0.05) ? 0.05 : 0,
  };
}
