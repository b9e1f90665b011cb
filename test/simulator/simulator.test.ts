/**
 * Lines, worker delays, failures, evictions and questions at random, against a model kept in plain
 * arrays. IMESDE_SIMULATOR_SEED replays one seed, IMESDE_SIMULATOR_SECONDS says for how long.
 */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Random } from './random.ts';
import { equip, Player, writeScript } from './script.ts';
import { Simulation } from './simulation.ts';

vi.mock('node:worker_threads', async () => ({
  Worker: (await import('./fake-worker.ts')).FakeWorker,
}));
vi.mock(import('../../src/shared/limits.ts'), async (load) => {
  const { withSmallLimits } = await import('./small.ts');
  return withSmallLimits(await load());
});
// Which shapes are one event is decided when an answer is given, and has tests of its own.
vi.mock(import('../../src/events/events.ts'), async (load) => {
  const real = await load();
  class Events extends real.Events {
    override add(): void {
      // So that every shape is an event by itself.
    }

    override remove(): void {
      // As above.
    }
  }
  return { ...real, Events };
});
vi.mock(import('../../src/ring/rows.ts'), async (load) => {
  const { small } = await import('./small.ts');
  const real = await load();
  class Rows extends real.Rows {
    constructor(options: { rowCount: number }) {
      super({ ...options, firstGeneration: small.firstGeneration });
    }
  }
  return { ...real, Rows };
});
vi.mock(import('../../src/window/committer.ts'), async (load) => {
  const { small } = await import('./small.ts');
  const real = await load();
  class Committer extends real.Committer {
    constructor(options: ConstructorParameters<typeof real.Committer>[0]) {
      super(small.committer(options));
    }
  }
  return { ...real, Committer };
});

const seconds = Number(process.env['IMESDE_SIMULATOR_SECONDS'] ?? 20);
const onlySeed = process.env['IMESDE_SIMULATOR_SEED'];
const now = performance.now.bind(performance);

// Watchdog and patience go by the virtual clock, which the simulation moves.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
  performance.now = now;
});

/** @param run - of a seed; says how many steps it took */
async function forAWhile(
  secondsMax: number,
  run: (seed: number) => Promise<number>,
): Promise<void> {
  let steps = 0;
  let seed = onlySeed === undefined ? Date.now() % 1_000_000_000 : Number(onlySeed);
  const started = now();
  do {
    try {
      steps += await run(seed);
    } catch (error) {
      throw new Error(`failed: replay it with IMESDE_SIMULATOR_SEED=${seed}`, { cause: error });
    } finally {
      vi.clearAllTimers();
    }
    seed += 1;
  } while (onlySeed === undefined && now() - started < secondsMax * 1_000);
  const elapsed = (now() - started) / 1_000;
  console.info(`simulator: ${steps} steps, ${Math.round(steps / elapsed)} a second`);
  expect(steps).toBeGreaterThan(0);
}

const simulate = (seed: number): Promise<number> => new Simulation(seed).simulate();

it(
  'keeps every line, row and reading as a model in plain arrays does, whatever workers do',
  // Never tried again: another seed would hide what this one found.
  { retry: 0, timeout: (seconds + 30) * 1_000 },
  async () => {
    await forAWhile(seconds, simulate);
  },
);

it(
  'prints the same bytes for the same input, however fast anything is, where lines are held back',
  { retry: 0, timeout: (seconds + 30) * 1_000 },
  async () => {
    await forAWhile(seconds / 4, async (seed) => {
      const random = new Random(seed);
      const script = writeScript(random);
      const printed = await new Player(script, equip(script, random), random).play();
      const again = await new Player(script, equip(script, random), random).play();
      expect(again).toBe(printed);
      return 2 * script.acts.length;
    });
  },
);

it('takes the same way again from the same seed', async () => {
  const seed = new Random(Date.now()).between(1, 1_000_000);
  expect(await simulate(seed)).toBe(await simulate(seed));
});
