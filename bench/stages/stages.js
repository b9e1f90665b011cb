/**
 * Nanoseconds a line of each stage between standard input and the window, each alone over the same
 * lines, and of all together without the model, every shape known. README.md says more.
 * usage: node bench/stages/stages.js [FILE…] [--lines 300000] [--rounds 5] [--json]
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { generateLines } from '../ingest/generator.js';
import { measureStages } from './measure.js';

const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    lines: { type: 'string', default: '300000' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});

/** What a pipe hands over at a time. */
const chunkBytes = 65_536;

/** The files again and again, or generated lines, in chunks as they come from a pipe. */
function inputChunks(lineCount) {
  const once =
    files.length > 0
      ? Buffer.concat(files.map((file) => readFileSync(file)))
      : Buffer.from([...generateLines({ lines: 20_000, newShare: 0, seed: 1 }), ''].join('\n'));
  const lines = once.toString().split('\n').length - 1;
  const all = Buffer.concat(Array(Math.max(1, Math.round(lineCount / lines))).fill(once));
  const chunks = [];
  for (let at = 0; at < all.length; at += chunkBytes)
    chunks.push(all.subarray(at, at + chunkBytes));
  return chunks;
}

const result = await measureStages(inputChunks(Number(options.lines)), Number(options.rounds));
const whole = (value) => Math.round(value).toLocaleString('en-US');
console.log(
  `${whole(result.lines)} lines of ${whole(result.bytesPerLine)} bytes, best of ${options.rounds} rounds`,
);
console.log('| stage | ns a line | lines/s |\n| --- | --: | --: |');
for (const [stage, ns] of Object.entries(result.stages)) {
  console.log(`| ${stage} | ${whole(ns)} | ${whole(1e9 / ns)} |`);
}
if (options.json) console.log(JSON.stringify(result));
