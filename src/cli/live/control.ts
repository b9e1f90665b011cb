/** The ways to ask a live run: its control FIFO and its prompt, from before the model to the end. */
import type { Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { ControlFifo } from '../../control/fifo/control-fifo.ts';
import { FifoServer } from '../../control/fifo/fifo-server.ts';
import { announce } from '../../control/fifo/instances.ts';
import { Prompt } from '../../control/prompt/prompt.ts';
import { RateMeter } from '../../control/rate-meter.ts';
import { Responder } from '../../control/responder.ts';
import { makeStatus } from '../../control/status.ts';
import { StdoutAnswers } from '../../control/fifo/stdout-answers.ts';
import { OutputAbove } from '../../control/prompt/terminal-line.ts';
import type { Engine } from '../../engine/engine.ts';
import type { LiveOptions } from './options.ts';
import { matchFormat } from '../output-format.ts';
import { LiveFleet } from './fleet.ts';
import type { Run } from '../run.ts';

const sampleMs = 1_000;

/** How long requests that waited for the model wait on for the first lines to be committed. */
const firstLinesMsMax = 1_000;
/** The same where no line has come. */
const noLinesMsMax = 150;
const pollMs = 5;
/** The last line may wait a while for more of its record. */
const stillMsMin = 40;

export class LiveControl {
  /** Where the run writes. */
  readonly stdout: Writable;
  readonly #options: LiveOptions;
  readonly #shared: OutputAbove | undefined;
  readonly #rate = new RateMeter();
  #fifo: ControlFifo | undefined;
  #fleet: LiveFleet | undefined;
  #server: FifoServer | undefined;
  #serving: Promise<void> | undefined;
  #joining: Promise<void> | undefined;
  #answers: StdoutAnswers | undefined;
  #prompt: Prompt | undefined;
  #sampling: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: LiveOptions) {
    this.#options = options;
    const isShared = options.interactive === true && process.stdout.isTTY;
    this.#shared = isShared ? new OutputAbove(process.stdout) : undefined;
    this.stdout = this.#shared ?? process.stdout;
  }

  /**
   * Makes the FIFO: from then on requests wait in it, also while the model loads.
   * @throws {ImesdeError} ERR_IMESDE_CONTROL, ERR_IMESDE_USAGE where no NATS server is named
   */
  async prepare(run: Run): Promise<void> {
    this.#fleet = await LiveFleet.prepare(this.#options);
    if (this.#options.fifo === undefined) return;
    const fifo = await ControlFifo.create(this.#options.fifo);
    const forget = announce(fifo.path);
    this.#undoAtEnd(run, () => {
      forget();
      fifo.remove();
    });
    this.#fifo = fifo;
  }

  /**
   * Answers from now on.
   * @throws {ImesdeError} ERR_IMESDE_USAGE where there is no terminal for the prompt
   */
  serve(engine: Engine, run: Run): void {
    const { top, quiet, minScore, interactive } = this.#options;
    const fleet = this.#fleet;
    if (this.#fifo === undefined && fleet === undefined && interactive !== true) return;
    const quit = (): void => {
      run.stop.request();
    };
    this.#sampling = setInterval(() => {
      this.#rate.sample(engine.stats().read, performance.now());
    }, sampleMs).unref();
    this.#rate.sample(0, performance.now());
    const responder = new Responder({
      engine,
      quit,
      top,
      watchMinScore: minScore,
      status: () => {
        const stats = engine.stats();
        const linesPerSecond = this.#rate.perSecond(stats.read, performance.now());
        return makeStatus({ stats, reader: run.reader, linesPerSecond, watches: engine.watches });
      },
    });
    const isBegun = firstLinesCommitted(engine);
    if (fleet !== undefined) {
      this.#joining = isBegun.then(() => {
        if (!this.#isClosed) fleet.join(engine, responder);
      });
    }
    if (this.#fifo !== undefined) {
      const { writer, format } = run;
      const warn = (text: string): void => {
        const write = (): void => void process.stderr.write(text);
        if (this.#prompt === undefined) write();
        else this.#prompt.terminal.above(write);
      };
      const stdoutAnswers = new StdoutAnswers({ writer, format, quiet: quiet === true, warn });
      const options = { fifo: this.#fifo, responder, stdoutAnswers };
      this.#answers = stdoutAnswers;
      this.#serving = isBegun.then(() => {
        this.#server = new FifoServer(options);
      });
    }
    if (interactive === true) this.#openPrompt(responder, run, quit);
  }

  /** After the end of input: goes on answering until something asks to stop. */
  async hold(run: Run): Promise<void> {
    const { signal } = run.stop;
    process.once('uncaughtException', () => {
      run.stop.request(); // main.ts says what happened.
    });
    if (!signal.aborted) {
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve);
      });
    }
    run.throwFailure();
  }

  /** Lets the last answers go out, within a bounded time, and leaves no trace. */
  async close(run: Run): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#sampling);
    await Promise.all([this.#serving, this.#joining]);
    if (this.#fleet !== undefined) await run.stop.within(this.#fleet.close());
    if (this.#server !== undefined) await run.stop.within(this.#server.close());
    run.stop.undo();
    const answers = this.#answers;
    if (answers === undefined && this.#fleet === undefined) return;
    if (answers !== undefined) await run.stop.within(answers.flushed());
    run.droppedAnswers =
      (answers?.droppedCount ?? 0) +
      (this.#server?.droppedCount ?? 0) +
      (this.#fleet?.droppedCount ?? 0);
  }

  #openPrompt(responder: Responder, run: Run, quit: () => void): void {
    const { top } = this.#options;
    const prompt = new Prompt({
      responder,
      quit,
      top,
      format: matchFormat({ ...this.#options, json: false }, true),
    });
    this.#prompt = prompt;
    this.#shared?.attach(prompt.terminal);
    this.#undoAtEnd(run, () => {
      prompt.terminal.close();
    });
  }

  /** Whichever way the process ends, short of SIGKILL by another. */
  #undoAtEnd(run: Run, undoing: () => void): void {
    run.stop.onEnd(undoing);
    process.once('exit', undoing);
  }
}

/**
 * Who starts an instance and asks it at once means the lines that were there: they are answered for
 * from the first commit on, not from an empty window.
 */
async function firstLinesCommitted(engine: Engine): Promise<void> {
  let seen = 0;
  let stillMs = 0;
  for (let ms = 0; ms < firstLinesMsMax; ms += pollMs) {
    const { read, waiting } = engine.stats();
    stillMs = read === seen && waiting === 0 ? stillMs + pollMs : 0;
    seen = read;
    if (read === 0 ? ms >= noLinesMsMax : stillMs >= stillMsMin) return;
    await setTimeout(pollMs);
  }
}
