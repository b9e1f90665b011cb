/**
 * Bytes that a line of the window and a row cost, and the resident memory of the real binary while a
 * long stream goes through it. README.md says what each figure is.
 * usage: node bench/memory/memory.js [--stream 1000000] [--json]
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bin, peakKib } from '../ingest/binary.js';
import { generateLines } from '../ingest/generator.js';

const { values: options } = parseArgs({
  options: {
    stream: { type: 'string', default: '1000000' },
    json: { type: 'boolean', default: false },
  },
});

const lineCounts = [1, 100_000, 1_000_000];
const rowCounts = [16_384, 65_536];
const newShare = 0.001;
const sampleEvery = 100_000;

/** In a process of its own, so that one measurement leaves nothing behind for the next. */
function cost(kind, count) {
  const script = fileURLToPath(new URL('cost.js', import.meta.url));
  return JSON.parse(execFileSync(process.execPath, ['--expose-gc', script, kind, String(count)]));
}

const residentMib = (pid) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** A stream through `imesde -w`, with the resident memory after each so many lines. */
async function stream(lines) {
  const args = [bin, '-w', 'a phrase that no line answers', '-s', '1', '--stats'];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (data) => (stderr += data));
  const exit = once(child, 'exit');
  const samples = [];
  let peakMib = 0;
  let block = '';
  let written = 0;
  for (const line of generateLines({ lines, newShare, seed: 1 })) {
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
  return { lines, newShare, peakMib, samples, oracle: /lines: (.*)/.exec(stderr)?.[1] };
}

const whole = (value) => Math.round(value).toLocaleString('en-US');
const result = {
  window: lineCounts.map((count) => cost('lines', count)),
  rows: rowCounts.map((count) => cost('rows', count)),
  shapes: rowCounts.map((count) => cost('shapes', count)),
  streams: [],
};
for (const lines of [1, 100_000, Number(options.stream)]) result.streams.push(await stream(lines));

console.log('| what | count | bytes each | of which text |\n| --- | --: | --: | --: |');
for (const [name, costs] of Object.entries(result).slice(0, 3)) {
  for (const { count, bytesEach, textEach } of costs) {
    console.log(`| ${name} | ${whole(count)} | ${whole(bytesEach)} | ${whole(textEach)} |`);
  }
}
console.log('\n| lines through `imesde -w` | peak MiB |\n| --: | --: |');
for (const { lines, peakMib } of result.streams)
  console.log(`| ${whole(lines)} | ${whole(peakMib)} |`);
const { samples, oracle } = result.streams.at(-1);
console.log(
  `\nMiB after each ${whole(sampleEvery)} lines: ${samples.map(({ mib }) => whole(mib)).join(' ')}`,
);
console.log(`lines: ${oracle}`);
if (options.json) console.log(JSON.stringify(result));
