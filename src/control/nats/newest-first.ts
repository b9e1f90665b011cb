/**
 * Work of which only so much is done at once. What waits is taken newest first, and of more than may
 * wait the oldest is given up: whoever asked it has waited longest, and may not wait any more. After
 * a pause of the process the newest request is answered at once, not behind all that was missed.
 */
export class NewestFirst<T> {
  readonly #atOnceMax: number;
  readonly #waitingMax: number;
  readonly #work: (one: T) => Promise<void>;
  readonly #onGivenUp: (one: T) => void;
  #waiting: T[] = [];
  #atWork = 0;
  #isStarting = false;
  #onIdle: (() => void)[] = [];

  /** @param work - never rejects */
  constructor(options: {
    readonly atOnceMax: number;
    readonly waitingMax: number;
    readonly work: (one: T) => Promise<void>;
    readonly onGivenUp: (one: T) => void;
  }) {
    this.#atOnceMax = options.atOnceMax;
    this.#waitingMax = options.waitingMax;
    this.#work = options.work;
    this.#onGivenUp = options.onGivenUp;
  }

  push(one: T): void {
    this.#waiting.push(one);
    if (this.#waiting.length > this.#waitingMax) {
      const oldest = this.#waiting.shift();
      if (oldest !== undefined) this.#onGivenUp(oldest);
    }
    if (this.#isStarting) return;
    this.#isStarting = true;
    // What came together is all here before the newest of it is chosen.
    setImmediate(() => {
      this.#isStarting = false;
      this.#start();
    });
  }

  /** Resolves when nothing is worked on; what waits is given up. */
  async end(): Promise<void> {
    for (const one of this.#waiting.splice(0)) this.#onGivenUp(one);
    if (this.#atWork > 0) await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  #start(): void {
    while (this.#atWork < this.#atOnceMax) {
      const newest = this.#waiting.pop();
      if (newest === undefined) return;
      this.#atWork += 1;
      void this.#work(newest).then(() => {
        this.#atWork -= 1;
        this.#start();
        if (this.#atWork === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
      });
    }
  }
}
