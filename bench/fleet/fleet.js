/** What asking a fleet costs beside asking one instance, and what a stream brings. See README.md here. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { connect, createInbox } from '@nats-io/transport-node';
import { Asker } from '../../dist/control/fifo/asker.js';
import { FleetAsker } from '../../dist/control/nats/fleet-asker.js';
import { hostAnswerOf } from '../../dist/control/nats/host-reply.js';
import { mergeAnswers } from '../../dist/control/nats/merge.js';
import { busSettings } from '../../dist/control/nats/settings.js';
import { imesde, Instance, timed, timedRun } from '../control/instance.js';
import { quantiles, table } from '../report.js';
import { startServer } from './nats.js';
import { measureStream } from './streams.js';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '40' },
    lines: { type: 'string', default: '200000' },
    json: { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds);
const instanceCount = 4;
const knownPhrase = 'disk is full';
const request = JSON.stringify({ op: 'query', phrase: knownPhrase });
const timeoutMs = 60_000;

const folder = mkdtempSync(path.join(tmpdir(), 'imesde-bench-fleet-'));
const server = await startServer(folder);
const settings = busSettings(server.url, {});
process.env.NATS_URL = server.url;

const results = { ask: await measureAsks(), pretended: [], streams: [] };
for (const count of [10, 100, 1_000]) results.pretended.push(await measurePretended(count));
for (const linesEach of [1, 10, 100]) {
  const lines = Number(options.lines) * (linesEach === 1 ? 0.5 : linesEach === 10 ? 1 : 4);
  results.streams.push(await measureStream({ url: server.url, linesEach, lines }));
}
report();
server.stop();
rmSync(folder, { recursive: true, force: true });

async function measureAsks() {
  const logs = fileURLToPath(new URL('../../test/fixtures/logs', import.meta.url));
  const file = path.join(folder, 'logs');
  const logNames = readdirSync(logs).filter((name) => !name.endsWith('.md'));
  writeFileSync(file, logNames.map((name) => readFileSync(path.join(logs, name), 'utf8')).join(''));
  const instances = Array.from(
    { length: instanceCount },
    (_, i) =>
      new Instance({
        folder,
        name: `fifo-${i}`,
        command: { script: '"$@" --hold < "$0"', file },
        args: ['--fleet', '--name', `host-${i}`, '--group', i === 0 ? 'one' : 'others'],
      }),
  );
  for (const instance of instances) await instance.holds(1);
  while ((await fleetAsk(knownPhrase)).length < instanceCount) await setTimeout(100);
  for (const instance of instances) await instance.ask(knownPhrase);
  const [first] = instances;
  const kinds = [
    'client',
    'fifo',
    'fleetOfOne',
    'fifos',
    'fleet',
    'fifoNew',
    'fifosNew',
    'fleetNew',
  ];
  const times = Object.fromEntries([...kinds, 'fifoRun', 'fleetRun'].map((name) => [name, []]));
  const take = async (name, work) => times[name].push(await timed(work));
  const allFifos = (phrase) => Promise.all(instances.map((instance) => fifoAsk(instance, phrase)));
  const cli = (...args) => timedRun([imesde, 'ask', knownPhrase, ...args]);
  for (let round = 0; round < rounds; round += 1) {
    await take('client', () => clientAlone('imesde.v1.status', '{"op":"status"}', instanceCount));
    await take('fifo', () => fifoAsk(first, knownPhrase));
    await take('fleetOfOne', () => fleetAsk(knownPhrase, 'one'));
    await take('fifos', () => allFifos(knownPhrase));
    await take('fleet', () => fleetAsk(knownPhrase));
    // Another phrase for each, or the first would have read for the second.
    await take('fifoNew', () => fifoAsk(first, `${knownPhrase} or so ${round}`));
    await take('fifosNew', () => allFifos(`${knownPhrase} perhaps ${round}`));
    await take('fleetNew', () => fleetAsk(`${knownPhrase} maybe ${round}`));
    times.fifoRun.push(await cli('--fifo', first.fifo));
    times.fleetRun.push(await cli('--fleet'));
  }
  for (const instance of instances) await instance.quit();
  return Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, quantiles(ms)]));
}

/** With a new asker, as a command has it. */
async function fifoAsk(instance, phrase) {
  const asker = new Asker({ fifo: instance.fifo, timeoutMs });
  try {
    return await asker.ask([{ op: 'query', phrase }]);
  } finally {
    asker.close();
  }
}

