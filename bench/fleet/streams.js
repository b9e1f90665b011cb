/** Lines a second from a stream, with so many lines a message; beside the client alone. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { imesde } from '../control/instance.js';
import { generateLines } from '../ingest/generator.js';

const nanosASecond = 1e9;
const pollMs = 10;

export async function measureStream({ url, linesEach, lines }) {
  const client = await connect({ servers: url });
  const manager = await jetstreamManager(client);
  const stream = `LINES${linesEach}`;
  await manager.streams.add({ name: stream, subjects: [`${stream}.a`] });
  const messages = Math.floor(lines / linesEach);
  const source = generateLines({ lines: Infinity, newShare: 0, seed: 1 });
  for (let i = 0; i < messages; i += 1) {
    const own = Array.from({ length: linesEach }, () => source.next().value);
    client.publish(`${stream}.a`, own.join('\n'));
    if (i % 500 === 499) await client.flush();
  }
  await client.flush();
  while ((await manager.streams.info(stream)).state.messages < messages) await setTimeout(pollMs);
  const consumer = (name) =>
    manager.consumers.add(stream, {
      durable_name: name,
      ack_policy: 'explicit',
      ack_wait: 60 * nanosASecond,
      max_ack_pending: 1_000,
    });
  await consumer('alone');
  const alone = await rate(manager, stream, 'alone', messages * linesEach, async () => {
    const own = await connect({ servers: url });
    const manager2 = await jetstreamManager(own);
    const { consume } = bound(await manager2.jetstream().consumers.get(stream, 'alone'));
    const reading = await consume({ max_messages: 256 });
    let seen = 0;
    let chars = 0;
    for await (const message of reading) {
      for (const line of message.string().split('\n')) chars += line.length;
      message.ack();
      seen += 1;
      if (seen === messages) break;
    }
    await own.drain();
    return chars;
  });
  await consumer('imesde');
  const child = spawn(
    process.execPath,
    [imesde, '--stream', stream, '--consumer', 'imesde', '-w', 'the database is unreachable'],
    { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, NATS_URL: url } },
  );
  const read = await rate(manager, stream, 'imesde', messages * linesEach, () => undefined);
  child.kill();
  await once(child, 'exit');
  await manager.streams.delete(stream);
  await client.close();
  return { linesEach, alone, imesde: read };
}

function bound(consumer) {
  return { consume: consumer.consume.bind(consumer) };
}

/** From the first message that is delivered to the acknowledgement of the last. */
async function rate(manager, stream, name, lines, work) {
  const working = work();
  let started;
  for (;;) {
    const info = await manager.consumers.info(stream, name);
    if (started === undefined && info.delivered.consumer_seq > 0) started = performance.now();
    if (info.num_pending === 0 && info.num_ack_pending === 0) break;
    await setTimeout(pollMs);
  }
  const seconds = (performance.now() - started) / 1_000;
  await working;
  return Math.round(lines / seconds);
}
