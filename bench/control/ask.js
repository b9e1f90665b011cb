/**
 * Asking a running instance: how long an answer takes, and what that does to reading. README.md says
 * what each figure is.
 * usage: node bench/control/ask.js [--rounds 40] [--json]
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Asker } from '../../dist/control/asker.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const imesde = path.join(root, 'bin/imesde.js');
const logs = path.join(root, 'test/fixtures/logs');
const lines = readdirSync(logs)
  .filter((name) => !name.endsWith('.md'))
  .map((name) => readFileSync(path.join(logs, name), 'utf8'))
  .join('');
const phrase = 'disk is about to fail';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '40' },
    json: { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds);

const folder = mkdtempSync(path.join(os.tmpdir(), 'imesde-bench-'));
process.once('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});

const results = [];
for (const load of ['idle', 'stream']) results.push(await measure(load));

console.log(`p50 / p99 in ms, ${rounds} rounds; ${os.cpus()[0]?.model ?? ''}, Node ${process.version}`);
console.log(table(results));
if (options.json) console.log(JSON.stringify({ rounds, ...Object.fromEntries(results.map((r) => [r.load, r])) }));

async function measure(load) {
  const fifo = path.join(folder, load);
  const child = spawn(process.execPath, [imesde, '--fifo', fifo, '--window', '100000'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.stdin.write(lines);
  await request(fifo, phrase);
  const stopped = new AbortController();
  const feeding = load === 'stream' ? feed(child.stdin, stopped.signal) : Promise.resolve();
  if (load === 'stream') await setTimeout(1_000);
  const unasked = load === 'stream' ? await rate(fifo, () => setTimeout(2_000)) : undefined;
  const node = [];
  const endToEnd = [];
  const known = [];
  const fresh = [];
  for (let round = 0; round < rounds; round += 1) {
    node.push(timed(() => spawnSync(process.execPath, ['-e', '0'])));
    endToEnd.push(
      timed(() => spawnSync(process.execPath, [imesde, 'ask', phrase, '--fifo', fifo])),
    );
    known.push(await request(fifo, phrase));
    fresh.push(await request(fifo, `${phrase} in round ${round}`));
  }
  const asked =
    load === 'stream'
      ? await rate(fifo, async () => {
          for (const end = performance.now() + 2_000; performance.now() < end; ) {
            await request(fifo, phrase);
            await setTimeout(100);
          }
        })
      : undefined;
  stopped.abort();
  await feeding;
  child.stdin.end();
  await new Promise((resolve) => child.once('close', resolve));
  return {
    load,
    nodeMs: quantiles(node),
    askMs: quantiles(endToEnd),
    knownPhraseMs: quantiles(known),
    newPhraseMs: quantiles(fresh),
    linesPerSecond: unasked,
    linesPerSecondAsked: asked,
  };
}

/** @returns how long the answer took, in ms, from the request in the pipe */
async function request(fifo, text) {
  const asker = new Asker({ fifo, timeoutMs: 60_000 });
  try {
    const start = performance.now();
    await asker.ask([{ op: 'query', phrase: text }]);
    return performance.now() - start;
  } finally {
    asker.close();
  }
}

/** @returns lines a second that were read while something was done */
async function rate(fifo, work) {
  const start = performance.now();
  const before = await linesRead(fifo);
  await work();
  const after = await linesRead(fifo);
  return Math.round(((after - before) / (performance.now() - start)) * 1_000);
}

async function linesRead(fifo) {
  const asker = new Asker({ fifo, timeoutMs: 60_000 });
  try {
    const [[status]] = await asker.ask([{ op: 'status' }]);
    return status.lines.read;
  } finally {
    asker.close();
  }
}

function timed(work) {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** As fast as it is read, from another process: this one is busy waiting for answers. */
async function feed(stdin, signal) {
  const source = spawn('yes', [lines.trimEnd()], { stdio: ['ignore', 'pipe', 'ignore'] });
  source.stdout.pipe(stdin, { end: false });
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve);
  });
  source.stdout.unpipe(stdin);
  source.kill();
}

function quantiles(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => Number((sorted[Math.ceil(share * sorted.length) - 1] ?? NaN).toFixed(1));
  return { p50: at(0.5), p99: at(0.99) };
}
