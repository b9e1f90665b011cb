import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Encoder, LoadedModel } from '../../src/embed/model.ts';
import { characterEncoder } from '../helpers/character-encoder.ts';
import { EmbedPool, type ShapeJob } from '../../src/embed/pool.ts';
import { withResolvers } from '../../src/embed/with-resolvers.ts';
import { ImesdeError } from '../../src/shared/errors.ts';
import { workerHangSecondsMax } from '../../src/shared/limits.ts';

/** What the workers do, see fixtures/workers/planned.mjs. */
interface Plan {
  readonly on?: 'load' | 'shapes' | 'phrases';
  readonly fault?: string;
  readonly times?: number;
  /** Requests wait until openGate(). */
  readonly gated?: boolean;
}

const gate = 0;
const requests = 2;
const rowCount = 4_096;

/** A pool of real threads whose workers follow a plan. */
function openPool(
  plan: Plan = {},
  workersMax = 1,
  createEncoder: LoadedModel['createEncoder'] = characterEncoder,
) {
  const shared = new Int32Array(new SharedArrayBuffer(64));
  const rows = new Float32Array(new SharedArrayBuffer(rowCount * 4));
  const answers: { texts: string[]; stored: Uint8Array }[] = [];
  const failures: ImesdeError[] = [];
  const hangs: string[] = [];
  const wake: (() => void)[] = [];
  const changed = (): void => {
    for (const resolve of wake.splice(0)) resolve();
  };
  const queued: ShapeJob[] = [];
  const takes: number[] = [];
  const pool = new EmbedPool({
    model: Promise.resolve({
      spec: { plan, shared: shared.buffer },
      createEncoder,
    } as unknown as LoadedModel),
    workersMax,
    workerUrl: new URL('../fixtures/workers/planned.mjs', import.meta.url),
    source: {
      get waitingCount() {
        return queued.length;
      },
      take: (count) => {
        takes.push(count);
        return queued.splice(0, count);
      },
    },
    onShapes: (jobs, stored) => {
      answers.push({ texts: jobs.map(({ text }) => text), stored });
      changed();
    },
    onFatal: (error) => {
      failures.push(error);
      changed();
    },
    onHang: (message) => hangs.push(message),
  });
  pool.attach({ rowCount, dimensions: 1, memory: rows.buffer }, undefined);
  let row = 0;
  const add = (text: string): ShapeJob => {
    const job: ShapeJob = { shape: row, row, text };
    row += 1;
    queued.push(job);
    pool.wake();
    return job;
  };
  const openGate = (): void => {
    Atomics.store(shared, gate, 1);
    Atomics.notify(shared, gate);
  };
  const close = async (): Promise<void> => {
    openGate();
    await pool.stop();
  };
  /** Until something that onShapes or onFatal told makes the condition true. */
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await new Promise<void>((resolve) => wake.push(resolve));
  };
  /** Until the workers have been given so many requests. */
  const untilRequests = async (count: number): Promise<void> => {
    while (Atomics.load(shared, requests) < count) await turn();
  };
  const texts = (): string[] => answers.flatMap((answer) => answer.texts);
  const bench = { pool, queued, takes, rows, answers, failures, hangs, add, openGate, until };
  open.push(close);
  return { ...bench, untilRequests, texts };
}

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const close of open.splice(0)) await close();
});

const faults = ['throws', 'rejects', 'exits', 'leaves', 'answers that it failed'];

