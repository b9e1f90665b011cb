/**
 * Lines a second from a pipe to the answer, through the real binary, beside its peers in one run.
 * README.md says what each figure is.
 * usage: node bench/ingest/ingest.js [FILE…] [--generated 100000] [--sample 320] [--no-peers] [--json]
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runBinary } from './binary.js';
import { generateLines } from './generator.js';
import { measurePeer, peersIn } from './peers.js';
import { markdownTable } from './report.js';

const phrase = 'the database went away';
const newShares = [0.001, 0.01, 0.1, 1];
/** Shapes that a generated stream may bring at most: it would take minutes. */
const generatedShapesMax = 4_000;
/** Copies of the files in the longest stream, from which the steady figure comes. */
const steadyCopies = 64;

const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    generated: { type: 'string', default: '100000' },
    sample: { type: 'string', default: '320' },
    workers: { type: 'string' },
    peers: { type: 'boolean', default: true },
    json: { type: 'boolean', default: false },
  },
  allowNegative: true,
});

const folder = mkdtempSync(path.join(os.tmpdir(), 'imesde-ingest-'));
const args = ['query', phrase, '-k', '1', '--stats'];
if (options.workers !== undefined) args.push('--workers', options.workers);
const copies = (count) => Array.from({ length: count }, () => files).flat();
const round = (value) => Number(value.toPrecision(4));

/** One stream through the binary. */
async function measure(name, input) {
  const run = await runBinary(args, input);
  const { seconds, lines, shapes, peakMib } = run;
  const result = { name, lines, shapes, seconds, linesPerSecond: lines / seconds, peakMib };
  process.stderr.write(`${name}: ${Math.round(result.linesPerSecond)} lines/s\n`);
  return result;
}

/** What a further line costs once all shapes are known: start-up and model cancel out. */
function steady(name, short, long) {
  const lines = long.lines - short.lines;
  const seconds = long.seconds - short.seconds;
  const { peakMib } = long;
  return { name, lines, shapes: 0, seconds, linesPerSecond: lines / seconds, peakMib };
}

async function measureFiles() {
  const once = await measure('files, once', copies(1));
  const tenTimes = await measure('files, ten times', copies(10));
  const long = await measure(`files, ${steadyCopies} times`, copies(steadyCopies));
  return { once, tenTimes, steady: steady('files, steady', once, long) };
}

async function measureGenerated() {
  const results = [];
  const linesAsked = Number(options.generated);
  for (const newShare of newShares) {
    const lines = Math.min(linesAsked, Math.round(generatedShapesMax / newShare));
    const file = path.join(folder, 'generated.log');
    writeFileSync(file, [...generateLines({ lines, newShare, seed: 1 }), ''].join('\n'));
    results.push(await measure(`generated, ${newShare * 100} % new`, [file]));
  }
  const known = path.join(folder, 'known.log');
  writeFileSync(known, [...generateLines({ lines: 50_000, newShare: 0, seed: 2 }), ''].join('\n'));
  const short = await measure('generated, no new', [known]);
  const long = await measure(
    `the same ${steadyCopies / 2} times`,
    Array(steadyCopies / 2).fill(known),
  );
  results.push(steady('generated, steady', short, long));
  return results;
}

/** Evenly from the whole input, since the systems in it differ. */
function sampleLines() {
  const lines = (
    files.length > 0
      ? files.flatMap((file) => readFileSync(file, 'utf8').split('\n'))
      : [...generateLines({ lines: 10_000, newShare: 0.1, seed: 1 })]
  ).filter((line) => line !== '');
  const count = Math.min(Number(options.sample), lines.length);
  const step = lines.length / count;
  return Array.from({ length: count }, (_, i) => lines[Math.floor(i * step)]);
}

function measurePeers() {
  const { python, rustModel, published } = peersIn();
  const sample = path.join(folder, 'sample.txt');
  writeFileSync(sample, sampleLines().join('\n'));
  const of = (name, peer, model) => {
    const result = { name, ...measurePeer(python, peer, model, sample) };
    process.stderr.write(`${name}: ${Math.round(result.linesPerSecond)} lines/s\n`);
    return result;
  };
  return {
    rust: of('Rust imesde 0.5.0', 'rust', rustModel),
    sentenceTransformers: of('sentence-transformers', 'sentence-transformers', published),
  };
}

try {
  const peers = options.peers ? measurePeers() : {};
  const ofFiles = files.length > 0 ? await measureFiles() : {};
  const generated = await measureGenerated();
  const imesde = [...Object.values(ofFiles), ...generated];
  console.log(markdownTable(imesde, Object.values(peers)));
  if (options.json) {
    const ratios = {};
    for (const [peer, { linesPerSecond }] of Object.entries(peers)) {
      for (const result of imesde) {
        ratios[`${result.name} / ${peer}`] = round(result.linesPerSecond / linesPerSecond);
      }
    }
    console.log(JSON.stringify({ ...ofFiles, generated, ...peers, ratios }));
  }
} finally {
  rmSync(folder, { recursive: true });
}
