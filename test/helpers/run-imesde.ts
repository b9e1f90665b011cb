/** Runs the real binary as a shell would: real pipes, files, signals and terminals. */
import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import path from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';

export const repository = fileURLToPath(new URL('../..', import.meta.url));
export const imesdePath = path.join(repository, 'bin/imesde.js');
/** The Node that runs the binary: that of the tests, or another that is to be tried. */
export const nodePath = process.env['IMESDE_TEST_NODE'] ?? process.execPath;
export const nodeMajor = parseInt(
  execFileSync(nodePath, ['-p', 'process.versions.node'], { encoding: 'utf8' }),
);
/** A model of a few kilobytes and no sense, for tests where only its speed matters. */
export const tiny = ['--rank', 'cosine', '--model', 'test/fixtures/model/tiny/mean'];
export const logsFolder = path.join(repository, 'test/fixtures/logs');

// A test that runs the binary takes a second or two; on a busy machine many times that.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

export interface RunResult {
  /** Undefined where a signal ended it. */
  readonly exitCode: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Added to the environment of the tests; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** A module of test/fixtures/faults that is loaded before imesde, in its workers too. */
  readonly fault?: string;
}

export type Input = string | Buffer | Iterable<string | Buffer> | AsyncIterable<Buffer>;

/** Runs it to its end. */
export async function runImesde(
  args: readonly string[],
  input: Input = '',
  options: RunOptions = {},
): Promise<RunResult> {
  const running = startImesde(args, options);
  running.pipeIn(input);
  return await running.result;
}

/** Starts it, for tests that talk to it while it runs. */
export function startImesde(args: readonly string[], options: RunOptions = {}): Running {
  return new Running(nodePath, [imesdePath, ...args], options);
}

/** Runs a bash script that knows `imesde`, "$NODE" and "$IMESDE". */
export async function runShell(script: string, options: RunOptions = {}): Promise<RunResult> {
  const running = startShell(script, options);
  running.pipeIn('');
  return await running.result;
}

export function startShell(script: string, options: RunOptions = {}): Running {
  const env = { ...options.env, NODE: nodePath, IMESDE: imesdePath };
  const prelude = 'imesde() { "$NODE" "$IMESDE" "$@"; }\n';
  return new Running('bash', ['-c', prelude + script], { ...options, env });
}

/**
 * Runs a command line with a terminal as its stdout and stderr.
 * @param command - for sh, with "$NODE" and "$IMESDE"; it redirects stdin itself
 * @returns stdout: what the terminal was sent, with its CR LF made LF
 */
export async function runInTerminal(command: string, options: RunOptions = {}): Promise<RunResult> {
  const running = startScript(command, options);
  running.pipeIn('');
  const result = await running.result;
  return { ...result, stdout: result.stdout.replaceAll('\r\n', '\n') };
}

/** Starts `script`: a terminal, which hangs up when the process that this is ends. */
export function startScript(command: string, options: RunOptions = {}): Running {
  // It runs the shell that SHELL names, which differs between a login and a cron job.
  const env = { ...options.env, SHELL: '/bin/sh', NODE: nodePath, IMESDE: imesdePath };
  const args = ['--quiet', '--return', '--command', command, '/dev/null'];
  return new Running('script', args, { ...options, env });
}

export class Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly result: Promise<RunResult>;
  #stdout = '';
  #stderr = '';
  #exited = false;
  #wake: (() => void)[] = [];

  constructor(command: string, args: readonly string[], options: RunOptions) {
    this.child = spawn(command, args, {
      cwd: options.cwd ?? repository,
      env: environment(options),
      stdio: 'pipe',
    });
    const { child } = this;
    child.stdin.on('error', () => undefined); // It may leave before it has read everything.
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      this.#wakeAll();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
      this.#wakeAll();
    });
    this.result = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (exitCode, signal) => {
        this.#exited = true;
        this.#wakeAll();
        const { stdout, stderr } = this;
        resolve({ exitCode: exitCode ?? undefined, signal: signal ?? undefined, stdout, stderr });
      });
    });
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Writes all of it, waiting where the pipe is full, and closes stdin. */
  pipeIn(input: Input): void {
    const source = typeof input === 'string' || Buffer.isBuffer(input) ? [input] : input;
    Readable.from(source, { objectMode: true }).pipe(this.child.stdin);
  }

  /** Resolves when what it has printed so far fulfils a condition. */
  async until(condition: (running: Running) => boolean): Promise<void> {
    while (!condition(this)) {
      if (this.#exited) throw new Error(`it ended before: ${this.#stdout}${this.#stderr}`);
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  #wakeAll(): void {
    for (const resolve of this.#wake.splice(0)) resolve();
  }
}

/** What a shell reports: 128 + n where signal n ended it. */
export function shellCode({ exitCode, signal }: RunResult): number {
  return exitCode ?? 128 + (signal === undefined ? NaN : (signalNumbers[signal] ?? NaN));
}

const signalNumbers: Partial<Record<NodeJS.Signals, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGTERM: 15,
};

export interface StatsLine {
  readonly read: number;
  readonly waiting: number;
  readonly window: number;
  readonly evicted: number;
  readonly skipped: number;
  readonly empty: number;
  readonly overload: number;
  readonly vector: number;
  readonly filtered: number;
}

/** The counts that --stats printed, which must add up however it ended. */
export function countsOf(stderr: string): StatsLine {
  const found =
    /lines: read (\d+) = waiting (\d+) \+ window (\d+) \+ evicted (\d+) \+ skipped (\d+) \(empty (\d+), overload (\d+), vector (\d+)(?:, filtered (\d+))?\)/.exec(
      stderr,
    );
  if (found === null) throw new Error(`no counts in: ${stderr}`);
  const numbers = found.slice(1).map((digits: string | undefined) => Number(digits ?? 0));
  const [read = 0, waiting = 0, window = 0, evicted = 0, skipped = 0] = numbers;
  const [empty = 0, overload = 0, vector = 0, filtered = 0] = numbers.slice(5);
  return { read, waiting, window, evicted, skipped, empty, overload, vector, filtered };
}

/** The oracle: read = waiting + in the window + evicted + skipped. */
export function oracleGap(stderr: string): number {
  const { read, waiting, window, evicted, skipped } = countsOf(stderr);
  return read - waiting - window - evicted - skipped;
}

function environment({ env = {}, fault }: RunOptions): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) =>
      !name.startsWith('IMESDE_') && !name.startsWith('VITEST') && name !== 'NODE_OPTIONS',
  );
  const merged: NodeJS.ProcessEnv = { ...Object.fromEntries(own), NODE_ENV: undefined, ...env };
  if (fault !== undefined) {
    const module = new URL(`../fixtures/faults/${fault}`, import.meta.url);
    merged['NODE_OPTIONS'] = `--import ${module.href}`;
  }
  return Object.fromEntries(
    Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
