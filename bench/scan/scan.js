/**
 * The scan beside its peers, over the same vectors in one run; README.md says what each figure is.
 * usage: node bench/scan/scan.js [--rows 1024,16384,…] [--json]; PYTHON names the interpreter.
 */
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { VectorRing } from '../../dist/ring/vector-ring.js';
import { Scanner } from '../../dist/scan/scanner.js';
import { TypeScriptKernel } from '../../dist/scan/typescript-kernel.js';
import { pythonWithPeers, talkToPeers } from './python.js';
import { markdownTable, textPlot } from './report.js';

const dimensions = 384;
const k = 10;
const queryCount = 20;
const rounds = 5;
/** Of each program in each round. */
const milliseconds = 300;
/** The Rust engine takes vectors as lists of Python floats: a million would take minutes. */
const rustRowsMax = 131_072;
const headlineRows = 16_384;
const scoreTolerance = 1e-5;
/** What no code is: looking for it reads all codes, by memchr. */
const absentCode = 0x80;

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1024,16384,131072,1048576' },
    json: { type: 'boolean', default: false },
  },
});

/** Numbers in [-1.5, 1.5), nearly normal, the same in every run. */
function vectorSource(seed) {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return ((Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 8) & 0xffffff) / 0x1000000;
  };
  return (vector) => {
    let squares = 0;
    for (let i = 0; i < vector.length; i += 1) {
      vector[i] = uniform() + uniform() + uniform() - 1.5;
      squares += vector[i] * vector[i];
    }
    const inverse = 1 / Math.sqrt(squares);
    for (let i = 0; i < vector.length; i += 1) vector[i] *= inverse;
    return vector;
  };
}

/** Fills a ring, and a file with the same vectors for the peers. */
function fill(rowCount, file) {
  const ring = VectorRing.create({ rowCount, dimensions });
  const next = vectorSource(rowCount);
  const block = new Float32Array(1024 * dimensions);
  const out = openSync(file, 'w');
  for (let row = 0; row < rowCount; row += 1) {
    const offset = (row % 1024) * dimensions;
    ring.write(row, next(block.subarray(offset, offset + dimensions)), 0);
    if (row % 1024 === 1023 || row === rowCount - 1) {
      writeSync(out, block.subarray(0, offset + dimensions));
    }
  }
  closeSync(out);
  return ring;
}

function timesOf(run) {
  const us = [];
  const end = performance.now() + milliseconds;
  for (let i = 0; performance.now() < end || us.length < 5; i += 1) {
    const start = performance.now();
    run(i);
    us.push((performance.now() - start) * 1e3);
  }
  return us;
}

/** What is measured of the scan itself: each a function of how often it has run. */
function ownRuns(ring, queries) {
  const { rowCount } = ring.layout;
  const generations = new Uint32Array(rowCount);
  const scanner = new Scanner({ ring, generations });
  const plain = new Scanner({ ring, generations, kernel: new TypeScriptKernel(ring) });
  const rows = Int32Array.from({ length: rowCount }, (_, row) => row);
  const request = { rows, rowCount, k, tieBreak: new Float64Array(rowCount) };
  const one = (i) => [queries[i % queries.length]];
  const sliced = (i) => {
    const scan = scanner.begin({ ...request, queries: one(i) });
    while (!scan.step());
    return scan.finish();
  };
  const codes = Buffer.from(ring.buffer, ring.layout.codesOffset, ring.codes.length);
  return {
    scan: (i) => scanner.scanTopK({ ...request, queries: one(i) }),
    sliced,
    top1000: (i) => scanner.scanTopK({ ...request, k: 1000, queries: one(i) }),
    tenQueries: () => scanner.scanTopK({ ...request, queries: queries.slice(0, 10) }),
    plain: (i) => plain.scanTopK({ ...request, queries: one(i) }),
    read: () => codes.indexOf(absentCode),
  };
}

/**
 * Throws where a peer gives a row another score, or another row. The Rust engine now and then drops
 * a vector while it takes in a batch: rows that it lacks are counted.
 */
function compare(name, own, theirs) {
  let missing = 0;
  for (const [i, matches] of own.entries()) {
    const scores = new Map(theirs[i]);
    for (const { row, score } of matches) {
      const their = scores.get(row);
      const isMissing = their === undefined && name.startsWith('rust');
      if (isMissing) missing += 1;
      else if (!(Math.abs(their - score) <= scoreTolerance)) {
        throw new Error(
          `${name} disagrees on query ${i}, row ${row}: ${score} here, ${their} there`,
        );
      }
    }
  }
  if (missing > 0) process.stderr.write(`${name} lacks ${missing} of ${own.length * k} matches\n`);
}

async function measure(rowCount, folder, python) {
  const vectorsFile = path.join(folder, 'vectors.f32');
  const queriesFile = path.join(folder, 'queries.f32');
  const ring = fill(rowCount, vectorsFile);
  const next = vectorSource(7);
  const queries = Array.from({ length: queryCount }, () => next(new Float32Array(dimensions)));
  writeFileSync(queriesFile, Buffer.concat(queries.map((query) => Buffer.from(query.buffer))));
  const peers = ['faiss', 'usearch'];
  if (rowCount <= rustRowsMax) peers.push('rust', 'rustOneShard');
  const tokenizer = new URL('../../model/tokenizer.json', import.meta.url).pathname;
  const { ask, close } = await talkToPeers(python, [
    vectorsFile,
    queriesFile,
    String(rowCount),
    String(dimensions),
    tokenizer,
    peers.join(','),
  ]);
  const runs = ownRuns(ring, queries);
  const own = queries.map((_, i) => runs.scan(i)[0]);
  for (const peer of peers) {
    compare(peer, own, (await ask({ peer, k, milliseconds: 0 })).matches);
  }
  const us = {};
  const note = (name, times) => (us[`${name}Us`] ??= []).push(...times);
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(runs)) note(name, timesOf(run));
    for (const peer of peers) note(peer, (await ask({ peer, k, milliseconds })).us);
  }
  close();
  const atRank = (rank) =>
    Object.fromEntries(
      Object.entries(us).map(([name, times]) => {
        times.sort((a, b) => a - b);
        return [name, Math.round(times[Math.floor(times.length * rank)])];
      }),
    );
  const rowsAndK = { rows: rowCount, dimensions, k };
  return { ...rowsAndK, ...atRank(0.5), quickest: { ...rowsAndK, ...atRank(0) } };
}

const python = pythonWithPeers();
const folder = mkdtempSync(path.join(os.tmpdir(), 'imesde-bench-scan-'));
const results = [];
try {
  for (const rowCount of options.rows.split(',').map(Number)) {
    process.stderr.write(`${rowCount} rows\n`);
    results.push(await measure(rowCount, folder, python));
  }
} finally {
  rmSync(folder, { recursive: true });
}
const quickest = results.map((result) => result.quickest);
console.log(`Median, µs\n\n${markdownTable(results)}\n`);
console.log(`Quickest call, µs\n\n${markdownTable(quickest)}\n\n${textPlot(quickest)}\n`);
if (options.json) {
  // The quickest calls: what a machine's other tenants do is in the medians.
  const { quickest: headline, ...medians } =
    results.find(({ rows }) => rows === headlineRows) ?? results[0];
  console.log(JSON.stringify({ ...headline, medians, all: results }));
}
