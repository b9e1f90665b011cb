/** Reads what is printed, and stops reading for a while now and then: what comes must be right. */
import { once } from 'node:events';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { numberIn } from './generator.js';

export class OutputReader {
  /** Lines printed. */
  count = 0;
  pauses = 0;
  #socket;
  #ended;
  #last = 0;
  #generator;
  #log;
  #complain;

  /** @param fd - the end of a pipe that is read */
  constructor({ fd, generator, log, complain }) {
    this.#socket = new Socket({ fd, readable: true, writable: false });
    this.#generator = generator;
    this.#log = log;
    this.#complain = complain;
    const lines = createInterface({ input: this.#socket });
    lines.on('line', (line) => this.#take(JSON.parse(line)));
    this.#ended = once(lines, 'close');
  }

  pause() {
    this.#socket.pause();
    this.pauses += 1;
  }

  resume() {
    this.#socket.resume();
  }

  /** Resolves at the end of what is printed. */
  async ended() {
    await this.#ended;
    const missing = this.#generator.answers[0];
    if (missing !== undefined) this.#complain(`line ${missing} was never printed`);
  }

  #take({ line, text }) {
    this.count += 1;
    const number = numberIn(text);
    const told = `line ${number}, ${text.slice(0, 60)}`;
    if (this.#log.placeOf(number) !== line) this.#complain(`printed as line ${line}: ${told}`);
    if (!(number > this.#last)) this.#complain(`printed after line ${this.#last}: ${told}`);
    this.#last = number;
    const { answers } = this.#generator;
    while (answers.length > 0 && answers[0] < number) {
      this.#complain(`line ${answers.shift()} was not printed, ${number} was`);
    }
    if (answers[0] === number) answers.shift();
  }
}
