/**
 * Stands in for the thread of an embedding worker: takes the same messages, answers after a delay of
 * the virtual clock, and fails in every way that a thread can.
 */
import { EventEmitter } from 'node:events';
import type { RequestMessage, ResponseMessage } from '../../src/embed/messages.ts';
import { TokenStore } from '../../src/ring/token-store.ts';
import { VectorRing } from '../../src/ring/vector-ring.ts';
import { dimensions, tokenDimensions, vectorsOf } from './fake-model.ts';
import type { Random } from './random.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What a simulation tells its workers, and what they tell it just before the pool hears it. */
export interface WorkerHost {
  readonly random: Random;
  readonly clock: VirtualClock;
  readonly delayMsMax: number;
  /** Share of requests after which the worker hangs. */
  readonly hangShare: number;
  /** Whether the work on these rows, on this phrase, or its start goes wrong this time. */
  fails(work: readonly number[] | string): boolean;
  sent(rows: readonly number[]): void;
  done(rows: readonly number[]): void;
  /** What was under way came to nothing. */
  failed(work: readonly number[] | string): void;
  hung(): void;
}

/** What a worker does before it takes requests. */
export const starting = 'starting';

const startDelays = 10;

type Work = Extract<RequestMessage, { type: 'shapes' | 'phrases' }>;

export class FakeWorker extends EventEmitter {
  /** Of the simulation under way. */
  static host: WorkerHost;
  readonly #host = FakeWorker.host;
  #ring: VectorRing | undefined;
  #tokens: TokenStore | undefined;
  #isDead = false;
  #isBusy = false;
  #isStopping = false;

  postMessage(message: RequestMessage): void {
    if (this.#isDead) return;
    switch (message.type) {
      case 'load':
        this.#isBusy = true;
        // Takes long: so that much waits when it begins.
        this.#later(() => {
          if (this.#host.fails(starting)) this.#fail(starting);
          else this.#answer({ type: 'ready', dimensions, tokenDimensions });
        }, startDelays);
        break;
      case 'ring':
        this.#ring = VectorRing.attach(message.ring);
        this.#tokens = message.tokens && TokenStore.attach(message.tokens);
        break;
      case 'stop':
        this.#isStopping = true;
        if (!this.#isBusy) this.#exit(0);
        break;
      default:
        this.#work(message);
    }
  }

  #work(message: Work): void {
    const host = this.#host;
    if (this.#isBusy) throw new Error('a worker got a second request before it answered the first');
    this.#isBusy = true;
    if (message.type === 'shapes') host.sent(message.rows);
    if (host.random.chance(host.hangShare)) {
      host.hung();
      return;
    }
    const work = message.type === 'shapes' ? message.rows : message.ids.join(';');
    const fails = host.fails(work);
    this.#later(() => {
      // Half way: the rows are this worker's, so nobody may see what is in them now.
      if (message.type === 'shapes') {
        for (const row of message.rows) this.#write(row, [row, row, row], 1, 1);
      }
      this.#later(() => {
        if (fails) this.#fail(work);
        else this.#finish(message);
      });
    });
  }

  #finish(message: Work): void {
    if (message.type === 'phrases') {
      this.#answer({ type: 'phrases-done', phrases: message.ids.map(vectorsOf) });
      return;
    }
    const { rows, ids, prefixLength, suffixLength } = message;
    const stored = Uint8Array.from(rows, (row, i) =>
      this.#write(row, ids[i]!, prefixLength, suffixLength) ? 1 : 0,
    );
    this.#host.done(rows);
    this.#answer({ type: 'shapes-done', stored });
  }

  #write(row: number, ids: readonly number[], prefixLength: number, suffixLength: number): boolean {
    const { vector, tokenVectors } = vectorsOf(ids);
    if (!this.#ring!.write(row, vector, 0)) return false;
    const own = ids.slice(prefixLength, ids.length - suffixLength);
    this.#tokens?.write(row, tokenVectors, prefixLength * tokenDimensions, own);
    return true;
  }

  #answer(message: ResponseMessage): void {
    this.#isBusy = false;
    this.emit('message', message);
    if (this.#isStopping) this.#exit(0);
  }

  #fail(work: readonly number[] | string): void {
    this.#host.failed(work);
    const kind = this.#host.random.pick(['rejects', 'throws', 'exits']);
    this.#isBusy = false;
    if (kind === 'rejects') {
      // Says so, and leaves when it is told to.
      this.emit('message', { type: 'failed', code: 'ERR_IMESDE_WORKER', message: 'simulated' });
      if (this.#isStopping) this.#exit(0);
    } else if (kind === 'throws') {
      this.emit('error', new Error('simulated'));
      this.#later(() => {
        this.#exit(1);
      });
    } else {
      this.#exit(7);
    }
  }

  #exit(code: number): void {
    if (this.#isDead) return;
    this.#isDead = true;
    this.emit('exit', code);
  }

  #later(run: () => void, delays = 1): void {
    const { random, clock, delayMsMax } = this.#host;
    clock.after(random.between(0, delays * delayMsMax), run);
  }
}
