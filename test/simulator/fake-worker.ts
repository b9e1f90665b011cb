/**
 * Stands in for the thread of an embedding worker: takes the same messages, answers after a delay of
 * the virtual clock, and fails in every way that a thread can. A vector is made from its text.
 */
import { EventEmitter } from 'node:events';
import type { RequestMessage, ResponseMessage } from '../../src/embed/messages.ts';
import { textOf } from '../helpers/character-encoder.ts';
import { VectorRing } from '../../src/ring/vector-ring.ts';
import type { Random } from './random.ts';
import type { VirtualClock } from './virtual-clock.ts';

export const dimensions = 6;

/** What a simulation tells its workers, and what they tell it just before the pool hears it. */
export interface WorkerHost {
  readonly random: Random;
  readonly clock: VirtualClock;
  readonly delayMsMax: number;
  /** Shares of requests that end so. */
  readonly failureShare: number;
  readonly hangShare: number;
  sent(texts: readonly string[], rows: readonly number[]): void;
  done(texts: readonly string[], stored: Uint8Array): void;
  failed(texts: readonly string[]): void;
  phraseFailed(phrase: string): void;
  startFailed(): void;
  hung(): void;
}

/** Texts whose vector can't be stored. */
export function isBad(text: string): boolean {
  return text.startsWith('bad');
}

/** A direction that depends on every character of the text. */
export function vectorOf(text: string): Float32Array {
  const vector = new Float32Array(dimensions);
  if (isBad(text)) return vector.fill(text.length % 2 === 0 ? NaN : 0);
  let hash = 0x811c9dc5;
  for (let i = 0; i < dimensions; i += 1) {
    for (const char of text) hash = Math.imul(hash ^ char.charCodeAt(0) ^ i, 0x01000193);
    vector[i] = ((hash >>> 8) & 0xffff) / 0x8000 - 1;
  }
  return vector;
}

type Work = Extract<RequestMessage, { type: 'shapes' | 'phrases' }>;

export class FakeWorker extends EventEmitter {
  /** Of the simulation under way. */
  static host: WorkerHost;
  readonly #host = FakeWorker.host;
  #ring: VectorRing | undefined;
  #isDead = false;
  #isBusy = false;
  #isStopping = false;

  postMessage(message: RequestMessage): void {
    if (this.#isDead) return;
    switch (message.type) {
      case 'load':
        this.#isBusy = true;
        this.#later(() => {
          this.#start();
        });
        break;
      case 'ring':
        this.#ring = VectorRing.attach(message.ring);
        break;
      case 'stop':
        this.#isStopping = true;
        if (!this.#isBusy) this.#exit(0);
        break;
      default:
        this.#work(message);
    }
  }

  #start(): void {
    const { random, failureShare } = this.#host;
    if (random.chance(failureShare / 4)) {
      this.#host.startFailed();
      this.#fail();
      return;
    }
    this.#answer({ type: 'ready', dimensions, tokenDimensions: 0 });
  }

  #work(message: Work): void {
    const { random, failureShare, hangShare } = this.#host;
    if (this.#isBusy) throw new Error('a worker got a second request before it answered the first');
    this.#isBusy = true;
    if (message.type === 'shapes') this.#host.sent(message.ids.map(textOf), message.rows);
    if (random.chance(hangShare)) {
      this.#host.hung();
      return;
    }
    const fails = random.chance(failureShare);
    this.#later(() => {
      // Half way: the rows are this worker's, so nobody may see what is in them now.
      if (message.type === 'shapes') this.#write(message.rows, message.rows.map(String));
      this.#later(() => {
        if (fails) this.#failAt(message);
        else this.#finish(message);
      });
    });
  }

  #finish(message: Work): void {
    if (message.type === 'phrases') {
      const phrases = message.ids.map((ids) => ({
        vector: vectorOf(textOf(ids)),
        tokenVectors: new Float32Array(),
      }));
      this.#answer({ type: 'phrases-done', phrases });
      return;
    }
    const texts = message.ids.map(textOf);
    const stored = this.#write(message.rows, texts);
    this.#host.done(texts, stored);
    this.#answer({ type: 'shapes-done', stored });
  }

  #failAt(message: Work): void {
    if (message.type === 'phrases') this.#host.phraseFailed(textOf(message.ids[0]!));
    else this.#host.failed(message.ids.map(textOf));
    this.#fail();
  }

  #write(rows: readonly number[], texts: readonly string[]): Uint8Array {
    return Uint8Array.from(rows, (row, i) =>
      this.#ring!.write(row, vectorOf(texts[i]!), 0) ? 1 : 0,
    );
  }

  #answer(message: ResponseMessage): void {
    this.#isBusy = false;
    this.emit('message', message);
    if (this.#isStopping) this.#exit(0);
  }

  #fail(): void {
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

  #later(run: () => void): void {
    this.#host.clock.after(this.#host.random.between(0, this.#host.delayMsMax), run);
  }
}
