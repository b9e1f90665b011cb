/** What a phrase is taken to score at best before anything was seen, and how many shapes that weighs. */
export const yardstickPrior = 0.8;
const priorShapes = 30;

/**
 * How good a match of a watched phrase can be expected to get: the best raw score so far, believed as
 * far as shapes were seen. Works from the first line on and gets better as the window fills.
 */
export class Yardstick {
  #best = -Infinity;
  #shapes = 0;

  /** A shape was seen for the first time. */
  observe(raw: number): void {
    this.#best = Math.max(this.#best, raw);
    this.#shapes += 1;
  }

  /** A shape that was counted before turns out to score so much. */
  raise(raw: number): void {
    this.#best = Math.max(this.#best, raw);
  }

  get value(): number {
    if (this.#shapes === 0) return yardstickPrior;
    return (
      (this.#shapes * this.#best + priorShapes * yardstickPrior) / (this.#shapes + priorShapes)
    );
  }
}
