/**
 * Nanoseconds a line of each stage between standard input and the window, each alone over the same
 * lines, and of all together without the model: where every shape is known, and where every shape is
 * new. README.md says more.
 * usage: node bench/stages/stages.js [FILE…] [--lines 300000] [--rounds 5] [--known] [--json]
 *        node bench/stages/stages.js [FILE…] --beside DIR [--turns 4]
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { generateLines } from '../ingest/generator.js';
import { measureBeside } from './beside.js';
import { differentLines } from './different-lines.js';

const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    lines: { type: 'string', default: '300000' },
    rounds: { type: 'string', default: '5' },
    known: { type: 'boolean', default: false },
    beside: { type: 'string' },
    turns: { type: 'string', default: '4' },
    json: { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds);
const whole = (value) => Math.round(value).toLocaleString('en-US');

const lines =
  files.length > 0
    ? Buffer.concat(files.map((file) => readFileSync(file)))
    : Buffer.from([...generateLines({ lines: 20_000, newShare: 0, seed: 1 }), ''].join('\n'));
const result = options.beside === undefined ? await stages() : beside(options.beside);
if (options.json) console.log(JSON.stringify(result));

async function stages() {
  // Loaded here, so that nothing of it runs beside the builds that are compared.
  const { measureKnownShapes } = await import('./known-shapes.js');
  const measured = await measureKnownShapes(inputChunks(Number(options.lines)), rounds);
  console.log(
    `${whole(measured.lines)} lines of ${whole(measured.bytesPerLine)} bytes, best of ${rounds} rounds`,
  );
  printStages('stage, shape known', measured.stages);
  if (options.known) return measured;
  const { measureGlanceAtAll, measureNewShapes } = await import('./new-shapes.js');
  const source = differentLines(Infinity);
  const newShapes = await measureNewShapes(source, rounds);
  printStages('stage, shape new', newShapes);
  const glance = await measureGlanceAtAll(source, rounds);
  const { shapes, 'ns a shape': nsEach, ...parts } = glance;
  console.log(`\n| a question's glance at ${whole(shapes)} shapes | ms |\n| --- | --: |`);
  for (const [part, ms] of Object.entries(parts)) console.log(`| ${part} | ${ms.toFixed(1)} |`);
  console.log(`\nglance alone: ${whole(nsEach)} ns a shape`);
  return { ...measured, newShapes, glance };
}

function beside(folder) {
  const compared = measureBeside(folder, lines, { turns: Number(options.turns), rounds });
  console.log(`| ns a line, best of ${options.turns} turns | here | ${folder} | × |`);
  console.log('| --- | --: | --: | --: |');
  for (const [stage, { this: here, other }] of Object.entries(compared)) {
    console.log(`| ${stage} | ${whole(here)} | ${whole(other)} | ${(other / here).toFixed(2)} |`);
  }
  return compared;
}

/** The lines again and again, in chunks as they come from a pipe. */
function inputChunks(lineCount) {
  const count = lines.toString().split('\n').length - 1;
  const all = Buffer.concat(Array(Math.max(1, Math.round(lineCount / count))).fill(lines));
  const chunks = [];
  for (let at = 0; at < all.length; at += 65_536) chunks.push(all.subarray(at, at + 65_536));
  return chunks;
}

function printStages(title, figures) {
  console.log(`\n| ${title} | ns a line | lines/s |\n| --- | --: | --: |`);
  for (const [stage, ns] of Object.entries(figures)) {
    console.log(`| ${stage} | ${whole(ns)} | ${whole(1e9 / ns)} |`);
  }
}
