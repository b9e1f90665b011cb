/**
 * Events beside labelled ones, what they merge in prose, and what they cost.
 * usage: node bench/events/events.js [--data DIR] [--masker FILE] [--shapes N] [--rules JSON] [--merged] [--json]
 * Without a folder: the project's own sample logs. --masker: another build's shape/masker.js.
 * --rules: other numbers than src/events/variation.ts has. --merged: print what is merged in prose.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { Events } from '../../dist/events/events.js';
import { ownFolders, readSystems, sharedFolders } from '../quality/data.js';
import { cost } from './cost.js';
import { eventsOf, grouping } from './grouping.js';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    masker: { type: 'string' },
    shapes: { type: 'string', default: '100000' },
    rules: { type: 'string', default: '{}' },
    merged: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const maskerFile =
  values.masker === undefined
    ? new URL('../../dist/shape/masker.js', import.meta.url)
    : pathToFileURL(path.resolve(values.masker));
const { Masker } = await import(maskerFile);
const rules = JSON.parse(values.rules);
const folders = values.data === undefined ? ownFolders() : sharedFolders(values.data);
const result = { systems: {}, mean: {}, prose: {}, cost: [] };

console.log('            shapes alone              events                    labelled');
console.log('system      GA     FGA    groups wrong  GA     FGA    groups wrong  events');
const systems = readSystems(folders);
const sum = { shapes: { ga: 0, fga: 0 }, events: { ga: 0, fga: 0 } };
for (const { name, lines, events: labels } of systems) {
  const keys = keysOf(lines);
  const found = {
    shapes: grouping(keys, labels),
    events: grouping(eventsOf(keys, newEvents(keys.length)), labels),
  };
  result.systems[name] = found;
  for (const kind of ['shapes', 'events']) {
    sum[kind].ga += found[kind].ga / systems.length;
    sum[kind].fga += found[kind].fga / systems.length;
  }
  console.log(
    `${name.padEnd(12)}${columns(found.shapes)}  ${columns(found.events)}  ${found.events.events}`,
  );
}
result.mean = sum;
console.log(`${'mean'.padEnd(12)}${columns(sum.shapes)}  ${columns(sum.events)}\n`);

const proseFolder = values.data === undefined ? '' : path.join(values.data, 'prose');
if (existsSync(proseFolder)) {
  for (const name of ['headlines', 'firehose', 'messages']) {
    const keys = keysOf(readFileSync(path.join(proseFolder, `${name}.txt`), 'utf8').split('\n'));
    const events = eventsOf(keys, newEvents(keys.length));
    const merged = new Map();
    for (const [i, event] of events.entries()) {
      if (!merged.has(event)) merged.set(event, new Set());
      merged.get(event).add(keys[i]);
    }
    const groups = [...merged.values()].filter((group) => group.size > 1);
    result.prose[name] = { shapes: new Set(keys).size, merged: groups.length };
    console.log(`${name}: ${new Set(keys).size} shapes, ${groups.length} merged groups`);
    if (values.merged) for (const group of groups) console.log([...group].join('\n'), '\n');
  }
}

console.log('\ncost, of one core');
for (const kind of ['templates', 'prose']) {
  const figures = cost(kind, Number(values.shapes), rules);
  result.cost.push(figures);
  console.log(
    `${kind.padEnd(12)}${figures.shapes} shapes of 12 words: add ${figures.add.toFixed(2)} µs, ` +
      `event ${figures.event.toFixed(2)} µs, remove ${figures.remove.toFixed(2)} µs, ` +
      `${figures.bytes.toFixed(1)} bytes a shape, ${figures.events} events`,
  );
}
if (values.json) console.log(JSON.stringify(result));

function keysOf(lines) {
  const masker = new Masker({ exact: false });
  return lines.map((line) => masker.key(line)).filter((key) => key !== undefined);
}

function newEvents(shapesMax) {
  return new Events({ shapesMax, rules });
}

function columns({ ga, fga, groups = '', wrong = '' }) {
  return `${ga.toFixed(3)}  ${fga.toFixed(3)}  ${String(groups).padEnd(6)} ${String(wrong).padEnd(5)}`;
}
