/** Another checkout's whole path beside this one's, over the same lines, in turns. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ownScript = fileURLToPath(new URL('stages.js', import.meta.url));

/** Of each stage the best of all turns, in nanoseconds a line, for what both builds measure as a whole. */
export function measureBeside(folder, lines, { turns, rounds }) {
  const input = mkdtempSync(path.join(os.tmpdir(), 'imesde-bench-'));
  try {
    const file = path.join(input, 'lines');
    writeFileSync(file, lines);
    const run = (script, extra) => {
      const args = [script, file, '--rounds', String(rounds), '--json', ...extra];
      const stdout = execFileSync(process.execPath, args, { encoding: 'utf8' });
      return JSON.parse(stdout.trimEnd().split('\n').at(-1)).stages;
    };
    const scripts = {
      this: () => run(ownScript, ['--known']),
      other: () => run(path.join(folder, 'bench/stages/stages.js'), []),
    };
    const best = {};
    for (let turn = 0; turn < turns; turn += 1) {
      // The first of a turn is the last of the next, so that neither always follows the other.
      const order = turn % 2 === 0 ? ['other', 'this'] : ['this', 'other'];
      for (const build of order) {
        for (const [stage, ns] of Object.entries(scripts[build]())) {
          best[stage] ??= { this: Infinity, other: Infinity };
          best[stage][build] = Math.min(best[stage][build], ns);
        }
      }
    }
    return Object.fromEntries(
      Object.entries(best).filter(
        ([, ns]) => Number.isFinite(ns.this) && Number.isFinite(ns.other),
      ),
    );
  } finally {
    rmSync(input, { recursive: true });
  }
}
