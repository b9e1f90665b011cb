/** A running instance to ask, and an asker that knows the protocol by itself. */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { Socket } from 'node:net';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { logsFolder, startImesde, type RunOptions, type Running } from '../helpers/run-imesde.ts';
import { temporaryFolder } from '../helpers/model-folder.ts';

export const shopLog = readFileSync(path.join(logsFolder, 'shop.log'), 'utf8');

export interface Instance {
  readonly running: Running;
  readonly fifo: string;
  /** XDG_RUNTIME_DIR of the instance, for those who ask it without a path. */
  readonly runtime: string;
}

/** Starts `imesde --fifo` in a folder of its own, its standard input open. */
export function startInstance(args: readonly string[] = [], options: RunOptions = {}): Instance {
  const runtime = options.env?.['XDG_RUNTIME_DIR'] ?? temporaryFolder();
  const fifo = path.join(temporaryFolder(), 'ctl');
  const env = { ...options.env, XDG_RUNTIME_DIR: runtime };
  const running = startImesde(['--fifo', fifo, ...args], { ...options, env });
  return { running, fifo, runtime };
}

/** Ends its input and lets it end. */
export async function endInstance({ running }: Instance): Promise<void> {
  running.child.stdin.end();
  await running.result;
}

/** Waits for something that no event tells. */
export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await setTimeout(10);
}

/** Makes what no answer and no request may go to; a file in or behind it says 'precious'. */
export const wrongPlaces = {
  'a file': (place: string): void => {
    writeFileSync(place, 'precious');
  },
  'a folder': (place: string): void => {
    mkdirSync(place);
  },
  'a link to a FIFO': (place: string): void => {
    symlinkSync(makeTestFifo(`${place}-target`), place);
  },
  'a link to a file': (place: string): void => {
    writeFileSync(`${place}-target`, 'precious');
    symlinkSync(`${place}-target`, place);
  },
  nothing: (): void => undefined,
  'a FIFO that nobody reads': (place: string): void => {
    makeTestFifo(place);
  },
} as const;

export function makeTestFifo(file: string, mode = '600'): string {
  const { status, stderr } = spawnSync('mkfifo', ['-m', mode, '--', file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return file;
}

/** Writes as `echo … > fifo` would, once somebody reads there. */
export async function writeToFifo(fifo: string, text: string): Promise<void> {
  let fd: number | undefined;
  while (fd === undefined) {
    try {
      fd = openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch {
      await setTimeout(10); // Nothing there yet, or nobody reads.
    }
  }
  try {
    for (let rest = Buffer.from(text); rest.length > 0;) {
      try {
        rest = rest.subarray(writeSync(fd, rest));
      } catch {
        await setTimeout(5); // The pipe is full.
      }
    }
  } finally {
    closeSync(fd);
  }
}

type AnswerLine = Readonly<Record<string, unknown>>;

export class TestAsker {
  readonly reply = makeTestFifo(path.join(temporaryFolder(), 'reply'));
  readonly #fifo: string;
  readonly #socket: Socket;
  #text = '';

  constructor(fifo: string) {
    this.#fifo = fifo;
    const fd = openSync(this.reply, constants.O_RDWR | constants.O_NONBLOCK);
    this.#socket = new Socket({ fd, readable: true, writable: false });
    this.#socket.setEncoding('utf8').on('data', (chunk: string) => {
      this.#text += chunk;
    });
  }

  /** @returns the lines up to the one that ends the answer */
  async ask(request: Readonly<Record<string, unknown>>): Promise<AnswerLine[]> {
    await this.send(request);
    return await this.answer();
  }

  async send(request: Readonly<Record<string, unknown>>): Promise<void> {
    await writeToFifo(this.#fifo, `${JSON.stringify({ ...request, reply: this.reply })}\n`);
  }

  async answer(): Promise<AnswerLine[]> {
    const lines: AnswerLine[] = [];
    for (;;) {
      await until(() => this.#text.includes('\n'));
      const end = this.#text.indexOf('\n');
      const line = JSON.parse(this.#text.slice(0, end)) as AnswerLine;
      this.#text = this.#text.slice(end + 1);
      lines.push(line);
      if ('done' in line || 'error' in line) return lines;
    }
  }

  close(): void {
    this.#socket.destroy();
  }
}
