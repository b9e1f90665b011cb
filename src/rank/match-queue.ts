import type { Match } from './match.ts';

/** Matches between the commit point, which never waits, and a reader that may. */
export class MatchQueue implements AsyncIterable<Match> {
  readonly #matches: Match[] = [];
  #ended = false;
  #failure: { readonly reason: unknown } | undefined;
  #wake: () => void = () => undefined;

  push(match: Match): void {
    this.#matches.push(match);
    this.#wake();
  }

  /** The reader gets what is left, then the end. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** The reader gets this at once, and nothing more. */
  fail(reason: unknown): void {
    this.#failure = { reason };
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Match, void, undefined> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.reason as Error;
      const next = this.#matches.shift();
      if (next !== undefined) yield next;
      else if (this.#ended) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
