/**
 * Bytes that a line of the window, a shape and a row cost, and the resident memory of the real binary
 * while a long stream goes through it. README.md says what each figure is.
 * usage: node bench/memory/memory.js [--stream 1000000] [--json]
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bin, peakKib } from '../ingest/binary.js';
import { generateLines } from '../ingest/generator.js';
import { differentLines } from '../stages/different-lines.js';

const { values: options } = parseArgs({
  options: {
    stream: { type: 'string', default: '1000000' },
    json: { type: 'boolean', default: false },
  },
});

const lineCounts = [1, 100_000, 1_000_000];
const rowCounts = [4_096, 16_384];
/** What a full default window holds, just above a power of two where tables have grown; a million. */
const shapeCounts = [262_144, 1_000_000];
/** The cost of a line that the bound of a shape allows for. */
const lineBytesAllowed = 83;
const newShare = 0.001;
const sampleEvery = 100_000;

/** In a process of its own, so that one measurement leaves nothing behind for the next. */
function cost(kind, count) {
  const script = fileURLToPath(new URL('cost.js', import.meta.url));
  const args = ['--expose-gc', '--max-old-space-size=8192', script, kind, String(count)];
  return JSON.parse(execFileSync(process.execPath, args));
}

const residentMib = (pid) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/**
 * A shape's share: what is left of a different line held beside text, key and the line, which is
 * measured alone.
 */
function shapeCost(count) {
  const costs = cost('shapes', count);
  const { bytesEach, textEach } = cost('lines', count);
  const beside = costs.bytesEach - costs.textEach - costs.keyEach;
  const lineEach = bytesEach - textEach;
  return {
    ...costs,
    lineEach,
    shapeEach: beside - lineEach,
    shapeEachAllowed: beside - lineBytesAllowed,
  };
}

/** A stream through `imesde -w`, with the resident memory after each so many lines. */
async function stream(name, lines, generated) {
  const args = [bin, '-w', 'a phrase that no line answers', '-s', '1', '--stats'];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (data) => (stderr += data));
  const exit = once(child, 'exit');
  const samples = [];
  let peakMib = 0;
  let block = '';
  let written = 0;
  for (const line of generated) {
    block += `${line}\n`;
    written += 1;
    if (block.length >= 65_536 || written === lines) {
      // Drained: all but what the pipe and one read hold has been taken.
      if (!child.stdin.write(block)) await once(child.stdin, 'drain');
      block = '';
    }
    if (written % sampleEvery === 0) samples.push({ lines: written, mib: residentMib(child.pid) });
    if (written % 10_000 === 0) peakMib = (peakKib(child.pid) ?? 0) / 1024;
  }
  child.stdin.end();
  await exit;
  return {
    name,
    lines,
    peakMib,
    samples,
    oracle: /lines: (.*)/.exec(stderr)?.[1],
    shapes: /shapes: (.*)/.exec(stderr)?.[1],
  };
}

function streams() {
  const most = Number(options.stream);
  const logs = (lines) =>
    stream('0.1 % new shapes', lines, generateLines({ lines, newShare, seed: 1 }));
  return [
    () => logs(1),
    () => logs(100_000),
    () => logs(most),
    () => stream('every shape new', most, differentLines(most)),
  ];
}

const whole = (value) => Math.round(value).toLocaleString('en-US');
const result = {
  window: lineCounts.map((count) => cost('lines', count)),
  rows: rowCounts.map((count) => cost('rows', count)),
  shapes: shapeCounts.map(shapeCost),
  streams: [],
};
for (const run of streams()) result.streams.push(await run());

console.log('| what | count | bytes each | of which text |\n| --- | --: | --: | --: |');
for (const name of ['window', 'rows']) {
  for (const { count, bytesEach, textEach } of result[name]) {
    console.log(`| ${name} | ${whole(count)} | ${whole(bytesEach)} | ${whole(textEach)} |`);
  }
}
const parts = [
  ['bytes for each different line', 'bytesEach'],
  ['text', 'textEach'],
  ['key', 'keyEach'],
  ['line', 'lineEach'],
  ['shape: what is left', 'shapeEach'],
  [`the same where a line costs ${lineBytesAllowed}`, 'shapeEachAllowed'],
  ["of all on V8's heap", 'heapEach'],
  ['of all outside of it', 'outsideEach'],
  ['of that wordpieces', 'piecesEach'],
];
console.log(`\n| shapes | ${shapeCounts.map(whole).join(' | ')} |\n| --- | --: | --: |`);
for (const [title, name] of parts) {
  console.log(`| ${title} | ${result.shapes.map((costs) => whole(costs[name])).join(' | ')} |`);
}
console.log('\n| lines through `imesde -w` | shapes | peak MiB |\n| --: | --- | --: |');
for (const { name, lines, peakMib } of result.streams) {
  console.log(`| ${whole(lines)} | ${name} | ${whole(peakMib)} |`);
}
for (const { name, samples, oracle, shapes } of result.streams.slice(-2)) {
  const mib = samples.map((sample) => whole(sample.mib)).join(' ');
  console.log(`\n${name}, MiB after each ${whole(sampleEvery)} lines: ${mib}`);
  console.log(`lines: ${oracle}\nshapes: ${shapes}`);
}
if (options.json) console.log(JSON.stringify(result));
