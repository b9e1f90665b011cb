/** Time that passes only when told: what is due happens in the order of its time. */
export class VirtualClock {
  /** Milliseconds. */
  now = 0;
  readonly #due: { readonly at: number; readonly run: () => void }[] = [];

  after(ms: number, run: () => void): void {
    const at = this.now + ms;
    const later = this.#due.findIndex((event) => event.at > at);
    this.#due.splice(later === -1 ? this.#due.length : later, 0, { at, run });
  }

  /** @returns whether there was anything left to happen */
  advance(): boolean {
    const event = this.#due.shift();
    if (event === undefined) return false;
    this.now = event.at;
    event.run();
    return true;
  }
}
