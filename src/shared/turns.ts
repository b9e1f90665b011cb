/** One after the other: each turn begins when those that were asked for before it have ended. */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  /** @returns what the work gives, once its turn came and it is done */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#last;
    let end: () => void = () => undefined;
    this.#last = new Promise((resolve) => {
      end = resolve;
    });
    await before;
    try {
      return await work();
    } finally {
      end();
    }
  }
}
