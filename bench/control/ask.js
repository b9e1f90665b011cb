/**
 * Asking a running instance: how long an answer takes, and what that does to reading and to watches.
 * README.md says what each figure is.
 * usage: node bench/control/ask.js [--rounds 40] [--many 1000000] [--json]
 */
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as limits from '../../dist/shared/limits.js';
import { quantiles, table } from '../report.js';
import { differentLines, wholeWords } from '../stages/different-lines.js';
import { measureDuringAsks } from './during-asks.js';
import { imesde, Instance, timed, timedRun } from './instance.js';

const logs = fileURLToPath(new URL('../../test/fixtures/logs', import.meta.url));
const knownPhrase = 'disk is about to fail';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '40' },
    many: { type: 'string', default: '1000000' },
    json: { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds);
const rateMs = 2_000;
const askedEachMs = 100;
let phraseWords;
let phraseNumber = 0;

const folder = mkdtempSync(path.join(os.tmpdir(), 'imesde-bench-'));
process.once('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});
const sampleLogs = path.join(folder, 'logs.txt');
writeFileSync(
  sampleLogs,
  readdirSync(logs)
    .filter((name) => !name.endsWith('.md'))
    .map((name) => readFileSync(path.join(logs, name), 'utf8'))
    .join(''),
);
const full = { lines: limits.windowLinesDefault, file: path.join(folder, 'full.txt') };
const many = { lines: Number(options.many), file: path.join(folder, 'many.txt') };
for (const { lines, file } of [full, many]) writeDifferentLines(file, lines);

/** What bash runs, with the file of lines as its name and the instance's command as its arguments. */
const once = '"$@" --hold < "$0"';
const again = 'while cat "$0"; do :; done 2> /dev/null | "$@"';
const loads = {
  idle: { script: once, file: sampleLogs, args: [], lines: 1 },
  stream: { script: again, file: sampleLogs, args: ['--window', '100000'], lines: 1 },
  [`${full.lines} different`]: { script: once, ...full, args: [] },
  [`${many.lines} different`]: { script: once, ...many, args: ['--window', String(many.lines)] },
};

const results = {};
for (const [name, load] of Object.entries(loads)) results[name] = await measure(load);
console.log(answersTable());
const watch = await measureDuringAsks({ folder, ...full, rounds, newPhrase });
console.log(watchTable());
if (options.json) console.log(JSON.stringify({ rounds, ...results, watch }));

async function measure({ script, file, args, lines }) {
  const instance = new Instance({ folder, name: 'asked', command: { script, file }, args });
  await instance.holds(lines);
  await instance.ask(knownPhrase);
  await setTimeout(1_000);
  const linesPerSecond = await rate(instance, () => setTimeout(rateMs));
  const times = { node: [], ask: [], askNew: [], known: [], fresh: [] };
  const askArgs = (phrase) => [imesde, 'ask', phrase, '--fifo', instance.fifo];
  for (let round = 0; round < rounds; round += 1) {
    times.node.push(await timedRun(['-e', '0']));
    times.ask.push(await timedRun(askArgs(knownPhrase)));
    times.askNew.push(await timedRun(askArgs(newPhrase())));
    times.known.push(await instance.ask(knownPhrase));
    times.fresh.push(await instance.ask(newPhrase()));
  }
  const linesPerSecondAsked = await rate(instance, async () => {
    for (const end = performance.now() + rateMs; performance.now() < end;) {
      await instance.ask(knownPhrase);
      await setTimeout(askedEachMs);
    }
  });
  await instance.quit();
  return {
    nodeMs: quantiles(times.node),
    askMs: quantiles(times.ask),
    askNewMs: quantiles(times.askNew),
    knownPhraseMs: quantiles(times.known),
    newPhraseMs: quantiles(times.fresh),
    linesPerSecond,
    linesPerSecondAsked,
  };
}

/** @returns lines a second that were read while something was done */
async function rate(instance, work) {
  const before = await instance.linesRead();
  const ms = await timed(work);
  return Math.round(((await instance.linesRead()) - before) / (ms / 1_000));
}

/** Of words that nobody asked for: what it finds has not been read. */
function newPhrase() {
  phraseWords ??= wholeWords();
  phraseNumber += 1;
  return [1, 2, 3]
    .map((factor) => phraseWords[(phraseNumber * factor * 7_919) % phraseWords.length])
    .join(' ');
}

function writeDifferentLines(file, count) {
  const descriptor = openSync(file, 'w');
  let block = '';
  for (const line of differentLines(count)) {
    block += `${line}\n`;
    if (block.length < 1_048_576) continue;
    writeSync(descriptor, block);
    block = '';
  }
  writeSync(descriptor, block);
  closeSync(descriptor);
}

function answersTable() {
  const columns = Object.values(results);
  const times = [
    ['`node -e 0`', 'nodeMs'],
    ['`imesde ask`, end to end, phrase known', 'askMs'],
    ['`imesde ask`, end to end, phrase new', 'askNewMs'],
    ['of that the instance, phrase known', 'knownPhraseMs'],
    ['of that the instance, phrase new', 'newPhraseMs'],
  ].map(([title, name]) => [
    title,
    ...columns.map((result) => `${result[name].p50} / ${result[name].p99}`),
  ]);
  const rates = [
    ['lines/s, nobody asks', 'linesPerSecond'],
    [`lines/s, asked each ${askedEachMs} ms`, 'linesPerSecondAsked'],
  ].map(([title, name]) => [
    title,
    ...columns.map((result) => result[name].toLocaleString('en-US')),
  ]);
  return table(['p50 / p99, ms', ...Object.keys(results)], [...times, ...rates]);
}

function watchTable() {
  const titles = {
    unasked: 'nobody asks',
    askedKnown: 'asked all the time, phrase known',
    askedNew: 'asked all the time, phrase new',
  };
  const rows = Object.entries(titles).map(([name, title]) => {
    const { lines, p50, p99, max } = watch[name];
    return [title, lines, p50, p99, max];
  });
  const title = `line in to line out, window full of different shapes`;
  return `\n${table([title, 'lines', 'p50 ms', 'p99 ms', 'max ms'], rows)}`;
}
