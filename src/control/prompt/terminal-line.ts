/** One terminal for two: the line being typed, and what is printed above it. */
import { constants, openSync } from 'node:fs';
import {
  clearScreenDown,
  createInterface,
  cursorTo,
  moveCursor,
  type Interface,
} from 'node:readline';
import { Writable } from 'node:stream';
import { ReadStream, WriteStream } from 'node:tty';
import { ImesdeError } from '../../shared/errors.ts';
import { completeTyped } from './prompt-commands.ts';

export interface TerminalLineOptions {
  readonly prompt: string;
  readonly onLine: (line: string) => void;
  /** Ctrl-D, or the terminal went away. */
  readonly onEnd: () => void;
}

const historyLinesMax = 1_000;

export class TerminalLine {
  readonly #input: ReadStream;
  readonly #output: WriteStream;
  readonly #readline: Interface;
  #isClosed = false;

  /** @throws {ImesdeError} ERR_IMESDE_USAGE where the process has no terminal */
  constructor({ prompt, onLine, onEnd }: TerminalLineOptions) {
    this.#input = new ReadStream(openTerminal(constants.O_RDONLY));
    this.#output = new WriteStream(openTerminal(constants.O_WRONLY));
    // The terminal may go away; readline then ends too, which is what counts.
    for (const stream of [this.#input, this.#output]) stream.on('error', () => undefined);
    process.on('SIGWINCH', this.#resize).on('SIGCONT', this.#resume);
    this.#readline = createInterface({
      input: this.#input,
      output: this.#output,
      prompt,
      terminal: true,
      historySize: historyLinesMax,
      removeHistoryDuplicates: true,
      completer: completeTyped,
    });
    this.#readline
      .on('line', (line) => {
        onLine(line);
        if (!this.#isClosed) this.#readline.prompt();
      })
      .on('close', () => {
        const isWanted = this.#isClosed;
        this.close();
        if (!isWanted) onEnd();
      })
      .on('error', onEnd)
      .on('SIGINT', () => {
        this.#interrupt();
      })
      .on('SIGTSTP', () => {
        this.#suspend();
      });
    this.#readline.prompt();
  }

  /** Prints text that ends in a newline above the line being typed. */
  print(text: string): void {
    this.above(() => this.#output.write(text));
  }

  /** Lets somebody write to this terminal: the line being typed makes way, and comes back below. */
  above(write: () => void): void {
    if (this.#isClosed) {
      write();
      return;
    }
    const { rows } = this.#readline.getCursorPos();
    this.#hide();
    write();
    // Readline still takes its cursor to be that many rows below the start of the line.
    this.#output.write('\n'.repeat(rows));
    this.#readline.prompt(true);
  }

  /** Gives the terminal back as it was found. At once. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    process.off('SIGWINCH', this.#resize).off('SIGCONT', this.#resume);
    this.#hide();
    this.#readline.close();
    this.#input.setRawMode(false);
    this.#input.destroy();
    this.#output.destroy();
  }

  /** Node does this for standard output and error, and has no documented way to do it for others. */
  readonly #resize = (): void => {
    (this.#output as { _refreshSize?: () => void })._refreshSize?.();
  };

  /** Whatever stopped the process, the shell has had the terminal since. */
  readonly #resume = (): void => {
    this.#input.setRawMode(false); // Node would take a terminal to be in the mode it last set.
    this.#input.setRawMode(true);
    this.#readline.prompt(true);
  };

  #hide(): void {
    moveCursor(this.#output, 0, -this.#readline.getCursorPos().rows);
    cursorTo(this.#output, 0);
    clearScreenDown(this.#output);
  }

  /** Ctrl-C: gives up what was typed, or, where that is nothing, what the terminal would do. */
  #interrupt(): void {
    if (this.#readline.line === '') {
      process.kill(0, 'SIGINT'); // The whole pipeline, like the producer in front of this one.
      return;
    }
    this.#readline.write(null, { ctrl: true, name: 'e' });
    this.#readline.write(null, { ctrl: true, name: 'u' });
  }

  /** Ctrl-Z: again for the whole pipeline; the terminal is the shell's until `fg`. */
  #suspend(): void {
    this.#hide();
    this.#input.setRawMode(false);
    process.kill(0, 'SIGTSTP');
  }
}

/** Standard output where it is the terminal of a line being typed: what is written goes above it. */
export class OutputAbove extends Writable {
  readonly #stream: Writable;
  #line: TerminalLine | undefined;

  constructor(stream: Writable) {
    super({ decodeStrings: false });
    this.#stream = stream;
    stream.on('error', (error) => this.destroy(error));
  }

  /** From now on; until then, and once the line is closed, text goes straight through. */
  attach(line: TerminalLine): void {
    this.#line = line;
  }

  override _write(text: string, _encoding: string, callback: (error?: Error | null) => void): void {
    const write = (): void => {
      this.#stream.write(text, callback);
    };
    if (this.#line === undefined) write();
    else this.#line.above(write);
  }

  /** What came while a write was under way needs the line to make way only once. */
  override _writev(chunks: { chunk: string }[], callback: (error?: Error | null) => void): void {
    this._write(chunks.map(({ chunk }) => chunk).join(''), 'utf8', callback);
  }
}

function openTerminal(access: number): number {
  try {
    return openSync('/dev/tty', access);
  } catch (error) {
    throw new ImesdeError(
      'ERR_IMESDE_USAGE',
      `-i needs a terminal (/dev/tty: ${(error as NodeJS.ErrnoException).code ?? String(error)}): ` +
        'run it in one, or ask with --fifo',
      { cause: error },
    );
  }
}