describe('EmbedPool', { timeout: 30_000 }, () => {
  it('embeds phrases and shapes, and tells which shapes have no vector', async () => {
    const { pool, add, until, answers, rows, texts } = openPool();
    expect(await pool.ready()).toMatchObject({ dimensions: 1 });
    const [one, three] = await pool.embedPhrases(['a', 'abc']);
    expect([one?.vector[0], three?.vector[0]]).toEqual([1, 3]);
    add('four');
    add('');
    await until(() => texts().length === 2);
    expect(answers.flatMap(({ stored }) => [...stored])).toEqual([1, 0]);
    expect(rows[0]).toBe(4);
  });

  it('is ready, and embeds, once the tokenizer is there, however late it comes', async () => {
    const { promise, resolve } = withResolvers<Encoder>();
    const { pool, add, until, texts } = openPool({}, 1, () => promise);
    add('early');
    const phrases = pool.embedPhrases(['abc']);
    let isReady = false;
    const ready = pool.ready().then(() => (isReady = true));
    await new Promise((done) => setTimeout(done, 300)); // The worker is ready by then, mostly.
    expect({ isReady, texts: texts() }).toEqual({ isReady: false, texts: [] });
    resolve(characterEncoder());
    await ready;
    expect((await phrases)[0]?.vector[0]).toBe(3);
    await until(() => texts().length === 1);
  });

  it('tells what is wrong with a tokenizer that is found out late', async () => {
    const { pool } = openPool({}, 1, () => Promise.reject(new Error('no tokenizer')));
    await expect(pool.ready()).rejects.toThrow('no tokenizer');
    await expect(pool.embedPhrases(['abc'])).rejects.toThrow('no tokenizer');
  });

  it('gives work to an idle worker at once, and many shapes to a message only while it is busy', async () => {
    const { pool, add, answers, openGate, until, untilRequests, texts } = openPool({ gated: true });
    await pool.ready();
    add('first');
    await untilRequests(1);
    for (let i = 0; i < 70; i += 1) add(`shape ${i}`);
    openGate();
    await until(() => texts().length === 71);
    expect(answers.map((answer) => answer.texts.length)).toEqual([1, 32, 32, 6]);
    expect(texts()).toEqual(['first', ...Array.from({ length: 70 }, (_, i) => `shape ${i}`)]);
  });

  it('starts no further worker for a slow stream', async () => {
    const { pool, add, until, texts } = openPool({}, 4);
    await pool.ready();
    for (let i = 0; i < 20; i += 1) {
      add(`shape ${i}`);
      await until(() => texts().length > i);
    }
    expect(pool.workerCount).toBe(1);
  });

  it('starts further workers under load, one after the other, up to its bound', async () => {
    const { pool, add, openGate, until, untilRequests, texts } = openPool({ gated: true }, 3);
    await pool.ready();
    for (let i = 0; i < 600; i += 1) add(`shape ${i}`);
    await untilRequests(3);
    expect(pool.workerCount).toBe(3);
    openGate();
    await until(() => texts().length === 600);
    expect(new Set(texts()).size).toBe(600);
    expect(pool.workerCount).toBe(3);
  });

  it('sends a phrase before the shapes that wait', async () => {
    const { pool, add, openGate, untilRequests, texts } = openPool({ gated: true });
    await pool.ready();
    add('first');
    await untilRequests(1);
    for (let i = 0; i < 100; i += 1) add(`shape ${i}`);
    const phrase = pool.embedPhrases(['now']);
    openGate();
    await phrase;
    expect(texts().length).toBeLessThan(100);
  });

  it('takes shapes from the source when a worker is idle, and not before', async () => {
    const { pool, queued, takes, add, openGate, until, untilRequests, texts } = openPool({
      gated: true,
    });
    add('before any worker is ready');
    expect(takes).toEqual([]);
    await pool.ready();
    await untilRequests(1);
    for (const text of ['one', 'taken back', 'two']) add(text);
    expect(queued).toHaveLength(3);
    queued.splice(1, 1);
    openGate();
    await until(() => texts().includes('two'));
    expect(texts()).toEqual(['before any worker is ready', 'one', 'two']);
  });

  it('asks for a shape though none waits: the source may know what is worth reading', async () => {
    const { pool, takes, until, add, texts } = openPool();
    await pool.ready();
    add('one');
    await until(() => texts().length === 1);
    takes.length = 0;
    pool.wake();
    expect(takes).toEqual([1]);
  });

  it('takes no shape once it was stopped', async () => {
    const { pool, queued, takes, add } = openPool();
    await pool.ready();
    const stopped = pool.stop();
    takes.length = 0;
    add('late');
    await stopped;
    expect({ takes, left: queued.length }).toEqual({ takes: [], left: 1 });
  });

  it.each(faults)('does the shapes of a worker that %s again, once', async (fault) => {
    const { pool, add, until, texts, failures } = openPool({ on: 'shapes', fault, times: 1 });
    await pool.ready();
    add('one');
    add('two');
    add('three');
    await until(() => texts().length === 3 || failures.length > 0);
    expect(texts().sort()).toEqual(['one', 'three', 'two']);
    expect(failures).toEqual([]);
    expect(pool.workerCount).toBe(1);
  });

  it.each(faults)('gives up when the worker of a shape %s a second time', async (fault) => {
    const { pool, add, until, texts, failures } = openPool({ on: 'shapes', fault, times: 2 });
    await pool.ready();
    add('one');
    await until(() => failures.length > 0);
    expect(texts()).toEqual([]);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({ code: 'ERR_IMESDE_WORKER' });
    expect(failures[0]?.message).toMatch(/planted|exited with code [07]/);
  });

  it.each(faults)('asks again once for a phrase whose worker %s', async (fault) => {
    const once = openPool({ on: 'phrases', fault, times: 1 });
    expect((await once.pool.embedPhrases(['abc']))[0]?.vector[0]).toBe(3);
    const twice = openPool({ on: 'phrases', fault, times: 2 });
    await expect(twice.pool.embedPhrases(['abc'])).rejects.toMatchObject({
      code: 'ERR_IMESDE_WORKER',
    });
    await expect(twice.pool.embedPhrases(['abc'])).rejects.toThrow(ImesdeError);
  });

  it('leaves the other workers alone when one fails', async () => {
    const plan = { on: 'shapes', fault: 'exits', times: 1, gated: true } as const;
    const { pool, add, openGate, until, untilRequests, texts, failures } = openPool(plan, 2);
    await pool.ready();
    for (let i = 0; i < 300; i += 1) add(`shape ${i}`);
    await untilRequests(2);
    openGate();
    await until(() => texts().length === 300 || failures.length > 0);
    expect(failures).toEqual([]);
    expect(new Set(texts()).size).toBe(300);
  });

  it.each(faults)('starts anew when its first worker %s while it loads', async (fault) => {
    const { pool } = openPool({ on: 'load', fault, times: 1 });
    expect(await pool.ready()).toMatchObject({ dimensions: 1 });
  });

  it.each(faults)('gives up when two workers in a row fail to load: %s', async (fault) => {
    const { pool } = openPool({ on: 'load', fault, times: 2 });
    await expect(pool.ready()).rejects.toMatchObject({ code: 'ERR_IMESDE_WORKER' });
  });

  it('gives up at once when a worker finds the model unfit', async () => {
    const { pool } = openPool({ on: 'load', fault: 'finds its model unfit', times: 1 });
    await expect(pool.ready()).rejects.toMatchObject({ code: 'ERR_IMESDE_MODEL' });
  });

  it('passes on why the model could not be loaded, and then can be stopped', async () => {
    const error = new ImesdeError('ERR_IMESDE_MODEL', 'missing');
    const pool = new EmbedPool({
      model: Promise.reject(error),
      workersMax: 1,
      workerUrl: new URL('../fixtures/workers/planned.mjs', import.meta.url),
      source: { waitingCount: 0, take: () => [] },
      onShapes: () => undefined,
      onFatal: () => undefined,
      onHang: () => undefined,
    });
    await expect(pool.ready()).rejects.toBe(error);
    await pool.stop();
  });

  it('stops after the request under way, and refuses what waits and what comes later', async () => {
    const { pool, add, openGate, untilRequests, texts } = openPool({ gated: true });
    await pool.ready();
    add('under way');
    await untilRequests(1);
    add('waiting');
    const phrase = pool.embedPhrases(['waiting']);
    const stopped = pool.stop();
    await expect(phrase).rejects.toMatchObject({ code: 'ERR_IMESDE_CLOSED' });
    await expect(pool.embedPhrases(['late'])).rejects.toMatchObject({ code: 'ERR_IMESDE_CLOSED' });
    openGate();
    await stopped;
    expect(texts()).toEqual(['under way']);
  });

  it('notices a worker that hangs, and only then', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { pool, add, hangs, untilRequests } = openPool({
      on: 'shapes',
      fault: 'hangs',
      times: 1,
    });
    await pool.ready();
    vi.advanceTimersByTime(10 * workerHangSecondsMax * 1_000); // Idle is no hang.
    expect(hangs).toEqual([]);
    add('one');
    await untilRequests(1);
    vi.advanceTimersByTime((workerHangSecondsMax - 1) * 1_000);
    expect(hangs).toEqual([]);
    vi.advanceTimersByTime(3_000);
    expect(hangs[0]).toMatch(/worker has not answered for 30 s/);
  });
});
