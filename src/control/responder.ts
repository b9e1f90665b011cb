/** Does what requests ask for. Knows nothing of what carried them. */
import type { Engine } from '../engine/engine.ts';
import { timeFrom } from '../shared/line-time.ts';
import type { Match } from '../rank/match.ts';
import { watchesMax } from './limits.ts';
import type { Operation } from './request.ts';
import type { Status } from './status.ts';

/** Of an engine, what requests need. */
export type AskedEngine = Pick<
  Engine,
  'question' | 'addWatch' | 'removeWatch' | 'watches' | 'lastLine'
>;

export interface ResponderOptions {
  readonly engine: AskedEngine;
  readonly status: () => Status;
  /** Ends the instance, as the end of its input would. */
  readonly quit: () => void;
  /** For queries that don't say: the nearest, so many; without it what answers. */
  readonly top?: number | undefined;
  /** For watches that don't say. */
  readonly watchMinScore?: number | undefined;
}

export type Answer =
  | {
      readonly kind: 'matches';
      readonly matches: readonly Match[];
      /** How many of them answer: have this score, or a higher one. */
      readonly answers: number;
      readonly minScore: number;
      /** Of the nearest line, whether it answers or not; undefined where there is none. */
      readonly best: number | undefined;
      /** The greatest raw score, whether it answers or not; undefined where the window is empty. */
      readonly bestRaw: number | undefined;
      /** How much the stream is prose: 0 to 1. */
      readonly prose: number;
      readonly line: number;
    }
  | { readonly kind: 'status'; readonly status: Status; readonly line: number }
  | { readonly kind: 'done'; readonly line: number }
  | { readonly kind: 'error'; readonly message: string };

export class Responder {
  readonly #options: ResponderOptions;

  constructor(options: ResponderOptions) {
    this.#options = options;
  }

  /** Never rejects: what goes wrong with a request is its answer. */
  async answer(operation: Operation): Promise<Answer> {
    try {
      return await this.#perform(operation);
    } catch (error) {
      return { kind: 'error', message: error instanceof Error ? error.message : String(error) };
    }
  }

  async #perform(operation: Operation): Promise<Answer> {
    const { engine, status, quit } = this.#options;
    switch (operation.op) {
      case 'query':
        return this.#query(operation);
      case 'status':
        return { kind: 'status', status: status(), line: engine.lastLine };
      case 'watch':
        await this.#watch(operation);
        break;
      case 'unwatch':
        this.#unwatch(operation.phrase);
        break;
      case 'quit':
        quit();
        break;
    }
    return { kind: 'done', line: engine.lastLine };
  }

  /** Sees what is committed now: an answer never waits for lines that are still on their way. */
  async #query(query: Operation & { op: 'query' }): Promise<Answer> {
    const { engine } = this.#options;
    const { phrase, like, unlike, minScore, all, explain, when, top = this.#options.top } = query;
    const since = query.since === undefined ? undefined : timeFrom(query.since, Date.now());
    const phrases = phrase === undefined ? [] : [phrase];
    const options = { top, minScore, all, since, explain, when, like, unlike, wait: false };
    const { answers, line } = await engine.question(phrases, options);
    const [answer] = answers;
    return {
      kind: 'matches',
      matches: answer?.matches ?? [],
      answers: answer?.answers ?? 0,
      minScore: answer?.minScore ?? 0,
      best: answer?.nearest[0]?.score,
      // Of an empty window the best is 0, which no line comes to exactly.
      bestRaw: answer?.measure.best === 0 ? undefined : answer?.measure.best,
      prose: answer?.measure.prose ?? 0,
      line,
    };
  }

  /** A phrase that is watched already gets the new threshold and marks. */
  async #watch(watch: Operation & { op: 'watch' }): Promise<void> {
    const { engine } = this.#options;
    const { minScore = this.#options.watchMinScore } = watch;
    const phrase = watch.phrase ?? watch.like?.[0];
    const others = engine.watches.filter((other) => other.phrase !== phrase);
    if (others.length >= watchesMax) {
      throw new Error(`${watchesMax} phrases are watched: unwatch some first`);
    }
    const added = await engine.addWatch(watch.phrase, minScore, watch);
    for (const other of engine.watches) {
      if (other.phrase === phrase && other !== added) engine.removeWatch(other);
    }
  }

  #unwatch(phrase: string | undefined): void {
    const { engine } = this.#options;
    const watches = engine.watches.filter(
      (watch) => phrase === undefined || watch.phrase === phrase,
    );
    if (watches.length === 0) throw new Error('this phrase is not watched');
    for (const watch of watches) engine.removeWatch(watch);
  }
}

/** About how much text an answer holds. */
export function answerChars(answer: Answer): number {
  if (answer.kind !== 'matches') return 0;
  return answer.matches.reduce((sum, { text }) => sum + text.length, 0);
}
