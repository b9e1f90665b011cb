/** So many instances that do no more than answer: node pretend.js URL COUNT. Says when all have joined. */
import { connect, headers } from '@nats-io/transport-node';

const [url, count] = [process.argv[2], Number(process.argv[3])];
const time = new Date().toISOString();

function answerOf(host) {
  const matches = Array.from({ length: 5 }, (_, rank) => ({
    query: 'disk is full',
    rank: rank + 1,
    score: 0.9 - rank / 10,
    count: 7,
    first: time,
    line: 1_000 + rank,
    time,
    text: `${time} ERROR [images] cannot store upload 7190ea9a.jpg: no space left on device, try ${rank} of 5`,
    raw: 0.9 - rank / 10 + host / 1e6,
    shape: `shape-${(host * 5 + rank) % 700}`,
  }));
  const done = { done: true, matches: 5, answers: 5, minScore: 0.35, best: 0.9, line: 1_234 };
  const origin = { host: `host-${host}`, model: 'm', rank: 'meaning', version: '1' };
  const lines = [...matches, { ...done, bestRaw: 0.95, prose: 0, ...origin }];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

const joining = Array.from({ length: count }, async (_, i) => {
  const client = await connect({ servers: url, name: `imesde/host-${i}/${i}`, timeout: 60_000 });
  const all = headers();
  all.set('imesde-id', String(i));
  all.set('imesde-host', `host-${i}`);
  const answer = answerOf(i);
  const callback = (_error, message) => message.respond(answer, { headers: all });
  client.subscribe('imesde.v1.query', { callback });
  await client.flush();
});
await Promise.all(joining);
console.log('joined');
