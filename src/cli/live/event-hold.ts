/** Once for each event in a time: what comes meanwhile is counted, and told together when it is over. */

/** Events that are held at once; then those held longest are told early. */
const eventsMax = 10_000;

interface Held<T> {
  readonly timer: NodeJS.Timeout;
  /** What came since it was told last, and how much. */
  newest: T | undefined;
  count: number;
}

export class EventHold<T> {
  readonly #everyMs: number;
  readonly #tell: (newest: T, count: number) => void;
  readonly #held = new Map<string, Held<T>>();

  /**
   * @param everyMs - in milliseconds; 0 holds nothing
   * @param tell - is given the newest of an event, and for how many it stands
   */
  constructor(everyMs: number, tell: (newest: T, count: number) => void) {
    this.#everyMs = everyMs;
    this.#tell = tell;
  }

  take(event: string, one: T): void {
    const held = this.#held.get(event);
    if (held !== undefined) {
      held.newest = one;
      held.count += 1;
      return;
    }
    if (this.#everyMs > 0) this.#hold(event);
    this.#tell(one, 1);
  }

  /** Tells all that is held. */
  flush(): void {
    for (const event of [...this.#held.keys()]) this.#end(event);
  }

  #hold(event: string): void {
    const [oldest] = this.#held.keys();
    if (this.#held.size >= eventsMax && oldest !== undefined) this.#end(oldest);
    const timer = setTimeout(() => {
      if (this.#end(event)) this.#hold(event);
    }, this.#everyMs);
    this.#held.set(event, { timer: timer.unref(), newest: undefined, count: 0 });
  }

  /** @returns whether there was anything to tell */
  #end(event: string): boolean {
    const held = this.#held.get(event);
    if (held === undefined) return false;
    const { timer, newest, count } = held;
    clearTimeout(timer);
    this.#held.delete(event);
    if (newest === undefined) return false;
    this.#tell(newest, count);
    return true;
  }
}