async function fleetAsk(phrase, group) {
  const asker = await FleetAsker.connect({
    settings,
    group,
    expect: undefined,
    timeoutMs,
  });
  try {
    const { replies, missing } = await asker.ask('query', [{ op: 'query', phrase }]);
    if (missing.length > 0) throw new Error(`${missing.length} are missing`);
    mergeAnswers(replies[0].map(hostAnswerOf), {});
    return replies[0];
  } catch (error) {
    if (/no instance/.test(error.message)) return [];
    throw error;
  } finally {
    await asker.close();
  }
}

/** Connects, asks, counts so many answers, and knows that these are all. */
async function clientAlone(subject, request, count) {
  const client = await connect({ servers: server.url });
  const inbox = createInbox();
  let left = count;
  await new Promise((resolve) => {
    client.subscribe(inbox, {
      callback: () => {
        left -= 1;
        if (left === 0) resolve();
      },
    });
    client.publish(subject, request, { reply: inbox });
  });
  await client.close();
}

async function measurePretended(count) {
  const script = fileURLToPath(new URL('pretend.js', import.meta.url));
  const child = spawn(process.execPath, [script, server.url, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const times = { client: [], gather: [], merge: [] };
  for (let round = 0; round < Math.min(rounds, 20); round += 1) {
    times.client.push(await timed(() => clientAlone('imesde.v1.query', request, count)));
    const asker = await FleetAsker.connect({
      settings,
      group: undefined,
      expect: undefined,
      timeoutMs,
    });
    let asked;
    times.gather.push(
      await timed(async () => {
        asked = await asker.ask('query', [{ op: 'query', phrase: knownPhrase }]);
      }),
    );
    await asker.close();
    if (asked.missing.length > 0 || asked.replies[0].length !== count)
      throw new Error('incomplete');
    times.merge.push(await timed(() => mergeAnswers(asked.replies[0].map(hostAnswerOf), {})));
  }
  child.kill();
  await once(child, 'exit');
  const figures = Object.entries(times).map(([name, ms]) => [name, quantiles(ms)]);
  return { count, ...Object.fromEntries(figures) };
}

function report() {
  const { ask, pretended, streams } = results;
  const cells = ({ p50, p99 }) => `${p50} / ${p99}`;
  const ratio = (one, other) => (ask[one].p50 / ask[other].p50).toFixed(2);
  const row = (title, fifo, fleet) => [
    title,
    cells(ask[fifo]),
    cells(ask[fleet]),
    ratio(fleet, fifo),
  ];
  console.log(
    table(
      ['p50 / p99 ms', 'by FIFO', 'over the bus', 'ratio of p50'],
      [
        ['the client alone: connects, asks 4 for their status', '', cells(ask.client), ''],
        row('1 instance, phrase known', 'fifo', 'fleetOfOne'),
        row('4 instances at once, phrase known', 'fifos', 'fleet'),
        row('1 instance by FIFO, 4 over the bus, phrase known', 'fifo', 'fleet'),
        row('4 instances at once, phrase new', 'fifosNew', 'fleetNew'),
        row('1 instance by FIFO, 4 over the bus, phrase new', 'fifoNew', 'fleetNew'),
        row('`imesde ask`, end to end: 1 by FIFO, 4 over the bus', 'fifoRun', 'fleetRun'),
      ],
    ),
  );
  console.log(
    `\n${table(
      ['pretended instances, p50 / p99 ms', 'the client alone', 'gather', 'merge'],
      pretended.map(({ count, client, gather, merge }) => [
        count,
        cells(client),
        cells(gather),
        cells(merge),
      ]),
    )}`,
  );
  console.log(
    `\n${table(
      ['lines a message', 'the client alone, lines/s', 'imesde, lines/s'],
      streams.map(({ linesEach, alone, imesde: own }) => [
        linesEach,
        alone.toLocaleString('en-US'),
        own.toLocaleString('en-US'),
      ]),
    )}`,
  );
  if (options.json) console.log(JSON.stringify(results));
}
