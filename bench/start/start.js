/**
 * How long commands take on almost nothing: what starting costs. README.md says what each figure is.
 * usage: node bench/start/start.js [--rounds 20] [--beside DIR]… [--only COMMAND]… [--json]
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Instance } from '../control/instance.js';
import { describeMachine } from '../ingest/machine.js';
import { median, quantile, table } from '../report.js';

const tenLines = fileURLToPath(new URL('ten.log', import.meta.url));
const ownFolder = fileURLToPath(new URL('../..', import.meta.url));
const phrase = 'db failure';
/** What a command ends with where it does what is measured: `ask` and `new` may find nothing. */
const endsWell = [0, 1];
/** Of /proc/self/stat, in ticks of 10 ms: what children took that have ended, of a user and the system. */
const [childrenUser, childrenSystem] = [15, 16];
const tickMs = 10;

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    beside: { type: 'string', multiple: true, default: [] },
    only: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
  },
});

/** @param fifo - of an instance of the same build */
const commandsOf = (fifo) => ({
  version: ['--version'],
  query: ['query', phrase],
  ask: ['ask', phrase, '--fifo', fifo],
  new: ['new'],
  digest: ['digest'],
});

const folder = mkdtempSync(path.join(os.tmpdir(), 'imesde-start-'));
const instances = [];
try {
  const machine = describeMachine();
  const programs = [{ build: '', command: 'node -e 0', args: ['-e', '0'] }];
  const builds = [ownFolder, ...options.beside.map((name) => path.resolve(name))];
  for (const [index, build] of builds.entries()) programs.push(...(await programsOf(build, index)));
  const measured = measure(programs.filter((program) => isWanted(program) && isThere(program)));
  const results = builds.flatMap((build) => resultsOf(build, measured));
  console.log(`${machine}\n`);
  console.log(reportOf(results));
  if (options.json) console.log(JSON.stringify({ machine, results }));
} finally {
  for (const instance of instances) await instance.quit();
  rmSync(folder, { recursive: true });
}

async function programsOf(build, index) {
  const program = path.join(build, 'bin/imesde.js');
  const name = `instance-${index}`;
  const command = { script: '"$@" --hold < "$0"', file: tenLines };
  const isAsked = options.only?.includes('ask') ?? true;
  if (isAsked) {
    const instance = new Instance({ folder, name, command, program });
    instances.push(instance);
    await instance.holds(1);
  }
  return Object.entries(commandsOf(path.join(folder, name))).map(([command, args]) => ({
    build,
    command,
    args: [program, ...args],
  }));
}

function isWanted({ build, command }) {
  return build === '' || (options.only?.includes(command) ?? true);
}

/** An older build may not have it. */
function isThere({ args }) {
  return endsWell.includes(run(args).status);
}

/** Each once a round, one after the other; every second round the other way about. */
function measure(programs) {
  const measured = programs.map((program) => ({ ...program, wallMs: [], cpuMs: [] }));
  for (let round = 0; round < Number(options.rounds); round += 1) {
    for (const program of round % 2 === 0 ? measured : measured.toReversed()) {
      const { wallMs, cpuMs, status, stderr } = run(program.args);
      if (!endsWell.includes(status)) throw new Error(`${program.args.join(' ')}: ${stderr}`);
      program.wallMs.push(wallMs);
      program.cpuMs.push(cpuMs);
    }
  }
  return measured;
}

function run(args) {
  const input = openSync(tenLines); // A new one each time: where a file is read from is shared.
  const cpuBefore = childrenCpuMs();
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, {
    stdio: [input, 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  const wallMs = performance.now() - started;
  closeSync(input);
  return { wallMs, cpuMs: childrenCpuMs() - cpuBefore, status, stderr };
}

/** NaN where there is no such file. */
function childrenCpuMs() {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8').split(' ');
    return (Number(stat[childrenUser]) + Number(stat[childrenSystem])) * tickMs;
  } catch {
    return NaN;
  }
}

/** Of one build, each command beside Node alone and, where it is another build, beside this one. */
function resultsOf(build, measured) {
  const [node] = measured;
  return measured
    .filter((program) => program.build === build || (build === ownFolder && program === node))
    .map((program) => {
      const { command, wallMs, cpuMs } = program;
      const own = measured.find((one) => one.build === ownFolder && one.command === command);
      return {
        build: path.relative(ownFolder, build),
        command,
        ms: median(wallMs),
        timesNode: median(wallMs) / median(node.wallMs),
        quickMs: quantile(wallMs, 0.1),
        quickTimesNode: quantile(wallMs, 0.1) / quantile(node.wallMs, 0.1),
        cpuMs: mean(cpuMs),
        // Of each round, so that a busy second of the machine meets both.
        timesOwn: median(wallMs.map((ms, round) => ms / (own ?? program).wallMs[round])),
      };
    });
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function reportOf(results) {
  return table(
    ['', 'ms', '× node', 'tenth ms', '× node', 'CPU ms', '× this build'],
    results.map((result) => [
      `${result.build} ${result.command}`.trim(),
      result.ms.toFixed(0),
      result.timesNode.toFixed(2),
      result.quickMs.toFixed(0),
      result.quickTimesNode.toFixed(2),
      result.cpuMs.toFixed(0),
      result.timesOwn.toFixed(2),
    ]),
  );
}
