/** Time that passes only when told: what is due happens in the order of its time. */
import { vi } from 'vitest';
import type { Random } from './random.ts';

/** Longer than any task may keep the thread. */
export const pauseMs = 3;

export class VirtualClock {
  /** Milliseconds. */
  now = 0;
  /** How often somebody looked at it: while nobody does, nothing goes on. */
  looks = 0;
  /** As far as the timers have come. */
  #timersNow = 0;
  readonly #random: Random;
  readonly #pauseShare: number;
  readonly #due: { readonly at: number; readonly run: () => void }[] = [];

  /** @param pauseShare - of the looks at which the time for a slice turns out to be over */
  constructor(random: Random, pauseShare: number) {
    this.#random = random;
    this.#pauseShare = pauseShare;
  }

  /** What performance.now() says meanwhile. */
  look(): number {
    this.looks += 1;
    if (this.#random.chance(this.#pauseShare)) this.now += pauseMs;
    return this.now;
  }

  after(ms: number, run: () => void): void {
    const at = this.now + ms;
    const later = this.#due.findIndex((event) => event.at > at);
    this.#due.splice(later === -1 ? this.#due.length : later, 0, { at, run });
  }

  /** @returns whether there was anything left to happen */
  advance(): boolean {
    const event = this.#due.shift();
    if (event === undefined) return false;
    this.pass(event.at - this.now);
    event.run();
    return true;
  }

  /** Timers go by the same clock. */
  pass(ms: number): void {
    this.now += Math.max(0, ms);
    const behind = this.now - this.#timersNow;
    this.#timersNow = this.now;
    vi.advanceTimersByTime(behind);
  }
}
