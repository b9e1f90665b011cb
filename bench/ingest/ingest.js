/**
 * Lines a second from a pipe to the answer, through the real binary, beside its peers in one run.
 * README.md says what each figure is.
 * usage: node bench/ingest/ingest.js [FILE…] [--few 20000] [--many 200000] [--known 50000]
 *   [--beside DIR] [--sample 320] [--workers N] [--no-peers] [--json]
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { generateHeadlines } from './generator.js';
import { describeMachine } from './machine.js';
import { measurePeer, peersIn } from './peers.js';
import { boundsTable, peersTable, ratiosOf, streamsTable } from './report.js';
import { programsOf, Streams } from './streams.js';

/** The static model needs more lines than the others, or a sample would be over in a blink. */
const staticSample = 20_000;

const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    few: { type: 'string', default: '20000' },
    many: { type: 'string', default: '200000' },
    known: { type: 'string', default: '50000' },
    beside: { type: 'string' },
    sample: { type: 'string', default: '320' },
    workers: { type: 'string' },
    peers: { type: 'boolean', default: true },
    json: { type: 'boolean', default: false },
  },
  allowNegative: true,
});

const folder = mkdtempSync(path.join(os.tmpdir(), 'imesde-ingest-'));
try {
  const machine = describeMachine();
  const peers = options.peers ? measurePeers() : [];
  const streams = await measureStreams();
  const ratios = ratiosOf(streams);
  console.log(`${machine}\n`);
  console.log(`${streamsTable(Object.values(streams))}\n`);
  console.log(boundsTable(streams, ratios));
  if (peers.length > 0) console.log(`\n${peersTable(peers, streams)}`);
  if (options.json) console.log(JSON.stringify({ machine, streams, ratios, peers }));
} finally {
  rmSync(folder, { recursive: true });
}

async function measureStreams() {
  const measured = new Streams({ folder, workers: options.workers });
  const programs = programsOf(options.beside);
  const headlines = await measured.headlines({
    few: Number(options.few),
    many: Number(options.many),
  });
  const ofFiles = files.length > 0 ? await measured.files(files) : {};
  const [filesSteady, filesSteadyOther] =
    files.length > 0 ? await measured.filesSteady(files, programs) : [];
  const known = { lines: Number(options.known) };
  const [knownSteady, knownSteadyOther] = await measured.generatedSteady(known, programs);
  const all = {
    ...headlines,
    ...ofFiles,
    ...{ filesSteady, filesSteadyOther, knownSteady, knownSteadyOther },
  };
  return Object.fromEntries(Object.entries(all).filter(([, result]) => result !== undefined));
}

/** Each peer over the headlines, and over the files where there are any. */
function measurePeers() {
  const { python, rustModel, rustUnpadded, published, distilled } = peersIn();
  const inputs = [
    ['headlines', [...generateHeadlines({ lines: Number(options.few), seed: 1 })]],
    ...(files.length > 0
      ? [['files', files.flatMap((file) => readFileSync(file, 'utf8').split('\n'))]]
      : []),
  ];
  const results = [];
  for (const [input, lines] of inputs) {
    const of = (name, peer, model, count) => {
      const sample = path.join(folder, 'sample.txt');
      writeFileSync(sample, sampleOf(lines, count).join('\n'));
      const result = { name, peer, input, ...measurePeer(python, peer, model, sample) };
      process.stderr.write(`${name}, ${input}: ${Math.round(result.linesPerSecond)} lines/s\n`);
      results.push(result);
    };
    const sample = Number(options.sample);
    of('Rust imesde 0.5.0', 'rust', rustModel, sample);
    of('Rust imesde 0.5.0, no padding', 'rust', rustUnpadded, sample);
    of('sentence-transformers', 'sentence-transformers', published, sample);
    of('model2vec', 'model2vec', distilled, staticSample);
  }
  return results;
}

/** Evenly from the whole input, since the systems in it differ. */
function sampleOf(allLines, asked) {
  const lines = allLines.filter((line) => line !== '');
  const count = Math.min(asked, lines.length);
  const step = lines.length / count;
  return Array.from({ length: count }, (_, i) => lines[Math.floor(i * step)]);
}
