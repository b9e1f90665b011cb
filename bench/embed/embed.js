/**
 * What the model costs: microseconds a token for runs of different sizes, and how long a session
 * takes to make with different options. One thread. usage: node bench/embed/embed.js [--json]
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import '../../dist/embed/no-telemetry.js';
import * as ort from 'onnxruntime-node';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const bytes = readFileSync(new URL('../../model/model.onnx', import.meta.url));

const base = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
};
const variants = {
  'as imesde does': base,
  'optimisation basic': { ...base, graphOptimizationLevel: 'basic' },
  'optimisation disabled': { ...base, graphOptimizationLevel: 'disabled' },
  'weights not packed ahead': {
    ...base,
    extra: { session: { disable_prepacking: '1', intra_op: { allow_spinning: '0' } } },
  },
  'no memory arena': { ...base, enableCpuMemArena: false, enableMemPattern: false },
};
/** [texts, tokens of each] */
const shapes = [
  [1, 19],
  [2, 19],
  [4, 19],
  [8, 19],
  [16, 19],
  [32, 19],
  [16, 10],
  [16, 40],
  [4, 40],
];
const rounds = 9;

function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
}

async function run(session, texts, tokens) {
  const size = [texts, tokens];
  const ids = new ort.Tensor('int64', new BigInt64Array(texts * tokens).fill(2003n), size);
  const mask = new ort.Tensor('int64', new BigInt64Array(texts * tokens).fill(1n), size);
  await session.run({ input_ids: ids, attention_mask: mask });
}

const result = { sessions: {}, runs: [] };
for (const [name, options] of Object.entries(variants)) {
  const made = [];
  const perToken = [];
  for (let round = 0; round < 5; round += 1) {
    const start = cpuMs();
    const session = await ort.InferenceSession.create(bytes, options);
    made.push(cpuMs() - start);
    await run(session, 16, 19);
    const from = cpuMs();
    for (let i = 0; i < 4; i += 1) await run(session, 16, 19);
    perToken.push(((cpuMs() - from) * 1000) / (4 * 16 * 19));
    await session.release();
  }
  result.sessions[name] = { makeMs: median(made), usPerToken: median(perToken) };
}

const session = await ort.InferenceSession.create(bytes, base);
for (let i = 0; i < 8; i += 1) await run(session, 16, 19);
const times = shapes.map(() => []);
for (let round = 0; round < rounds; round += 1) {
  // Taken in turns, so that a disturbance meets them all.
  for (const [index, [texts, tokens]] of shapes.entries()) {
    const runs = Math.ceil(32 / texts);
    const start = cpuMs();
    for (let i = 0; i < runs; i += 1) await run(session, texts, tokens);
    times[index].push((cpuMs() - start) / runs);
  }
}
for (const [index, [texts, tokens]] of shapes.entries()) {
  const ms = median(times[index]);
  result.runs.push({ texts, tokens, ms, usPerToken: (ms * 1000) / (texts * tokens) });
}

console.log('session made with              CPU ms   µs a token (16 texts of 19)');
for (const [name, { makeMs, usPerToken }] of Object.entries(result.sessions)) {
  console.log(
    `${name.padEnd(30)} ${makeMs.toFixed(0).padStart(6)} ${usPerToken.toFixed(1).padStart(8)}`,
  );
}
console.log('\ntexts × tokens     ms a run   µs a token');
for (const { texts, tokens, ms, usPerToken } of result.runs) {
  console.log(
    `${`${texts} × ${tokens}`.padEnd(16)} ${ms.toFixed(1).padStart(10)} ${usPerToken.toFixed(1).padStart(12)}`,
  );
}
if (values.json) console.log(JSON.stringify(result));
