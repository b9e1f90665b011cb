import type { Random } from './random.ts';

const uint32Max = 2 ** 32 - 1;

/** What a seed chooses: bounds so small that they are often met, and how often things go wrong. */
export type Scenario = ReturnType<typeof chooseScenario>;

export function chooseScenario(random: Random) {
  const mode = random.pick(['glance', 'glance', 'reading'] as const);
  const urgentRows = random.pick([1, 1, 1, 2, 8]);
  return {
    steps: random.between(20, 400),
    mode,
    keep: random.pick(['lines', 'shapes'] as const),
    onOverload: random.pick(
      mode === 'glance'
        ? (['block', 'block', 'screen', 'drop-oldest'] as const)
        : (['block', 'drop-oldest'] as const),
    ),
    window: random.pick([1, 2, 7, 40, 90]),
    windowBytes: random.pick([1, 60, 400, 10_000]),
    rows: random.pick([1, 1, 2, 5, 30, 120]),
    limits: {
      urgentRows,
      leasedRowsMax: urgentRows + random.pick([1, 1, 1, 3, 300]),
      candidatesMin: random.pick([1, 5, 100]),
      glancedCandidatesMin: random.pick([1, 4, 20, 200]),
      likeCandidatesMax: random.pick([1, 2, 10]),
    },
    bounds: {
      sliceLines: random.pick([1, 3, 1_000, 1_000]),
      waitingLinesMax: random.pick([1, 4, 30, 500]),
      waitingBytesMax: random.pick([20, 500, 100_000]),
      patienceMs: random.pick([1, 20, 200]),
    },
    workersMax: random.between(1, 4),
    /** Near the ends of 31 and 32 bits, too. */
    firstGeneration: random.pick([0, 2 ** 31 - 3, uint32Max - 2]),
    firstNumber: random.pick([1, 2 ** 31 - 50, uint32Max - 50]),
    /** Words that lines are made of, and of how many. */
    wordCount: random.pick([2, 5, 40]),
    lineWordsMax: random.pick([1, 3, 5, 40]),
    /** Share of lines that differ from one another in a word. */
    alikeShare: random.pick([0, 0, 0.7]),
    /** Share of lines whose vector can't be stored. */
    badShare: random.pick([0, 0, 0.1]),
    rawShare: random.pick([0, 0.05, 0.5]),
    watchesMax: random.between(0, 4),
    delayMsMax: random.pick([0, 5, 50]),
    failureShare: random.pick([0, 0, 0.02, 0.2]),
    /** What failed once succeeds the next time. */
    failsOnce: false,
    hangShare: random.chance(0.05) ? 0.05 : 0,
    pauseShare: random.pick([0, 0.1, 0.6]),
  };
}
