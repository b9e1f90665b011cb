/** The real binary, following a log, printing into a pipe. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { lineBytesMax, watched } from './generator.js';

const imesde = fileURLToPath(new URL('../../bin/imesde.js', import.meta.url));
const faults = new URL('faults.mjs', import.meta.url);
/** Lines that say what is watched for score more than that, whatever else the stream says. */
const minScore = '0.2';

export class Instance {
  /** Counts up when it is stopped, and when it goes on. */
  stops = 0;
  isStopped = false;
  stderr = '';
  /** The end of the pipe that is read. */
  output;
  #child;
  #notes;
  #ended;

  constructor({ folder, fifo, log, window, rows, noteMs, deathMs, onEnd }) {
    this.#notes = path.join(folder, 'notes.json');
    const pipe = path.join(folder, 'out');
    if (spawnSync('mkfifo', [pipe]).status !== 0) throw new Error(`can't make ${pipe}`);
    this.output = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    const input = openSync(pipe, constants.O_WRONLY);
    const watches = watched.flatMap((phrase) => ['-w', phrase]);
    const bounds = ['--window', window, '--rows', rows, '--max-line-bytes', lineBytesMax].map(
      String,
    );
    const args = [...watches, '-s', minScore, '-F', log, '--fifo', fifo, '--json', '--stats'];
    this.#child = spawn(process.execPath, [imesde, ...args, ...bounds], {
      stdio: ['ignore', input, 'pipe'],
      env: {
        ...process.env,
        NODE_OPTIONS: `--import ${faults.href}`,
        SOAK_NOTES: this.#notes,
        SOAK_NOTE_MS: String(noteMs),
        SOAK_DEATH_MS: String(deathMs),
      },
    });
    closeSync(input);
    this.#child.stderr.setEncoding('utf8').on('data', (text) => (this.stderr += text));
    this.#ended = once(this.#child, 'close');
    this.#child.once('exit', onEnd);
  }

  get pid() {
    return this.#child.pid;
  }

  /** SIGSTOP, and SIGCONT */
  stop() {
    this.#child.kill('SIGSTOP');
    this.isStopped = true;
    this.stops += 1;
  }

  goOn() {
    if (!this.isStopped) return;
    this.#child.kill('SIGCONT');
    this.isStopped = false;
    this.stops += 1;
  }

  /** What faults.mjs has noted last. */
  notes() {
    try {
      return JSON.parse(readFileSync(this.#notes, 'utf8'));
    } catch {
      return { heapBytes: NaN, externalBytes: NaN, deaths: 0 }; // Nothing yet, or half of it.
    }
  }

  /** @returns its exit code, undefined where a signal ended it */
  async end() {
    this.goOn();
    this.#child.kill('SIGTERM');
    const [code] = await this.#ended;
    return code ?? undefined;
  }

  kill() {
    this.#child.kill('SIGKILL');
  }
}
