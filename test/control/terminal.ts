/** A terminal to type into, and what a person would see on it. */
import { startScript, type Running, type RunOptions } from '../helpers/run-imesde.ts';

export const columns = 80;

/**
 * Runs a bash command line in a terminal of its own; "$NODE" and "$IMESDE" run imesde. What is
 * written to its stdin is typed.
 */
export function startInTerminal(command: string, options: RunOptions = {}): Running {
  const env = { ...options.env, TERM: 'xterm' };
  return startScript(`bash -c 'stty cols ${columns} rows 24; ${command}'`, { ...options, env });
}

/** Rows of text that a terminal of so many columns shows for what it was sent, blank ones cut. */
export function screenOf(sent: string, width = columns): string[] {
  const rows: string[][] = [[]];
  let row = 0;
  let column = 0;
  for (const [token, escape = '', control = ''] of sent.matchAll(tokens)) {
    const line = (rows[row] ??= []);
    if (escape !== '') {
      const count = Number(escape) || 1;
      if (control === 'A') row = Math.max(0, row - count);
      else if (control === 'B') row += count;
      else if (control === 'C') column += count;
      else if (control === 'D') column = Math.max(0, column - count);
      else if (control === 'G') column = count - 1;
      else if (control === 'K') line.length = Math.min(line.length, column);
      else if (control === 'J') {
        line.length = Math.min(line.length, column);
        rows.length = row + 1;
      }
    } else if (token === '\r') {
      column = 0;
    } else if (token === '\n') {
      row += 1;
    } else if (token >= ' ') {
      if (column === width) {
        row += 1;
        column = 0;
      }
      (rows[row] ??= [])[column] = token;
      column += 1;
    }
  }
  return Array.from(rows, (line) => textOf(line));
}

/** Rows and places that nothing was written to are missing. */
function textOf(line: readonly (string | undefined)[] | undefined): string {
  return Array.from(line ?? [], (char) => char ?? ' ')
    .join('')
    .trimEnd();
}

/** A control sequence (its number and letter), or one character. */
const tokens = /\x1b\[(\d*)([A-Za-z])|[^]/g;
