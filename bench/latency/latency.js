/**
 * From a line's way in to its way out of an idle `imesde -w`, for lines of known and of new shapes.
 * usage: node bench/latency/latency.js [--known 1000] [--new 200] [--json]
 */
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { bin } from '../ingest/binary.js';
import { generateLines } from '../ingest/generator.js';

const { values: options } = parseArgs({
  options: {
    known: { type: 'string', default: '1000' },
    new: { type: 'string', default: '200' },
    json: { type: 'boolean', default: false },
  },
});

/** Between two lines: the instance is idle again. */
const pauseMs = 5;
/** The first lines make the engine warm and are not counted. */
const warmLines = 50;

// The least score of all: every line answers the phrase, so every line comes out.
const child = spawn(process.execPath, [bin, '-w', 'the disk is full', '-s', '-1'], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
let onOutput = () => undefined;
child.stdout.on('data', () => onOutput());
child.on('exit', (code) => {
  if (code !== 0) throw new Error(`imesde ended with ${code}`);
});

/** @returns milliseconds until the line was printed */
async function roundTrip(line) {
  const printed = new Promise((resolve) => {
    onOutput = () => resolve(performance.now());
  });
  const started = performance.now();
  child.stdin.write(`${line}\n`);
  return (await printed) - started;
}

async function measure(lines) {
  const times = [];
  for (const line of lines) {
    times.push(await roundTrip(line));
    await delay(pauseMs);
  }
  const counted = times.slice(warmLines).sort((a, b) => a - b);
  const quantile = (share) =>
    counted[Math.min(counted.length - 1, Math.floor(share * counted.length))];
  const [p50, p99, max] = [quantile(0.5), quantile(0.99), counted.at(-1)];
  return { lines: counted.length, p50Ms: p50, p99Ms: p99, maxMs: max };
}

const known = Number(options.known) + warmLines;
for (const line of generateLines({ lines: 2_000, newShare: 0, seed: 1 }))
  child.stdin.write(`${line}\n`);
await delay(100);
// Whatever is printed last is from the lines above, once nothing more comes for a while.
let isQuiet = false;
while (!isQuiet) {
  isQuiet = true;
  onOutput = () => {
    isQuiet = false;
  };
  await delay(1_500);
}
const result = {
  known: await measure(generateLines({ lines: known, newShare: 0, seed: 2 })),
  new: await measure(
    generateLines({ lines: Number(options.new) + warmLines, newShare: 1, seed: 3 }),
  ),
};
child.stdin.end();

console.log('| shape | lines | p50 ms | p99 ms | max ms |\n| --- | --: | --: | --: | --: |');
for (const [name, { lines, p50Ms, p99Ms, maxMs }] of Object.entries(result)) {
  const figures = [p50Ms, p99Ms, maxMs].map((ms) => ms.toFixed(2));
  console.log(`| ${name} | ${lines} | ${figures.join(' | ')} |`);
}
if (options.json) console.log(JSON.stringify(result));
