/** Lines beside those that a live run prints: before them from a small ring, behind them as they come. */
import type { ContextLines } from '../common-options.ts';
import { formatGap, formatMatch } from '../../output/match-format.ts';
import type { WindowLine } from '../../window/window.ts';
import type { Run } from '../run.ts';

export class LiveContext {
  readonly #lines: ContextLines;
  readonly #run: Run;
  /** Not printed so far, oldest first. */
  #before: WindowLine[] = [];
  #matched = 0;
  #hasPrinted = false;
  /** Lines that are still to be printed behind the last match. */
  missing = 0;
  /** Lines came that are not printed and will not be. */
  #hasGap = false;

  constructor(lines: ContextLines, run: Run) {
    this.#lines = lines;
    this.#run = run;
  }

  /** A line is about to be printed. */
  match(line: number): void {
    if (this.#hasPrinted && this.#hasGap) this.#run.writer.write(formatGap(this.#run.format));
    for (const before of this.#before) this.#print(before, 'before');
    this.#before = [];
    this.#hasPrinted = true;
    this.#hasGap = false;
    this.#matched = line;
    this.missing = this.#lines.after;
  }

  /** A line was judged; told of all, after `match`. */
  pass(line: WindowLine): void {
    if (line.number === this.#matched) return;
    if (this.missing > 0) {
      this.missing -= 1;
      this.#print(line, 'after');
      return;
    }
    this.#before.push(line);
    if (this.#before.length <= this.#lines.before) return;
    this.#before.shift();
    this.#hasGap = true;
  }

  #print({ number, time, text }: WindowLine, context: 'before' | 'after'): void {
    const { writer, format } = this.#run;
    writer.write(formatMatch({ ...this.#run.placeOf(number), time, text, context }, format));
  }
}
