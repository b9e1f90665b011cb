/**
 * Everything that a live run meets, for as long as it takes, with every line accounted for and its
 * memory watched. README.md says what happens and what is judged.
 * usage: node bench/soak/soak.js [--minutes 60] [--rate 400] [--window 20000] [--rows 100] [--json]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { SoakRun } from './run.js';
import { headOfTable, rowOfTable } from './table.js';
import { inMebibytes, judgeMemory, quantile } from './verdict.js';

const names = ['minutes', 'rate', 'window', 'rows'];
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    rate: { type: 'string', default: '400' },
    window: { type: 'string', default: '20000' },
    rows: { type: 'string', default: '100' },
    json: { type: 'boolean', default: false },
  },
});
const options = Object.fromEntries(names.map((name) => [name, Number(values[name])]));
for (const name of names) {
  if (!(options[name] > 0)) throw new Error(`--${name} ${values[name]} is no number above 0`);
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'imesde-soak-'));
const onSample = (sample) => console.log(rowOfTable(sample));
console.log(headOfTable);
const run = new SoakRun({ ...options, folder, onSample });
process.once('exit', () => {
  run.instance.kill();
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
await run.go();

const { growth, wrong } = judgeMemory(run.samples);
const failures = [...run.faults, ...wrong];
const { generator, askers, output, log, instance, latencies } = run;
const result = {
  ...options,
  ...{
    lines: generator.written,
    printed: output.count,
    asks: askers.asks,
    askersGone: askers.left,
  },
  ...{ rotations: log.rotations, stops: instance.stops / 2, readerPauses: output.pauses },
  ...{ deaths: instance.notes().deaths },
  ...{ askMsP50: quantile(latencies, 0.5), askMsP99: quantile(latencies, 0.99) },
  ...{ growth, failures, samples: run.samples },
};
const { lines, printed, asks, askersGone, rotations, stops, readerPauses, deaths } = result;
console.log(
  `\n${lines} lines, ${printed} printed; ${asks} asks, p50 ${result.askMsP50.toFixed(1)} ms, ` +
    `p99 ${result.askMsP99.toFixed(1)} ms, and ${askersGone} whose asker had left; ` +
    `${rotations} rotations, ${stops} stops, ${readerPauses} pauses of the reader, ` +
    `${deaths} deaths of a worker`,
);
for (const [name, bytes] of Object.entries(growth)) {
  console.log(`${name} grew by ${inMebibytes(bytes)} MiB over the last two thirds`);
}
if (failures.length === 0) {
  const isJudged = Object.keys(growth).length > 0;
  const memory = isJudged ? 'memory is flat' : 'the run was too short to judge memory';
  console.log(`every line is accounted for, and ${memory}`);
}
for (const failure of failures) console.log(`wrong: ${failure}`);
if (values.json) console.log(JSON.stringify(result));
process.exitCode = failures.length === 0 ? 0 : 1;
