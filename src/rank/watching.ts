/** Who hears of the lines that answer watched phrases: listeners, and loops over one phrase. */
import type { Match } from './match.ts';
import { MatchQueue } from './match-queue.ts';
import type { Frequencies } from '../glance/document-frequencies.ts';
import { untilAborted } from '../shared/until-aborted.ts';
import { Watches, type WatchedPhrase, type WatchHit } from './watches.ts';

/** A line that answers at least one watched phrase. */
export interface WatchedLine {
  /** The phrases it answers, best first; never empty. */
  readonly hits: readonly WatchHit[];
  readonly line: number;
  readonly time: number;
  readonly text: string;
  /** The first line of an event that was not seen before; false where nobody wants to know. */
  readonly isNew: boolean;
}

/**
 * Hears of each line that answers a watched phrase.
 * @param eventOf - names the event of the line, as of now: the same for all of its lines. Only to be
 * called before the listener returns
 */
export type WatchListener = (line: WatchedLine, eventOf: () => string) => void;

export interface WatchingOptions {
  /** As they are at any moment. */
  readonly frequencies: Pick<Frequencies, 'proseDegree'>;
  /** Names the event of a shape of the window. */
  readonly eventOf: (shape: number) => string;
  /** Whether the line that was just committed is the first of a new event. */
  readonly isNew?: () => boolean;
  /** Whether to tell why lines answer. */
  readonly explains?: boolean;
}

export class Watching {
  readonly watches: Watches;
  readonly #eventOf: (shape: number) => string;
  readonly #isNew: () => boolean;
  readonly #listeners = new Set<WatchListener>();
  /** Watches whose phrase is being embedded: what is ingested meanwhile waits for them. */
  readonly #openings = new Set<Promise<WatchedPhrase>>();
  /** Of the loops. */
  readonly #queues = new Set<MatchQueue>();

  constructor({ frequencies, eventOf, isNew = () => false, explains = false }: WatchingOptions) {
    this.#eventOf = eventOf;
    this.#isNew = isNew;
    this.watches = new Watches(frequencies, explains);
  }

  /**
   * Calls back for each line that answers, in input order.
   * @returns ends the calls
   */
  onMatch(listener: WatchListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** A line was committed. */
  judge(shape: number, text: string, line: number, time: number): void {
    if (this.watches.all.length === 0) return;
    const hits = this.watches.judge(shape, text);
    if (hits.length === 0) return;
    const eventOf = (): string => this.#eventOf(shape);
    const isNew = this.#isNew();
    for (const listener of this.#listeners) listener({ hits, line, time, text, isNew }, eventOf);
  }

  /**
   * The matches of one phrase, from now on; the watch ends when the loop is left, or the signal
   * aborts.
   */
  loop(
    phrase: string,
    opening: Promise<WatchedPhrase>,
    signal?: AbortSignal,
  ): AsyncGenerator<Match, void, undefined> {
    this.#openings.add(opening);
    const settled = (): void => {
      this.#openings.delete(opening); // Should it fail, whoever iterates gets the error.
    };
    opening.then(settled, settled);
    const queue = new MatchQueue();
    this.#queues.add(queue);
    const stopListening = this.onMatch(({ hits, line, time, text }) => {
      const hit = hits.find(({ watch }) => watch.phrase === phrase);
      if (hit !== undefined) queue.push({ query: phrase, score: hit.score, line, time, text });
    });
    const end = (): void => {
      signal?.removeEventListener('abort', abort);
      this.#queues.delete(queue);
      stopListening();
      opening.then(
        (watch) => this.watches.remove(watch),
        () => undefined, // It was never there.
      );
    };
    const abort = (): void => {
      queue.fail(signal?.reason);
      end();
    };
    signal?.addEventListener('abort', abort);
    if (signal?.aborted === true) abort();
    return iterate(opening, queue, end, signal);
  }

  /** Resolves when no watch is being opened. */
  async opened(): Promise<void> {
    if (this.#openings.size > 0) await Promise.allSettled(this.#openings);
  }

  /** Ends all loops. */
  end(): void {
    for (const queue of this.#queues) queue.end();
  }
}

async function* iterate(
  opening: Promise<WatchedPhrase>,
  queue: MatchQueue,
  end: () => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<Match, void, undefined> {
  try {
    await untilAborted(signal, () => opening);
    yield* queue;
  } finally {
    end();
  }
}
