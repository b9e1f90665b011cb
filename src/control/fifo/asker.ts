/** The asking side: finds the instance, sends requests, reads answers from a FIFO of its own. */
import { closeSync, mkdtempSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { StringDecoder } from 'node:string_decoder';
import { isRead, makeFifo, openBothEnds, openToWrite, tryWrite } from './fifo-path.ts';
import { controlError } from '../control-error.ts';
import { runningInstances, runtimeFolder } from './instances.ts';
import { requestBytesMax } from '../limits.ts';
import type { Operation } from '../request.ts';

export interface AskerOptions {
  /** Of the control FIFO; by default that of the one instance that runs. */
  readonly fifo: string | undefined;
  /** For the instance to appear, and then for everything that is asked of it. */
  readonly timeoutMs: number;
}

/** A line of an answer, as it was parsed. */
export type AnswerLine = Readonly<Record<string, unknown>>;

/** What was asked for, and the line behind it that says that it was all. */
export interface AskedAnswer {
  readonly lines: readonly AnswerLine[];
  readonly done: AnswerLine;
}

/** How often what another process does is looked at, where nothing tells. */
const pollMs = 20;
/** How often the instance is looked after while it owes an answer. */
const aliveCheckMs = 200;

export class Asker {
  readonly #options: AskerOptions;
  readonly #deadline: number;
  readonly #folder: string;
  readonly #replyPath: string;
  readonly #socket: Socket;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';
  #lines: string[] = [];
  #wake: () => void = () => undefined;
  #nextId = 1;

  /** Call close() whatever happens, also before the process ends by a signal. */
  constructor(options: AskerOptions) {
    this.#options = options;
    this.#deadline = performance.now() + options.timeoutMs;
    this.#folder = makeFolder(runtimeFolder());
    this.#replyPath = join(this.#folder, 'reply');
    try {
      makeFifo(this.#replyPath);
      this.#socket = new Socket({
        fd: openBothEnds(this.#replyPath),
        readable: true,
        writable: false,
      });
    } catch (error) {
      rmSync(this.#folder, { recursive: true, force: true });
      throw error;
    }
    this.#socket.on('data', (chunk: Buffer) => {
      this.#take(chunk);
    });
  }

  /**
   * Asks for several things at once; the answers come in their order.
   * @throws {ImesdeError} ERR_IMESDE_CONTROL where there is no instance, no answer, or an error
   */
  async ask(operations: readonly Operation[]): Promise<AskedAnswer[]> {
    const ids = operations.map(() => String(this.#nextId++));
    const requests = operations.map((operation, index) =>
      requestBytes({ id: ids[index], ...operation, reply: this.#replyPath }),
    );
    const fifo = await this.#findInstance();
    for (const bytes of requests) await this.#send(fifo, bytes);
    const answers = new Map<unknown, { lines: AnswerLine[]; done: AnswerLine }>(
      ids.map((id) => [id, { lines: [], done: {} }]),
    );
    let missing = ids.length;
    while (missing > 0) {
      const line = JSON.parse(await this.#nextLine(fifo)) as AnswerLine;
      if (typeof line['error'] === 'string') {
        throw controlError(`the instance refused: ${line['error']}`);
      }
      const answer = answers.get(line['id']);
      if (line['done'] === true) {
        missing -= 1;
        if (answer !== undefined) answer.done = line;
      } else {
        answer?.lines.push(line);
      }
    }
    return [...answers.values()];
  }

  /** Removes what it made, at once. */
  close(): void {
    this.#socket.destroy();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #findInstance(): Promise<string> {
    const { fifo, timeoutMs } = this.#options;
    if (fifo !== undefined) {
      const path = resolve(fifo);
      if (await this.#until(() => isRead(path))) return path;
      throw controlError(
        `no instance at ${fifo} within ${seconds(timeoutMs)}: start one with imesde --fifo ${fifo}`,
      );
    }
    let found = runningInstances();
    await this.#until(() => (found = runningInstances()).length > 0);
    const [only, ...others] = found;
    if (only === undefined) {
      throw controlError(
        `no instance runs, or none within ${seconds(timeoutMs)}: start one with imesde --fifo PATH`,
      );
    }
    if (others.length === 0) return only.fifo;
    const list = found.map(({ fifo: path, pid }) => `${path} (process ${pid})`).join(', ');
    throw controlError(`${found.length} instances run, choose one with --fifo: ${list}`);
  }

  /** @returns whether it came true in time */
  async #until(isTrue: () => boolean): Promise<boolean> {
    while (!isTrue()) {
      if (performance.now() >= this.#deadline) return false;
      await setTimeout(pollMs);
    }
    return true;
  }

  /** A request is so short that a pipe takes all of it or nothing. */
  async #send(fifo: string, bytes: Buffer): Promise<void> {
    const fd = openToWrite(fifo);
    if (fd === undefined) throw ended(fifo);
    try {
      if (await this.#until(() => tryWrite(fd, bytes) > 0)) return;
    } finally {
      closeSync(fd);
    }
    throw this.#tooLate(fifo);
  }

  async #nextLine(fifo: string): Promise<string> {
    for (let isEnding = false; ;) {
      const line = this.#lines.shift();
      if (line !== undefined) return line;
      const leftMs = this.#deadline - performance.now();
      if (leftMs <= 0) throw this.#tooLate(fifo);
      if (isEnding) throw ended(fifo);
      if (await this.#change(Math.min(leftMs, aliveCheckMs))) continue;
      // An answer that it gave before it ended is in the pipe: read once more.
      isEnding = !isRead(fifo);
      if (isEnding) await this.#change(pollMs);
    }
  }

  /** @returns whether something was read in that time */
  #change(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = globalThis.setTimeout(() => {
        resolve(false);
      }, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }

  #take(chunk: Buffer): void {
    const parts = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = parts.pop() ?? '';
    this.#lines.push(...parts);
    this.#wake();
  }

  #tooLate(fifo: string): Error {
    const { timeoutMs } = this.#options;
    return controlError(
      `no answer from ${fifo} within ${seconds(timeoutMs)}: wait longer with --timeout`,
    );
  }
}

/** @returns a new folder in there, with mode 0700 */
function makeFolder(parent: string): string {
  try {
    return mkdtempSync(join(parent, 'imesde-ask-'));
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw controlError(`can't make a folder in ${parent} (${why}): set TMPDIR to another`, error);
  }
}

/** Begins with a newline: it ends the half line that another asker may have left in the pipe. */
function requestBytes(request: object): Buffer {
  const bytes = Buffer.from(`\n${JSON.stringify(request)}\n`);
  if (bytes.length <= requestBytesMax) return bytes;
  throw controlError(
    `the request has ${bytes.length} bytes, more than ${requestBytesMax}: use a shorter phrase`,
  );
}

function ended(fifo: string): Error {
  return controlError(`the instance at ${fifo} ended before it answered: start it again`);
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
