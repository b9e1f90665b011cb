/** A running instance to be asked, and what asking it takes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Asker } from '../../dist/control/fifo/asker.js';

export const imesde = fileURLToPath(new URL('../../bin/imesde.js', import.meta.url));

const pollMs = 200;
/** `imesde ask` ends so where nothing in the window answers: it was asked all the same. */
const noAnswer = 1;

export class Instance {
  /** The way lines come in is left open where `keepOpen` says so: stdin is a pipe then. */
  constructor({ folder, name, command, args = [], program = imesde }) {
    this.fifo = path.join(folder, name);
    const own = [process.execPath, program, '--fifo', this.fifo, ...args];
    this.child =
      command === undefined
        ? spawn(own[0], own.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] })
        : spawn('bash', ['-c', command.script, command.file, ...own], {
            stdio: ['ignore', 'ignore', 'inherit'],
          });
    this.ended = once(this.child, 'exit');
  }

  /** @returns milliseconds from the request's way into the pipe to the end of its answer */
  async request(operation) {
    return await this.#with(async (asker) => await timed(() => asker.ask([operation])));
  }

  async ask(phrase) {
    return await this.request({ op: 'query', phrase });
  }

  async linesRead() {
    return (await this.#status()).lines.read;
  }

  /** Resolves once so many lines were read and none waits. */
  async holds(lines) {
    for (;;) {
      const { read, waiting } = (await this.#status()).lines;
      if (read >= lines && waiting === 0) return;
      await setTimeout(pollMs);
    }
  }

  async quit() {
    await this.request({ op: 'quit' });
    await this.ended;
  }

  async #status() {
    return await this.#with(async (asker) => {
      const [
        {
          lines: [status],
        },
      ] = await asker.ask([{ op: 'status' }]);
      return status;
    });
  }

  async #with(work) {
    const asker = new Asker({ fifo: this.fifo, timeoutMs: 120_000 });
    try {
      return await work(asker);
    } finally {
      asker.close();
    }
  }
}

/** @returns milliseconds from the start of such a program to its end */
export async function timedRun(args) {
  return await timed(async () => {
    const [code] = await once(spawn(process.execPath, args, { stdio: 'ignore' }), 'exit');
    if (code !== 0 && code !== noAnswer) throw new Error(`${args.join(' ')} ended with ${code}`);
  });
}

export async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
