/** Why and when to stop: the first signal drains, the second ends at once. */
import { constants } from 'node:os';
import { drainMsMax } from '../shared/limits.ts';

type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';
const stopSignals: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** After draining, for what can't be waited for any longer; then the signal is left to itself. */
const graceMs = 500;

export class StopRequest {
  readonly #controller = new AbortController();
  readonly #handlers = new Map<StopSignal, () => void>();
  #signal: StopSignal | undefined;
  /** A SIGHUP that is on its way has had its effect. */
  #isHangUpKnown = false;
  #deadline: (() => void)[] = [];
  #deadlinePassed = false;
  #endEnough: () => void = () => undefined;
  /** Resolves when nothing more is wanted: what was read and waits need not be committed. */
  readonly enough: Promise<void>;
  readonly #undoings: (() => void)[] = [];

  constructor() {
    this.enough = new Promise((resolve) => {
      this.#endEnough = resolve;
    });
    for (const name of stopSignals) {
      const handler = (): void => {
        this.#onSignal(name);
      };
      this.#handlers.set(name, handler);
      process.on(name, handler);
    }
  }

  /** Aborts when reading is to stop. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** 128 + n where a signal asked to stop, else undefined. */
  get exitCode(): number | undefined {
    return this.#signal === undefined ? undefined : 128 + constants.signals[this.#signal];
  }

  /** Stops reading without a signal. */
  request(): void {
    this.#controller.abort();
  }

  /** Stops without a signal and at once: enough was printed, or nobody reads any more. */
  requestAtOnce(): void {
    this.#endEnough();
    this.request();
  }

  /** The terminal is gone, as a write to it found before the kernel's SIGHUP came, or in its place. */
  hangUp(): void {
    if (this.#signal !== undefined) return;
    this.#onSignal('SIGHUP');
    this.#isHangUpKnown = true;
  }

  /**
   * Waits for work, but after a signal no longer than draining may take.
   * @returns whether the work was done
   */
  async within(work: Promise<void>): Promise<boolean> {
    let done = false;
    const deadline = new Promise<void>((resolve) => {
      if (this.#deadlinePassed) resolve();
      else this.#deadline.push(resolve);
    });
    await Promise.race([
      work.then(() => {
        done = true;
      }),
      deadline,
    ]);
    return done;
  }

  /** What must be undone before the process ends, even where it ends at once: quick, repeatable. */
  onEnd(undoing: () => void): void {
    this.#undoings.push(undoing);
  }

  undo(): void {
    for (const undoing of this.#undoings) undoing();
  }

  /** Gives signals their usual effect again. */
  dispose(): void {
    for (const [name, handler] of this.#handlers) process.off(name, handler);
  }

  #onSignal(name: StopSignal): void {
    if (name === 'SIGHUP' && this.#isHangUpKnown) {
      this.#isHangUpKnown = false;
      return;
    }
    if (this.#signal !== undefined) this.#endAtOnce(name);
    this.#signal = name;
    this.#controller.abort();
    setTimeout(() => {
      this.#deadlinePassed = true;
      for (const resolve of this.#deadline.splice(0)) resolve();
    }, drainMsMax).unref();
    setTimeout(() => {
      this.#endAtOnce(name);
    }, drainMsMax + graceMs).unref();
  }

  /** By the signal itself: process.exit() would abort while a worker is inside the model. */
  #endAtOnce(name: StopSignal): void {
    this.undo();
    this.dispose();
    process.kill(process.pid, name);
  }
}
