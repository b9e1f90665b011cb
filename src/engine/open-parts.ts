/** What an engine is made of, opened: the model, its workers, the stages. */
import { loadModel } from '../embed/model.ts';
import { EmbedPool } from '../embed/pool.ts';
import { assertWorkerPossible } from '../embed/prestart.ts';
import { seenFileAt } from '../news/by-model.ts';
import type { SeenFile } from '../news/seen-file.ts';
import type { ImesdeError } from '../shared/errors.ts';
import { resolveOptions, type EngineOptions } from './options.ts';
import { Stages } from './stages.ts';

export interface EngineParts {
  readonly modelName: string;
  readonly pool: EmbedPool;
  readonly stages: Stages;
  /** Resolves when the model is loaded and fits its tokenizer. */
  readonly ready: Promise<unknown>;
  /** What was seen, where that is to be kept. */
  readonly seen: SeenFile | undefined;
}

/** @throws {ImesdeError} what Engine.open throws */
export async function openParts(options: EngineOptions): Promise<EngineParts> {
  const resolved = resolveOptions(options);
  assertWorkerPossible();
  const loading = loadModel(resolved.model);
  let stages: Stages | undefined;
  let failure: ImesdeError | undefined;
  const pool = new EmbedPool({
    model: loading,
    workersMax: resolved.workers,
    workerUrl: resolved.workerUrl,
    source: {
      get waitingCount() {
        return stages?.readings.waitingCount ?? 0;
      },
      take: (count) => stages?.readings.take(count) ?? [],
    },
    onShapes: (jobs, stored) => {
      stages?.readings.done(jobs, stored);
    },
    onFatal: (error) => {
      failure = error;
      if (stages === undefined) return; // open() throws it.
      stages.searcher.fail(error);
      resolved.onFatal(error);
    },
    onHang: resolved.onHang,
  });
  const ready = pool.ready();
  try {
    const model = await loading;
    const sizes = resolved.waitsForModel || model.words === undefined ? await ready : model.spec;
    stages = new Stages(resolved, model, await pool.encoder(), sizes, () => {
      pool.wake();
    });
    if (failure !== undefined) throw failure; // Before there was anything to tell it to.
    pool.attach(stages.ring.handle, stages.tokens?.handle);
    const { news } = resolved;
    const seenPath = typeof news === 'boolean' ? undefined : news.seen;
    const seen = seenFileAt(seenPath, model.spec, await pool.encoder());
    if (stages.newness !== undefined) await seen?.restore(stages.newness);
    return { modelName: model.spec.name, pool, stages, ready, seen };
  } catch (error) {
    await pool.stop();
    throw error;
  }
}
