/** Time that this thread has been on a core, and the best of some rounds of it. */
import { readFileSync } from 'node:fs';

/** A round is at least so long: the kernel accounts for a running thread every few milliseconds. */
const roundMsMin = 100;

/**
 * @param {() => number | Promise<number>} run - does it once and tells the milliseconds
 * @returns nanoseconds of the fastest of some rounds: what disturbs a round only makes it slower
 */
export async function fastest(rounds, run) {
  let best = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    let milliseconds = 0;
    let runs = 0;
    while (milliseconds < roundMsMin && runs < roundMsMin) {
      milliseconds += await run();
      runs += 1;
    }
    best = Math.min(best, milliseconds / runs);
  }
  return best * 1e6;
}

/**
 * Milliseconds that the main thread has been on a core, so that other programs' load doesn't count;
 * its first number is in nanoseconds. Wall time where there is no such file.
 */
export function threadMs() {
  try {
    return (
      Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6
    );
  } catch {
    return performance.now();
  }
}

/** @returns milliseconds of the thread */
export async function timed(work) {
  const started = threadMs();
  await work();
  return threadMs() - started;
}
