/** What a line costs: the whole command, its start taken off, beside drain3's loop in the same run. */
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runBinary } from '../ingest/binary.js';

const drain3 = 'drain3==0.9.11';
const copies = 20;
/** Quickest of so many: what else the machine does only adds. */
const rounds = 3;

/**
 * @param {string[]} lines
 * @param {string} folder - for what is written
 * @param {boolean} withDrain
 */
export async function costOf(lines, folder, withDrain) {
  const write = (name, some) => {
    const file = path.join(folder, name);
    writeFileSync(file, `${some.join('\n')}\n`);
    return file;
  };
  const few = write('few', lines.slice(0, 10));
  const once = write('once', lines);
  const many = write('many', Array.from({ length: copies }, () => lines).flat());
  const args = ['new', '--stats', '--lines', 'physical'];
  const start = await quickest(args, few);
  const first = await quickest(args, once);
  const all = await quickest(args, many);
  return {
    lines: lines.length,
    copies,
    first: lines.length / (first - start),
    again: ((copies - 1) * lines.length) / (all - first),
    drain: withDrain ? { first: drainSpeed(once), again: drainSpeed(many) } : undefined,
    digest: { lines: copies * lines.length, seconds: await quickest(['digest', '--stats'], many) },
  };
}

async function quickest(args, file) {
  let best = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const { seconds } = await runBinary(args, [file]);
    best = Math.min(best, seconds);
  }
  return best;
}

/** Lines a second. */
function drainSpeed(file) {
  const script = fileURLToPath(new URL('drain.py', import.meta.url));
  const printed = execFileSync(pythonWithDrain(), [script, file], { encoding: 'utf8' });
  const { lines, seconds } = JSON.parse(printed);
  return lines / seconds;
}

/** PYTHON, or else a virtual environment in the temporary folder, made where there is none yet. */
function pythonWithDrain() {
  if (process.env.PYTHON) return process.env.PYTHON;
  const folder = path.join(os.tmpdir(), 'imesde-bench-news-venv');
  const python = path.join(folder, 'bin', 'python');
  const complete = path.join(folder, 'complete');
  if (!existsSync(complete)) {
    process.stderr.write(`making ${folder} with ${drain3}\n`);
    const stdio = ['ignore', 2, 2];
    execFileSync('python3', ['-m', 'venv', '--clear', folder], { stdio });
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', drain3], { stdio });
    writeFileSync(complete, '');
  }
  return python;
}
