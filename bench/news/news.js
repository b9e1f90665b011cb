/**
 * What `imesde new` tells: whether what is alarming comes first, whether alerts are among it, what it
 * tells of lines in which only names are new, and what a line costs.
 * usage: node bench/news/news.js [--data DIR] [--no-drain] [--json]
 * Without a folder: only what the project's own sample logs can show. README.md says what each row is.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Engine } from '../../dist/index.js';
import { embeddedModelFolder } from '../../dist/embed/manifest.js';
import { loadModel } from '../../dist/embed/model.js';
import { Alarm } from '../../dist/news/alarm.js';
import { Newness } from '../../dist/news/newness.js';
import { Masker } from '../../dist/shape/masker.js';
import { bin } from '../ingest/binary.js';
import { linesOf, ownFolders, readSystems, sharedFolders } from '../quality/data.js';
import { averagePrecision } from './average-precision.js';
import { costOf } from './cost.js';
import { namesOf, renamed } from './names.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    'no-drain': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const model = await loadModel(embeddedModelFolder);
const encoder = await model.createEncoder();
const wordIds = (word) => encoder.wordIds(word);
const result = {};

if (values.data !== undefined) {
  const alarming = alarmingEvents(values.data);
  const systems = readSystems(sharedFolders(values.data));
  await measureOrder(systems, alarming);
  measureAlerts(values.data);
}
measureNames(readSystems(ownFolders()));
await measureCost();
if (values.json) console.log(JSON.stringify(result));

/** By system, the events that an operator would call alarming. */
function alarmingEvents(data) {
  const queries = linesOf(path.join(data, 'queries.jsonl')).map((line) => JSON.parse(line));
  return new Map(
    queries
      .filter(({ kind }) => kind === 'anomaly')
      .map(({ system, relevant }) => [system, new Set(Object.keys(relevant))]),
  );
}

/** Each event when its first line comes: its scores then, by what it is ordered. */
async function measureOrder(systems, alarming) {
  const orders = {
    'as they came': () => 0,
    score: ({ novelty }) => novelty.score,
    'score, of what is told alone': ({ novelty, isNew }) => (isNew ? novelty.score : 0),
    'without the list of trouble': ({ alarm }) => alarm.most + alarm.mean,
    'the same, from "error" and "success" alone': ({ plain }) => plain.most + plain.mean,
    'distance to what was seen': ({ novelty }) => novelty.far,
    'distance from the centroid': ({ centroid }) => centroid,
    'trouble, by the list alone': ({ trouble }) => trouble,
  };
  const engine = await Engine.open({ rank: 'cosine' });
  const sums = Object.fromEntries(Object.keys(orders).map((name) => [name, 0]));
  let told = 0;
  let known = 0;
  for (const system of systems) {
    const first = await firstSightings(system, engine);
    const relevant = alarming.get(system.name);
    for (const [name, scoreOf] of Object.entries(orders)) {
      const scored = first.map((one) => ({ score: scoreOf(one), hit: relevant.has(one.event) }));
      sums[name] += averagePrecision(scored) / systems.length;
    }
    told += first.filter((one) => one.isNew && relevant.has(one.event)).length;
    known += first.filter((one) => relevant.has(one.event)).length;
  }
  await engine.close();
  result.order = sums;
  console.log(
    'average precision for alarming events, each when its first line comes (mean of systems)',
  );
  for (const [name, sum] of Object.entries(sums))
    console.log(`  ${name.padEnd(44)}${sum.toFixed(3)}`);
  console.log(`  of ${known} alarming events ${told} are told as new, the others as variations\n`);
}

/** What is known of each labelled event's first line when it comes. */
async function firstSightings({ lines, events }, engine) {
  const newness = new Newness({ table: model.words, wordIds });
  const alarm = new Alarm(model.words, wordIds);
  const plain = new Alarm(model.words, wordIds, { wrong: ['error'], well: ['success'] });
  const masker = new Masker({ exact: false });
  const seenEvents = new Set();
  const first = [];
  const sum = new Float64Array(model.spec.dimensions);
  for (const [i, line] of lines.entries()) {
    const key = masker.key(line);
    const isFirst = !seenEvents.has(events[i]);
    seenEvents.add(events[i]);
    if (key === undefined) continue;
    const sighting = newness.take(key);
    if (sighting === undefined) continue;
    const vector = await engine.embedQuery(key);
    if (isFirst) {
      const { isNew, novelty = { score: 0, far: 0, troubles: [] } } = sighting;
      const pieces = [...new Set(key.split(' ').flatMap((word) => [...wordIds(word)]))].slice(
        0,
        32,
      );
      first.push({
        event: events[i],
        isNew,
        novelty,
        alarm: alarm.weigh(pieces),
        plain: plain.weigh(pieces),
        trouble: novelty.troubles.length === 0 ? 0 : 1,
        centroid: 1 - cosine(vector, sum),
      });
    }
    for (let d = 0; d < sum.length; d += 1) sum[d] += vector[d];
  }
  return first;
}

