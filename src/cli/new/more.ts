/**
 * How many more lines came of what was told: after a time, and again after twice that time, up to an
 * hour; nothing where none came.
 */

const waitMsMax = 3_600_000;
/** Events that are looked after at once; then those told longest ago are let go. */
const eventsMax = 10_000;

interface Looked {
  readonly count: () => number;
  readonly tell: (count: number) => void;
  told: number;
  waitMs: number;
  due: number;
}

export class MoreLines {
  readonly #everyMs: number;
  readonly #events = new Set<Looked>();
  readonly #timer: NodeJS.Timeout;

  /** @param everyMs - above 0 */
  constructor(everyMs: number) {
    this.#everyMs = everyMs;
    this.#timer = setInterval(() => {
      this.#look();
    }, everyMs).unref();
  }

  /**
   * @param count - of the event's lines, the one that was told among them
   * @param tell - is given how many came since it was told last
   */
  add(count: () => number, tell: (count: number) => void): void {
    const [oldest] = this.#events;
    if (this.#events.size >= eventsMax && oldest !== undefined) this.#events.delete(oldest);
    const waitMs = this.#everyMs;
    this.#events.add({ count, tell, told: 1, waitMs, due: performance.now() + waitMs });
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    for (const event of this.#events) {
      if (now < event.due) continue;
      const count = event.count();
      if (count > event.told) event.tell(count - event.told);
      event.told = count;
      event.waitMs = Math.max(this.#everyMs, Math.min(2 * event.waitMs, waitMsMax));
      event.due = now + event.waitMs;
    }
  }
}
