/**
 * Starts the first worker on the embedded model before the rest of the program is loaded. A one-shot
 * query mostly consists of starting: this way the runtime and the model load beside the modules of
 * the main thread, not after them. Imports next to nothing, for the same reason.
 */
import './no-telemetry.ts';
import { readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { assertRoomForWorker, workerLimits } from './address-space.ts';
import { embeddedModelFolder, isManifest, specOfManifest } from './manifest.ts';
import type { LoadMessage, ResponseMessage, StopMessage } from './messages.ts';
import type { ModelSpec } from './model-spec.ts';

/** A worker that was told to load a model. */
export interface PrestartedWorker {
  readonly worker: Worker;
  readonly spec: ModelSpec;
  /** What it has said so far; whoever takes the worker listens to the rest. */
  readonly messages: readonly ResponseMessage[];
}

/** The build's worker; a .ts file can't be a worker's entry. */
export const workerUrl = new URL('./worker.js', import.meta.url);

/**
 * Without the flags of the main thread: `node --input-type=module -e …` has some that no worker can
 * start with.
 * @throws {ImesdeError} ERR_IMESDE_MEMORY
 */
export function createWorker(url: URL): Worker {
  assertRoomForWorker();
  return new Worker(url, { execArgv: [], resourceLimits: workerLimits() });
}

let prestarted: (PrestartedWorker & { isAlive: boolean }) | undefined;

/**
 * Does nothing where the model's files are not as expected: whoever loads it tells what is wrong.
 * @throws {ImesdeError} ERR_IMESDE_MEMORY
 */
export function prestartWorker(): void {
  const spec = embeddedSpec();
  if (spec === undefined) return;
  const worker = createWorker(workerUrl);
  const messages: ResponseMessage[] = [];
  const started = { worker, spec, messages, isAlive: true };
  const end = (): void => {
    started.isAlive = false;
  };
  worker.on('message', (message: ResponseMessage) => messages.push(message));
  worker.on('error', end).on('exit', end);
  worker.postMessage({ type: 'load', spec } satisfies LoadMessage);
  prestarted = started;
}

/** @returns the worker, once, if it runs this very file and is still there */
export function takePrestarted(url: URL): PrestartedWorker | undefined {
  const started = prestarted;
  if (started?.isAlive !== true || url.href !== workerUrl.href) return undefined;
  prestarted = undefined;
  started.worker.removeAllListeners('message').removeAllListeners('error');
  return started;
}

/**
 * To be called before anything else is loaded: where memory is that short, what fails next may abort.
 * @throws {ImesdeError} ERR_IMESDE_MEMORY where there is no worker and none can be started
 */
export function assertWorkerPossible(): void {
  if (prestarted === undefined) assertRoomForWorker();
}

/** Lets a worker leave that nobody took. */
export function dismissPrestarted(): void {
  prestarted?.worker.postMessage({ type: 'stop' } satisfies StopMessage);
  prestarted = undefined;
}

function embeddedSpec(): ModelSpec | undefined {
  try {
    const folder = realpathSync(embeddedModelFolder);
    const manifest: unknown = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8'));
    if (typeof manifest !== 'object' || manifest === null || !isManifest(manifest))
      return undefined;
    return specOfManifest(manifest, realpathSync(path.join(folder, 'model.onnx')));
  } catch {
    return undefined;
  }
}
