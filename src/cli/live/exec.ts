/**
 * `--exec CMD`: runs a program for a line that answers, without a shell: the line is its standard
 * input, so that nothing of it becomes a word of a command. Never holds the stream back: few run at
 * once, few wait, the rest is dropped and counted.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { escapeControls } from '../../output/escape.ts';
import { ImesdeError } from '../../shared/errors.ts';
import { EventHold } from './event-hold.ts';

/** Programs that run at once, and lines that wait for one to end. */
const runningMax = 4;
const waitingMax = 100;
/** A program that has not ended by then is asked to, and made to a little later. */
const runMsMax = 60_000;
const graceMs = 2_000;

/** A line that answers. */
export interface Alert {
  readonly phrase: string;
  readonly label: string | undefined;
  readonly score: number;
  /** 1-based number of the line. */
  readonly line: number;
  readonly text: string;
}

export class Exec {
  /** Programs that were run; of these, failed; lines for which none was, since too many waited. */
  ran = 0;
  failed = 0;
  dropped = 0;
  readonly #program: string;
  readonly #words: readonly string[];
  readonly #warn: (text: string) => void;
  readonly #hold: EventHold<Alert>;
  readonly #running = new Set<ChildProcess>();
  readonly #waiting: (readonly [alert: Alert, count: number])[] = [];
  #onIdle: () => void = () => undefined;

  /**
   * @param words - program and arguments
   * @param everyMs - runs once for each event in so many milliseconds; 0: for each line
   * @param warn - is given a line for standard error
   * @throws {ImesdeError} ERR_IMESDE_USAGE where there is no such program
   */
  constructor(words: readonly string[], everyMs: number, warn: (text: string) => void) {
    this.#program = words[0] ?? '';
    assertProgram(this.#program);
    this.#words = words.slice(1);
    this.#warn = warn;
    this.#hold = new EventHold(everyMs, (alert, count) => {
      this.#start(alert, count);
    });
  }

  /** @param event - the same for lines of one event */
  take(event: string, alert: Alert): void {
    this.#hold.take(event, alert);
  }

  /** Runs what is held, and resolves when all programs have ended. */
  async finished(): Promise<void> {
    this.#hold.flush();
    if (this.#running.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** Tells what went wrong, if anything did. Programs that still run end by themselves. */
  close(): void {
    for (const child of this.#running) {
      child.unref();
      child.stdin?.destroy();
    }

    const { failed, ran } = this;
    const dropped = this.dropped + this.#waiting.length; // Nobody waits for them any more.
    if (failed + dropped === 0) return;
    this.#warn(
      `--exec: of ${ran} runs ${failed} failed` +
        (dropped > 0 ? `; ${dropped} lines came while too many ran: --every 1m runs fewer` : ''),
    );
  }

  #start(alert: Alert, count: number): void {
    if (this.#running.size >= runningMax) {
      if (this.#waiting.length >= waitingMax) this.dropped += 1;
      else this.#waiting.push([alert, count]);
      return;
    }
    this.ran += 1;
    // What it prints is no line that answers: it goes where errors go.
    const child = spawn(this.#program, this.#words, {
      env: environmentOf(alert, count),
      stdio: ['pipe', 2, 2],
    });
    this.#running.add(child);
    const patience = setTimeout(() => {
      child.kill();
      setTimeout(() => child.kill('SIGKILL'), graceMs).unref();
    }, runMsMax).unref();
    child.once('error', (error) => {
      this.#end(child, patience, error.message);
    });
    child.once('exit', (code, signal) => {
      const isWell = code === 0;
      this.#end(child, patience, isWell ? undefined : `ended with ${signal ?? String(code)}`);
    });
    child.stdin?.on('error', () => undefined); // It need not read the line.
    child.stdin?.end(`${alert.text}\n`);
  }

  #end(child: ChildProcess, patience: NodeJS.Timeout, failure: string | undefined): void {
    if (!this.#running.delete(child)) return; // Told once already.
    clearTimeout(patience);
    if (failure !== undefined) {
      this.failed += 1;
      const name = escapeControls(this.#program);
      if (this.failed === 1) this.#warn(`--exec: ${name} ${failure}: further failures are counted`);
    }
    const next = this.#waiting.shift();
    if (next !== undefined) this.#start(...next);
    else if (this.#running.size === 0) this.#onIdle();
  }
}

/** No text of a line is in it: only what the person at the command line chose, and numbers. */
function environmentOf({ phrase, label, score, line }: Alert, count: number): NodeJS.ProcessEnv {
  return {
    ...process.env,
    IMESDE_PHRASE: phrase.replaceAll('\0', ' '),
    IMESDE_LABEL: label?.replaceAll('\0', ' '),
    IMESDE_SCORE: score.toFixed(4),
    IMESDE_COUNT: String(count),
    IMESDE_LINE: String(line),
  };
}

/** Better now than when the first line answers, at night. */
function assertProgram(program: string): void {
  const folders = program.includes('/') ? [''] : (process.env['PATH'] ?? '').split(':');
  const isThere = folders.some((folder) => isExecutable(path.join(folder, program)));
  if (isThere) return;
  throw new ImesdeError(
    'ERR_IMESDE_USAGE',
    `--exec: there is no program ${escapeControls(program)}: give its path, or for a shell's ways --exec 'sh -c "…"'`,
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
