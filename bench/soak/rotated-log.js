/** A log that is written in pieces that end anywhere, and rotated as logrotate does it. */
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/** Between the two halves of a piece. */
const halfMs = 5;

export class RotatedLog {
  rotations = 0;
  #path;
  /** Lines before each file. */
  #linesBefore = [0];

  constructor(path) {
    this.#path = path;
    writeFileSync(path, '');
  }

  /** Cut anywhere: within a line, within a character. */
  async append(text) {
    const bytes = Buffer.from(text);
    const cut = Math.floor(Math.random() * bytes.length);
    appendFileSync(this.#path, bytes.subarray(0, cut));
    await setTimeout(halfMs);
    appendFileSync(this.#path, bytes.subarray(cut));
  }

  /** Between two pieces. @param lines - written so far */
  rotate(lines) {
    renameSync(this.#path, `${this.#path}.1`);
    writeFileSync(this.#path, '');
    this.rotations += 1;
    this.#linesBefore.push(lines);
  }

  /** @returns which line of its file that is, of all that were written */
  placeOf(number) {
    return number - this.#linesBefore.findLast((lines) => lines < number);
  }
}
