import { execFileSync } from 'node:child_process';
import os from 'node:os';

const starts = 5;

/** What the figures of a run come from: the machine, Node, and what starting Node alone takes. */
export function describeMachine() {
  const seconds = Array.from({ length: starts }, () => {
    const started = performance.now();
    execFileSync(process.execPath, ['-e', '0']);
    return (performance.now() - started) / 1_000;
  }).sort((a, b) => a - b);
  const [cpu] = os.cpus();
  const cores = os.availableParallelism();
  return (
    `${cores} cores of ${cpu?.model.trim() ?? 'an unknown CPU'}, Node ${process.versions.node}, ` +
    `\`node -e 0\`: ${seconds[Math.floor(starts / 2)].toFixed(2)} s`
  );
}
