/**
 * Asking a running instance: how long an answer takes, and what that does to reading. README.md says
 * what each figure is.
 * usage: node bench/control/ask.js [--rounds 40] [--json]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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
const rateMs = 2_000;
const askedEachMs = 100;

const folder = mkdtempSync(path.join(os.tmpdir(), 'imesde-bench-'));
const file = path.join(folder, 'lines');
writeFileSync(file, lines);
process.once('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});

/** What the shell runs, with the file of lines, node, imesde and the FIFO as its arguments. */
const loads = {
  idle: '"$1" "$2" --fifo "$3" --hold < "$0"',
  stream: 'while cat "$0"; do :; done 2> /dev/null | "$1" "$2" --fifo "$3" --window 100000',
};

const results = {};
for (const load of Object.keys(loads)) results[load] = await measure(load);
console.log(table(results));
if (options.json) console.log(JSON.stringify({ rounds, ...results }));

async function measure(load) {
  const fifo = path.join(folder, load);
  const child = spawn('bash', ['-c', loads[load], file, process.execPath, imesde, fifo], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  await request(fifo, query(phrase));
  await setTimeout(1_000);
  const linesPerSecond = await rate(fifo, () => setTimeout(rateMs));
  const times = { node: [], ask: [], known: [], fresh: [] };
  for (let round = 0; round < rounds; round += 1) {
    times.node.push(await timed(() => run(['-e', '0'])));
    times.ask.push(await timed(() => run([imesde, 'ask', phrase, '--fifo', fifo])));
    times.known.push(await request(fifo, query(phrase)));
    times.fresh.push(await request(fifo, query(`${phrase} in round ${round}`)));
  }
  const linesPerSecondAsked = await rate(fifo, async () => {
    for (const end = performance.now() + rateMs; performance.now() < end;) {
      await request(fifo, query(phrase));
      await setTimeout(askedEachMs);
    }
  });
  await request(fifo, { op: 'quit' });
  await ended;
  return {
    nodeMs: quantiles(times.node),
    askMs: quantiles(times.ask),
    knownPhraseMs: quantiles(times.known),
    newPhraseMs: quantiles(times.fresh),
    linesPerSecond,
    linesPerSecondAsked,
  };
}

function query(text) {
  return { op: 'query', phrase: text };
}

async function run(args) {
  const [code] = await once(spawn(process.execPath, args, { stdio: 'ignore' }), 'exit');
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
}

/** @returns ms from the request's way into the pipe to the end of its answer */
async function request(fifo, operation) {
  const asker = new Asker({ fifo, timeoutMs: 60_000 });
  try {
    return await timed(() => asker.ask([operation]));
  } finally {
    asker.close();
  }
}

/** @returns lines a second that were read while something was done */
async function rate(fifo, work) {
  const before = await linesRead(fifo);
  const ms = await timed(work);
  return Math.round(((await linesRead(fifo)) - before) / (ms / 1_000));
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

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function quantiles(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => Number(sorted[Math.ceil(share * sorted.length) - 1].toFixed(1));
  return { p50: at(0.5), p99: at(0.99) };
}

function table(byLoad) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const rows = [
    ['`node -e 0`', 'nodeMs'],
    ['`imesde ask`, end to end', 'askMs'],
    ['of that the instance, phrase known', 'knownPhraseMs'],
    ['of that the instance, phrase new', 'newPhraseMs'],
  ].map(([title, name]) => [
    title,
    ...Object.values(byLoad).map((result) => `${result[name].p50} / ${result[name].p99}`),
  ]);
  const rates = [
    ['lines/s, nobody asks', 'linesPerSecond'],
    [`lines/s, asked each ${askedEachMs} ms`, 'linesPerSecondAsked'],
  ].map(([title, name]) => [
    title,
    ...Object.values(byLoad).map((result) => result[name].toLocaleString('en-US')),
  ]);
  return [
    line(['p50 / p99, ms', ...Object.keys(byLoad)]),
    line(['---', '--:', '--:']),
    ...[...rows, ...rates].map(line),
  ].join('\n');
}
