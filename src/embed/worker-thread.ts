/** The main thread's side of one embedding worker: its state, and the one request under way. */
import './no-telemetry.ts';
import type { Worker } from 'node:worker_threads';
import { ImesdeError } from '../shared/errors.ts';
import { remedyOf } from '../shared/scarcity.ts';
import type { LoadedModel } from './model.ts';
import type { ModelSpec } from './model-spec.ts';
import type {
  PhrasesMessage,
  ReadyMessage,
  RequestMessage,
  ResponseMessage,
  ShapesMessage,
} from './messages.ts';
import { createWorker, takePrestarted } from './prestart.ts';

/** What a worker is asked, and what becomes of it. */
export interface Request {
  readonly message: ShapesMessage | PhrasesMessage;
  readonly done: (answer: ResponseMessage) => void;
  /** The worker failed: queue it again, or say that it has failed too often. */
  readonly retry: () => 'queued' | 'given up';
}

export interface WorkerThreadOptions {
  readonly url: URL;
  /** May still be loading: the thread starts meanwhile. */
  readonly model: Promise<LoadedModel>;
  readonly onReady: (message: ReadyMessage) => void;
  readonly onAnswer: () => void;
  /** At most once; the worker takes no requests any more. `request` is the one under way. */
  readonly onFailure: (error: ImesdeError, request: Request | undefined) => void;
}

export class WorkerThread {
  /** Ticks of the watchdog since it became busy. */
  busyTicks = 0;
  isReady = false;
  readonly #options: WorkerThreadOptions;
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  #request: Request | undefined;
  #failed = false;
  #stopping = false;

  constructor(options: WorkerThreadOptions) {
    this.#options = options;
    const prestarted = takePrestarted(options.url);
    this.#worker = prestarted?.worker ?? createWorker(options.url);
    this.#worker.on('message', (message: ResponseMessage) => {
      this.#receive(message);
    });
    this.#worker.on('error', (error) => {
      const message = error instanceof Error ? error.message : String(error);
      const remedy = remedyOf(error);
      const advice = remedy === undefined ? '' : `: ${remedy}`;
      this.#fail(
        new ImesdeError('ERR_IMESDE_WORKER', `an embedding worker failed (${message})${advice}`),
      );
    });
    options.model.then(
      (model) => {
        if (prestarted !== undefined && isSameFile(prestarted.spec, model.spec)) {
          for (const message of prestarted.messages) this.#receive(message);
        } else {
          this.post({ type: 'load', spec: model.spec });
        }
      },
      () => {
        this.post({ type: 'stop' }); // Whoever loads the model tells why it failed.
      },
    );
    this.#exited = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        resolve();
        if (!this.#stopping) {
          this.#fail(
            new ImesdeError('ERR_IMESDE_WORKER', `an embedding worker exited with code ${code}`),
          );
        }
      });
    });
  }

  get isIdle(): boolean {
    return this.isReady && this.#request === undefined && !this.#failed && !this.#stopping;
  }

  post(message: RequestMessage): void {
    this.#worker.postMessage(message);
  }

  send(request: Request): void {
    this.#request = request;
    this.busyTicks = 0;
    this.#worker.postMessage(request.message);
  }

  /** Resolves when the thread has ended: after the request under way. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.post({ type: 'stop' });
    await this.#exited;
  }

  #receive(message: ResponseMessage): void {
    if (message.type === 'ready') {
      this.isReady = true;
      this.busyTicks = 0;
      this.#options.onReady(message);
      return;
    }
    if (message.type === 'failed') {
      this.#fail(new ImesdeError(message.code, message.message));
      this.post({ type: 'stop' });
      return;
    }
    const request = this.#request;
    this.#request = undefined;
    this.busyTicks = 0;
    request?.done(message);
    this.#options.onAnswer();
  }

  #fail(error: ImesdeError): void {
    if (this.#failed) return;
    this.#failed = true;
    const request = this.#request;
    this.#request = undefined;
    this.#options.onFailure(error, request);
  }
}

function isSameFile(one: ModelSpec, other: ModelSpec): boolean {
  return one.path === other.path && one.sha256 === other.sha256;
}
