import type { RankName } from '../rank/ranking.ts';
import { embeddedModelFolder } from '../embed/manifest.ts';
import { workerUrl } from '../embed/prestart.ts';
import { usableCores } from '../embed/cores.ts';
import { ImesdeError } from '../shared/errors.ts';
import * as limits from '../shared/limits.ts';
import type { Waiting } from '../shared/until-aborted.ts';
import type { OverloadPolicy } from '../window/committer.ts';
import { assertWindowFits, defaultWindowBytes } from './window-memory.ts';

/** How to open an engine. All have defaults; `signal` gives up opening it. */
export interface EngineOptions extends Waiting {
  /** A folder with model.onnx and tokenizer.json; the embedded model by default. */
  readonly model?: string | undefined;
  /** Lines held: 1 to 16,777,216. */
  readonly window?: number | undefined;
  /** Readings kept, or where every shape is read shapes held: 1 to 1,047,552. */
  readonly rows?: number | undefined;
  /** Bytes of text held: 1 and more; 256 MiB by default, less where Node's heap is small. */
  readonly windowBytes?: number | undefined;
  /** Embedding threads at most: 1 to 8; they grow to the cores by default. */
  readonly workers?: number | undefined;
  /** No masking: each different line is a shape. */
  readonly exact?: boolean | undefined;
  /** How matches are ranked: by `meaning` unless the model lacks token vectors. */
  readonly rank?: RankName | undefined;
  /** `lines` keeps every line; `shapes` the newest line and the count of each shape. */
  readonly keep?: 'lines' | 'shapes' | undefined;
  /** What is done when lines wait too long for readings: `block` by default. */
  readonly onOverload?: OverloadPolicy | undefined;
  /** Whether watches tell which lines are the first of a new event; seen: see LogNewsOptions. */
  readonly news?: boolean | { readonly seen?: string | undefined } | undefined;
  /** Watches tell why lines answer. */
  readonly explain?: boolean | undefined;
  /**
   * Whether open() resolves only when the model is loaded (default). Else lines may be taken in
   * meanwhile, and `ready` tells; a model without a manifest is waited for all the same.
   */
  readonly waitsForModel?: boolean | undefined;
  /** The engine can't go on: a worker failed twice, the model gives other things than vectors. */
  readonly onFatal?: ((error: ImesdeError) => void) | undefined;
  /** A worker hangs inside the model: nothing but SIGKILL ends such a process. */
  readonly onHang?: ((message: string) => void) | undefined;
  /** Where the worker's build is, for those who run the engine from its sources. */
  readonly workerUrl?: URL | undefined;
}

export type ResolvedOptions = {
  readonly [Name in keyof Required<Omit<EngineOptions, 'rows' | 'signal'>>]: NonNullable<
    EngineOptions[Name]
  >;
} & {
  /** Undefined: as many as suit the ranking. */
  readonly rows: number | undefined;
};

/** @throws {ImesdeError} ERR_IMESDE_USAGE for a number out of its range, ERR_IMESDE_MEMORY */
export function resolveOptions(options: EngineOptions): ResolvedOptions {
  const integer = (name: keyof EngineOptions, fallback: number, max: number): number => {
    const value = options[name] ?? fallback;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 && value <= max) {
      return value;
    }
    throw new ImesdeError(
      'ERR_IMESDE_USAGE',
      `${name} is ${JSON.stringify(value)}: it must be a whole number from 1 to ${max}`,
    );
  };
  const window = integer('window', limits.windowLinesDefault, limits.windowLinesMax);
  const windowBytes = integer('windowBytes', defaultWindowBytes(), limits.windowBytesMax);
  assertWindowFits({ window, windowBytes });
  return {
    model: options.model ?? embeddedModelFolder,
    window,
    rows: options.rows === undefined ? undefined : integer('rows', 1, limits.rowsMax),
    windowBytes,
    workers: integer('workers', Math.min(usableCores(), limits.workersMax), limits.workersMax),
    exact: options.exact ?? false,
    news: options.news ?? false,
    explain: options.explain ?? false,
    rank: options.rank ?? 'meaning',
    keep: options.keep ?? 'lines',
    onOverload: options.onOverload ?? 'block',
    waitsForModel: options.waitsForModel ?? true,
    onFatal: options.onFatal ?? rethrow,
    onHang: options.onHang ?? (() => undefined),
    workerUrl: options.workerUrl ?? workerUrl,
  };
}

/** Nobody listens: an unhandled failure must not pass in silence. */
function rethrow(error: ImesdeError): never {
  throw error;
}
