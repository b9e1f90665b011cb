/** From a line's way in to its way out of a watch, while questions keep the window still. */
import { createReadStream } from 'node:fs';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { generateLines } from '../ingest/generator.js';
import { quantiles } from '../report.js';
import { Instance } from './instance.js';

/** Between two lines. */
const pauseMs = 5;
const warmLines = 500;

/**
 * @param {string} file - as many different lines as the window holds
 * @param {() => string} newPhrase
 */
export async function measureDuringAsks({ folder, file, lines, rounds, newPhrase }) {
  const instance = new Instance({ folder, name: 'watch', args: ['--window', String(lines)] });
  const { stdin, stdout } = instance.child;
  createReadStream(file).pipe(stdin, { end: false });
  await instance.holds(lines);
  // From here on every line answers: these are of a few shapes, which are read once.
  await instance.request({ op: 'watch', phrase: 'the disk is full', minScore: -1 });
  let onOutput = () => undefined;
  stdout.on('data', () => onOutput());
  const source = generateLines({ lines: Infinity, newShare: 0, seed: 1 });
  const roundTrip = async () => {
    const printed = new Promise((resolve) => {
      onOutput = () => resolve(performance.now());
    });
    const started = performance.now();
    stdin.write(`${source.next().value}\n`);
    return (await printed) - started;
  };
  for (let i = 0; i < warmLines; i += 1) await roundTrip();

  /** Lines one at a time for as long as something else goes on. */
  const during = async (work) => {
    let isDone = false;
    const working = work().finally(() => (isDone = true));
    const times = [];
    while (!isDone) {
      times.push(await roundTrip());
      await setTimeout(pauseMs);
    }
    await working;
    return { lines: times.length, ...quantiles(times) };
  };
  const known = 'disk is about to fail';
  await instance.ask(known);
  const asking = (phrase) => async () => {
    for (let round = 0; round < rounds; round += 1) await instance.ask(phrase());
  };
  const result = {
    unasked: await during(() => setTimeout(3_000)),
    askedKnown: await during(asking(() => known)),
    askedNew: await during(asking(newPhrase)),
  };
  stdin.end();
  await once(instance.child, 'exit');
  return result;
}
