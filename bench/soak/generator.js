/**
 * What the log is written of: lines that tell their own number, so that whoever reads them sees what
 * is missing, doubled or out of order.
 */
import { generateLines } from '../ingest/generator.js';

/** What is watched for. */
export const watched = ['database connection refused', 'no space left on device'];
/** Of lines in a row one answers a watch; one is empty; one is longer than a line may be. */
const answersEvery = 10;
const emptyEvery = 97;
const longEvery = 4_001;
/** `--max-line-bytes` of the run. */
export const lineBytesMax = 4_096;

const answers = [
  'ERROR pool: database connection refused',
  'ERROR images: cannot store upload: no space left on device (Größe überschritten, 容量不足)',
];

export class Generator {
  written = 0;
  empty = 0;
  long = 0;
  /** Numbers of the lines that a watch must print, in order; whoever has seen them takes them out. */
  answers = [];
  #lines = generateLines({ lines: Infinity, newShare: 0.08, seed: 7 });

  /** @returns so many lines, each with its newline */
  next(count) {
    let text = '';
    for (let i = 0; i < count; i += 1) text += `${this.#line()}\n`;
    return text;
  }

  #line() {
    const number = (this.written += 1);
    if (number % emptyEvery === 0) {
      this.empty += 1;
      return '';
    }
    const said = `seq=${number} ${this.#lines.next().value}`;
    if (number % longEvery === 0) {
      this.long += 1;
      return `${said} ${'0123456789 '.repeat(lineBytesMax / 8)}`;
    }
    if (number % answersEvery !== 0) return said;
    this.answers.push(number);
    // Long, so that a reader who stops has the pipe full soon.
    return `seq=${number} ${answers[(number / answersEvery) % answers.length]} trace=${'8f'.repeat(100)}`;
  }
}

/** @returns the number that a line tells, NaN where it tells none */
export function numberIn(text) {
  return Number(/^seq=(\d+) /.exec(text)?.[1]);
}
