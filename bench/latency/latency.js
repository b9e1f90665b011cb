/**
 * From a line's way in to its way out of an idle `imesde -w`, for lines of known and of new shapes,
 * and with the default threshold among new lines that answer nothing.
 * usage: node bench/latency/latency.js [--known 1000] [--new 200] [--json]
 */
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { bin } from '../ingest/binary.js';
import { generateLines } from '../ingest/generator.js';
import { differentLines, wholeWords } from '../stages/different-lines.js';

const { values: options } = parseArgs({
  options: {
    known: { type: 'string', default: '1000' },
    new: { type: 'string', default: '200' },
    json: { type: 'boolean', default: false },
  },
});

/** Between two lines: the instance is idle again. */
const pauseMs = 5;
/** Lines for one that answers, where few do. */
const answerEvery = 10;
/** An instance has started by then. */
const startMs = 2_000;
const answerMsMax = 30_000;
/** The first lines make the engine warm and are not counted. */
const warmLines = 50;

/** @returns a running `imesde -w` of this phrase, which has read the first lines and is idle */
async function start(phrase, args, firstLines) {
  const child = spawn(process.execPath, [bin, '-w', phrase, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.on('exit', (code) => {
    if (code > 1) throw new Error(`imesde ended with ${code}`);
  });
  const watch = { stdin: child.stdin, onOutput: () => undefined };
  child.stdout.on('data', () => watch.onOutput());
  for (const line of firstLines) child.stdin.write(`${line}\n`);
  await delay(startMs);
  // Whatever is printed last is from the lines above, once nothing more comes for a while.
  let isQuiet = false;
  while (!isQuiet) {
    isQuiet = true;
    watch.onOutput = () => {
      isQuiet = false;
    };
    await delay(1_500);
  }
  return watch;
}

/** @returns milliseconds until the line was printed */
async function roundTrip(watch, line) {
  const printed = new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer to: ${line}`)), answerMsMax);
    watch.onOutput = () => {
      clearTimeout(timer);
      resolve(performance.now());
    };
  });
  const started = performance.now();
  watch.stdin.write(`${line}\n`);
  return (await printed) - started;
}

async function measure(watch, lines) {
  const times = [];
  for (const line of lines) {
    times.push(await roundTrip(watch, line));
    await delay(pauseMs);
  }
  return quantiles(times.slice(warmLines));
}

/** Only each tenth line answers: it waits for no other, since those before it are not read. */
async function measureAmongOthers(watch, others, answers) {
  const times = [];
  let place = 0;
  for (const line of others) {
    place += 1;
    if (place % answerEvery !== 0) {
      watch.stdin.write(`${line}\n`);
    } else {
      times.push(await roundTrip(watch, answers.next().value));
    }
    await delay(pauseMs);
  }
  return quantiles(times.slice(warmLines));
}

function quantiles(times) {
  const counted = times.toSorted((a, b) => a - b);
  const quantile = (share) =>
    counted[Math.min(counted.length - 1, Math.floor(share * counted.length))];
  const [p50, p99, max] = [quantile(0.5), quantile(0.99), counted.at(-1)];
  return { lines: counted.length, p50Ms: p50, p99Ms: p99, maxMs: max };
}

/** Lines that say what the phrase says, each with a word of its own: a new shape each time. */
function* answersOf(phrase) {
  for (const word of wholeWords().slice(1_000)) yield `${word}: ${phrase}`;
}

const phrase = 'the disk is full';
const newLines = Number(options.new) + warmLines;
// The least score of all: every line answers the phrase, so every line is read and comes out.
const all = await start(
  phrase,
  ['-s', '-1'],
  generateLines({ lines: 2_000, newShare: 0, seed: 1 }),
);
const knownLines = Number(options.known) + warmLines;
const result = {
  known: await measure(all, generateLines({ lines: knownLines, newShare: 0, seed: 2 })),
  new: await measure(all, generateLines({ lines: newLines, newShare: 1, seed: 3 })),
};
all.stdin.end();
const few = await start(phrase, [], differentLines(1_000));
result['new, among lines that are not read'] = await measureAmongOthers(
  few,
  differentLines(answerEvery * newLines),
  answersOf(phrase),
);
few.stdin.end();

console.log('| shape | lines | p50 ms | p99 ms | max ms |\n| --- | --: | --: | --: | --: |');
for (const [name, { lines, p50Ms, p99Ms, maxMs }] of Object.entries(result)) {
  const figures = [p50Ms, p99Ms, maxMs].map((ms) => ms.toFixed(2));
  console.log(`| ${name} | ${lines} | ${figures.join(' | ')} |`);
}
if (options.json) console.log(JSON.stringify(result));
