/** Some who ask at the same time: what is known, what is new, all there is, and one who never reads. */
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { Asker } from '../../dist/control/fifo/asker.js';
import { wholeWords } from '../stages/different-lines.js';
import { numberIn } from './generator.js';

const timeoutMs = 60_000;
/** Empty lines are numbered and not kept, so the oldest line may be so much older than the window. */
const emptyShare = 0.02;
/** One time in so many, the asker leaves without reading its answer. */
const leavesEvery = 10;

export class Askers {
  asks = 0;
  left = 0;
  /** Milliseconds from request to end of answer, of asks while the instance was not stopped. */
  latencies = [];
  #options;
  #words = wholeWords();
  #nextPhrase = 0;
  #isOver = false;
  #running = [];

  /**
   * @param {{ fifo: string, window: number, pauseMs: number, stops: () => number, complain: (what: string) => void }} options -
   *   stops counts up when the instance is stopped, and when it goes on
   */
  constructor(options) {
    this.#options = options;
  }

  start() {
    this.#running = [
      this.#go(() => ({ op: 'query', phrase: 'the volume is full' })),
      this.#go(() => ({ op: 'query', phrase: this.#newPhrase(), top: 5 })),
      this.#go(() => ({ op: 'query', phrase: this.#newPhrase(), top: 200, all: true })),
    ];
  }

  async stop() {
    this.#isOver = true;
    await Promise.all(this.#running);
  }

  async status() {
    const [answer] = await this.#ask({ op: 'status' });
    return answer.lines[0];
  }

  async #go(next) {
    for (let round = 1; !this.#isOver; round += 1) {
      try {
        if (round % leavesEvery === 0) await this.#watchAndLeave();
        else await this.#askAndCheck(next());
      } catch (error) {
        this.#options.complain(`an ask failed: ${error.message}`);
        return;
      }
      await setTimeout(this.#options.pauseMs * (0.5 + Math.random()));
    }
  }

  async #askAndCheck(question) {
    const stops = this.#options.stops();
    const started = performance.now();
    const [{ lines, done }] = await this.#ask(question);
    const ms = performance.now() - started;
    this.asks += 1;
    if (this.#options.stops() === stops) this.latencies.push(ms);
    const oldest = done.line - Math.ceil(this.#options.window * (1 + emptyShare)) - 1;
    for (const { line, text } of lines) {
      const isRight = numberIn(text) === line && line > oldest && line <= done.line;
      if (isRight) continue;
      const seen = `told of line ${line} of ${done.line}, whose text is ${text.slice(0, 60)}`;
      this.#options.complain(`an answer to ${JSON.stringify(question)} ${seen}`);
    }
  }

  /** A watch that comes and goes; and a question whose asker is gone before the answer. */
  async #watchAndLeave() {
    const phrase = this.#newPhrase();
    await this.#ask({ op: 'watch', phrase, minScore: 0.9 });
    const request = { id: 'gone', op: 'query', phrase, reply: '/nonexistent/reply' };
    const fd = openSync(this.#options.fifo, constants.O_WRONLY | constants.O_NONBLOCK);
    writeSync(fd, `\n${JSON.stringify(request)}\n`);
    closeSync(fd);
    this.left += 1;
    await setTimeout(this.#options.pauseMs);
    await this.#ask({ op: 'unwatch', phrase });
  }

  async #ask(operation) {
    const asker = new Asker({ fifo: this.#options.fifo, timeoutMs });
    try {
      return await asker.ask([operation]);
    } finally {
      asker.close();
    }
  }

  #newPhrase() {
    const number = (this.#nextPhrase += 1);
    return [1, 2, 3]
      .map((factor) => this.#words[(number * factor * 7_919) % this.#words.length])
      .join(' ');
  }
}
