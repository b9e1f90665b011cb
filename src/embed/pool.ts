/**
 * The embedding workers: hands shapes and phrases to whoever is idle, starts more workers under
 * load, does the work of a failed worker again once, and notices one that hangs.
 */
import type { TokenStoreHandle } from '../ring/token-store.ts';
import type { RingHandle } from '../ring/vector-ring.ts';
import { ImesdeError } from '../shared/errors.ts';
import { shapeTokensMax, workerHangSecondsMax } from '../shared/limits.ts';
import { isRoomForWorker } from './address-space.ts';
import type { ReadyMessage } from './messages.ts';
import type { PhraseVectors } from './phrase-embedding.ts';
import type { Encoder, LoadedModel } from './model.ts';
import { assertFits, phraseEmbedding, type PhraseEmbedding } from './phrase-embedding.ts';
import { workerUrl } from './prestart.ts';
import { withResolvers, type PromiseWithResolvers } from './with-resolvers.ts';
import { WorkerThread, type Request } from './worker-thread.ts';

/** A shape to embed into a row. The worker owns the row until `onShapes` names the job. */
export interface ShapeJob {
  readonly shape: number;
  readonly row: number;
  readonly text: string;
}

/** Where the pool takes shapes from, when a worker is idle. */
export interface ShapeSource {
  /** Shapes that somebody waits for. */
  readonly waitingCount: number;
  /** @returns at most so many jobs, most urgent first */
  take(count: number): readonly ShapeJob[];
}

export interface EmbedPoolOptions {
  /** May still be loading: the first worker starts meanwhile. */
  readonly model: Promise<LoadedModel>;
  /** 1 to 8; one starts at once, the others under load. */
  readonly workersMax: number;
  /** The build's worker; a .ts file can't be a worker's entry. */
  readonly workerUrl?: URL;
  readonly source: ShapeSource;
  /** Jobs whose rows are written, and for each 1 where its vector could be stored. */
  readonly onShapes: (jobs: readonly ShapeJob[], stored: Uint8Array) => void;
  /** The pool can't go on. */
  readonly onFatal: (error: ImesdeError) => void;
  /** A worker hangs inside the model: nothing but SIGKILL ends such a process. */
  readonly onHang: (message: string) => void;
}

/** Shapes a message at most: an answer to a phrase waits for no more than one message. */
const messageShapesMax = 32;
/** Shapes that wait when a further worker is worth its start, about 0.3 s of a core. */
const growthQueueMin = 64;

interface PhraseJob {
  readonly ids: readonly (readonly number[])[];
  readonly resolve: (phrases: readonly PhraseVectors[]) => void;
  readonly reject: (error: Error) => void;
  failures: number;
}

export class EmbedPool {
  readonly #options: EmbedPoolOptions;
  readonly #workers = new Set<WorkerThread>();
  readonly #phrases: PhraseJob[] = [];
  /** Shapes of a worker that failed, to be done again first. */
  readonly #retried: ShapeJob[] = [];
  /** Those that a worker has failed on. */
  readonly #failedOnce = new WeakSet<ShapeJob>();
  #ring: { ring: RingHandle; tokens: TokenStoreHandle | undefined } | undefined;
  readonly #ready: PromiseWithResolvers<ReadyMessage>;
  readonly #encoding: Promise<Encoder>;
  /** The same once it is there. */
  #encoder: Encoder | undefined;
  #wasReady = false;
  #startupFailures = 0;
  #stopping = false;
  /** There is no address space for another worker. */
  #isFull = false;
  #fatal: ImesdeError | undefined;
  readonly #watchdog: NodeJS.Timeout;