function cosine(one, other) {
  let product = 0;
  let length = 0;
  for (let i = 0; i < one.length; i += 1) {
    product += one[i] * other[i];
    length += other[i] * other[i];
  }
  return length === 0 ? 0 : product / Math.sqrt(length);
}

/** BGL's first column says which lines raised an alert; it is cut off before anything is read. */
function measureAlerts(data) {
  const file = path.join(data, 'logs', 'BGL.log');
  const lines = linesOf(file).map((line) => {
    const [label, ...rest] = line.split(' ');
    return { isAlert: label !== '-', text: rest.join(' ') };
  });
  const news = newsOf(lines.map(({ text }) => text));
  const told = news.map(({ line, score }) => ({ score, hit: lines[line - 1].isAlert }));
  const above = told.filter(({ score }) => score >= 0.5);
  result.alerts = {
    lines: lines.length,
    alerts: lines.filter(({ isAlert }) => isAlert).length,
    told: told.length,
    alertsTold: told.filter(({ hit }) => hit).length,
    above: above.length,
    alertsAbove: above.filter(({ hit }) => hit).length,
    averagePrecision: averagePrecision(told),
    inOrder: averagePrecision(told.map(({ hit }) => ({ score: 0, hit }))),
  };
  const { alerts } = result;
  console.log(
    `BGL without its first column: ${alerts.told} of ${alerts.lines} lines are told as new, ` +
      `${alerts.alertsTold} of them alerts (${alerts.alerts} lines are); ` +
      `from .5 on ${alerts.above}, ${alerts.alertsAbove} alerts; ` +
      `average precision by score ${alerts.averagePrecision.toFixed(3)}, as they came ${alerts.inOrder.toFixed(3)}\n`,
  );
}

/** @returns what the command tells of lines, as it prints it */
function newsOf(lines, ...options) {
  return inFile(lines, (file) => {
    const printed = run(['new', '--json', '--lines', 'physical', ...options, file]);
    return printed
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  });
}

function inFile(lines, use) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'imesde-bench-news-'));
  try {
    const file = path.join(folder, 'lines');
    writeFileSync(file, `${lines.join('\n')}\n`);
    return use(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Exit code 1 says that nothing is new. */
function run(args) {
  try {
    return execFileSync(process.execPath, [bin, ...args], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  } catch (error) {
    if (error.status === 1) return error.stdout;
    throw error;
  }
}

/** After each log, a thousand lines of it in which nothing is new but the names. */
function measureNames(systems) {
  const count = 1_000;
  result.names = {};
  console.log(`told as new of ${count} lines that only name others, after the log; and without it`);
  for (const system of systems) {
    const names = namesOf(system);
    const lines = [...renamed(system, names, count)];
    const alone = newsOf(lines).length;
    const after = inFile(system.lines, (file) =>
      newsOf(lines, '--baseline', file).filter(({ kind }) => kind === 'new'),
    ).length;
    result.names[system.name] = { after, alone };
    console.log(
      `  ${system.name.padEnd(12)}${String(after).padStart(4)}${String(alone).padStart(8)}`,
    );
  }
  console.log();
}

async function measureCost() {
  const folders = values.data === undefined ? ownFolders() : sharedFolders(values.data);
  const lines = readSystems(folders).flatMap((system) => system.lines);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'imesde-bench-news-'));
  try {
    result.cost = await costOf(lines, folder, !values['no-drain']);
  } finally {
    rmSync(folder, { recursive: true });
  }
  const { copies, first, again, drain, digest } = result.cost;
  const whole = (value) => Math.round(value).toLocaleString('en-US');
  console.log(`lines/s, ${whole(lines.length)} lines once, and the same again ${copies - 1} times`);
  console.log(`  imesde new  ${whole(first)}, ${whole(again)}`);
  if (drain !== undefined)
    console.log(`  drain3      ${whole(drain.first)}, ${whole(drain.again)} (all)`);
  console.log(`imesde digest: ${whole(digest.lines)} lines in ${digest.seconds.toFixed(1)} s`);
}