  constructor(options: EmbedPoolOptions) {
    this.#options = options;
    this.#ready = withResolvers();
    this.#ready.promise.catch(() => undefined); // onFatal tells too; whoever asks gets the error.
    this.#startWorker();
    // After the worker was told to load the model, so that both go on at the same time.
    this.#encoding = options.model.then((model) => model.createEncoder());
    this.#encoding.then(
      (encoder) => {
        this.#encoder = encoder;
        this.#dispatch();
      },
      (error: unknown) => {
        this.#stopping = true;
        this.#ready.reject(error as Error);
      },
    );
    // Counts its own ticks, not the clock: after SIGSTOP and SIGCONT no time seems to have passed.
    this.#watchdog = setInterval(() => {
      this.#watch();
    }, 1_000).unref();
  }

  /** Resolves when the first worker has loaded the model. */
  ready(): Promise<ReadyMessage> {
    return this.#ready.promise;
  }

  /** Tells the workers where to write; before any shape is queued. */
  attach(ring: RingHandle, tokens: TokenStoreHandle | undefined): void {
    this.#ring = { ring, tokens };
    for (const worker of this.#workers) worker.post({ type: 'ring', ring, tokens });
  }

  /** The tokenizer that all workers share. */
  encoder(): Promise<Encoder> {
    return this.#encoding;
  }

  get workerCount(): number {
    return this.#workers.size;
  }

  /** The source has shapes, for a worker that may be idle. */
  wake(): void {
    this.#dispatch();
  }

  /** @throws {ImesdeError} ERR_IMESDE_WORKER, ERR_IMESDE_CLOSED */
  async embedPhrases(texts: readonly string[]): Promise<readonly PhraseEmbedding[]> {
    if (this.#fatal !== undefined) throw this.#fatal;
    const encoder = this.#encoder ?? (await this.#encoding);
    if (this.#stopping) {
      throw new ImesdeError('ERR_IMESDE_CLOSED', 'the engine is closed');
    }
    const ids = texts.map((text) => encoder.encode(text));
    const phrases = await new Promise<readonly PhraseVectors[]>((resolve, reject) => {
      this.#phrases.push({ ids, resolve, reject, failures: 0 });
      this.#dispatch();
    });
    return phrases.map((vectors, index) => phraseEmbedding(encoder, ids[index] ?? [], vectors));
  }

  /** Each worker ends its batch and leaves by itself: terminate() would abort the process. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#retried.length = 0;
    const closed = new ImesdeError('ERR_IMESDE_CLOSED', 'the engine is closed');
    for (const job of this.#phrases.splice(0)) job.reject(closed);
    this.#ready.reject(closed);
    await Promise.all([...this.#workers].map((worker) => worker.stop()));
    clearInterval(this.#watchdog);
  }

  #startWorker(): void {
    const worker = new WorkerThread({
      url: this.#options.workerUrl ?? workerUrl,
      model: this.#options.model,
      onReady: (message) => {
        if (this.#ring !== undefined) worker.post({ type: 'ring', ...this.#ring });
        if (!this.#wasReady) void this.#announce(message);
        this.#wasReady = true;
        this.#dispatch();
      },
      onAnswer: () => {
        this.#dispatch();
      },
      onFailure: (error, request) => {
        this.#recover(worker, error, request);
      },
    });
    this.#workers.add(worker);
  }

  /** The first worker is there: does the tokenizer fit its model? */
  async #announce(message: ReadyMessage): Promise<void> {
    try {
      const { spec } = await this.#options.model;
      await this.#encoding;
      if (spec.check !== undefined) {
        const [sentence] = await this.embedPhrases([spec.check.sentence]);
        assertFits(spec, spec.check, sentence?.vector ?? new Float32Array());
      }
      this.#ready.resolve(message);
    } catch (error) {
      this.#ready.reject(error as Error);
    }
  }

  #dispatch(): void {
    const encoder = this.#encoder;
    if (encoder === undefined) return; // A worker can be ready before the library is loaded.
    for (const worker of this.#workers) {
      if (!worker.isIdle) continue;
      const phrases = this.#phrases.shift();
      if (phrases !== undefined) {
        this.#sendPhrases(worker, phrases);
        continue;
      }
      const jobs = this.#takeShapes();
      if (jobs.length === 0) return;
      this.#sendShapes(worker, jobs, encoder);
    }
    this.#grow();
  }

  #takeShapes(): readonly ShapeJob[] {
    if (this.#stopping || this.#ring === undefined) return [];
    if (this.#retried.length > 0) return this.#retried.splice(0, messageShapesMax);
    const { source } = this.#options;
    const share = Math.ceil(source.waitingCount / this.#workers.size);
    return source.take(Math.min(messageShapesMax, Math.max(1, share)));
  }

  #sendShapes(worker: WorkerThread, jobs: readonly ShapeJob[], encoder: Encoder): void {
    worker.send({
      message: {
        type: 'shapes',
        rows: jobs.map((job) => job.row),
        ids: jobs.map((job) => encoder.encode(job.text, shapeTokensMax)),
        prefixLength: encoder.prefix.length,
        suffixLength: encoder.suffix.length,
      },
      done: (answer) => {
        if (answer.type === 'shapes-done') this.#options.onShapes(jobs, answer.stored);
      },
      retry: () => {
        this.#retried.push(...jobs);
        const isSecond = jobs.some((job) => this.#failedOnce.has(job));
        for (const job of jobs) this.#failedOnce.add(job);
        return isSecond ? 'given up' : 'queued';
      },
    });
  }

  #sendPhrases(worker: WorkerThread, job: PhraseJob): void {
    worker.send({
      message: { type: 'phrases', ids: job.ids },
      done: (answer) => {
        if (answer.type === 'phrases-done') job.resolve(answer.phrases);
      },
      retry: () => {
        job.failures += 1;
        this.#phrases.unshift(job);
        return job.failures > 1 ? 'given up' : 'queued';
      },
    });
  }

  #grow(): void {
    if (this.#stopping || this.#isFull || this.#workers.size >= this.#options.workersMax) return;
    if (this.#options.source.waitingCount < growthQueueMin) return;
    for (const worker of this.#workers) if (!worker.isReady) return;
    this.#isFull ||= !isRoomForWorker();
    if (!this.#isFull) this.#startWorker();
  }

  /** A failed worker's request goes to another once; a model that can't be used ends everything. */
  #recover(worker: WorkerThread, error: ImesdeError, request: Request | undefined): void {
    this.#workers.delete(worker);
    if (this.#stopping) return;
    if (!worker.isReady) this.#startupFailures += 1;
    const givenUp = request?.retry() === 'given up';
    if (error.code === 'ERR_IMESDE_MODEL' || givenUp || this.#startupFailures > 1) {
      this.#fail(error);
      return;
    }
    if (this.#workers.size === 0) this.#startWorker();
    this.#dispatch();
  }

  #fail(error: ImesdeError): void {
    if (this.#fatal !== undefined) return;
    this.#fatal = error;
    this.#ready.reject(error);
    for (const job of this.#phrases.splice(0)) job.reject(error);
    this.#options.onFatal(error);
  }

  #watch(): void {
    for (const worker of this.#workers) {
      worker.busyTicks += worker.isIdle ? 0 : 1;
      if (worker.busyTicks <= workerHangSecondsMax) continue;
      this.#options.onHang(
        `an embedding worker has not answered for ${workerHangSecondsMax} s, it hangs inside the model`,
      );
    }
  }
}
