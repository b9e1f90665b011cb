import { describe, expect, it } from 'vitest';
import type { ShapeJob } from '../../src/embed/pool.ts';
import { Masker } from '../../src/shape/masker.ts';
import { leasedRowsMax } from '../../src/shared/limits.ts';
import {
  Committer,
  type CommitterBounds,
  type OverloadPolicy,
} from '../../src/window/committer.ts';
import { makeWindow, type Bounds } from '../helpers/window-bench.ts';

interface Setup extends Bounds {
  readonly onOverload?: OverloadPolicy;
  readonly limits?: Partial<CommitterBounds>;
}

/** A committer over a real window; the embedder is this test's hands. */
function makeCommitter(setup: Setup = {}) {
  const parts = makeWindow({ spareRows: leasedRowsMax, ...setup });
  const jobs: ShapeJob[] = [];
  const commits: string[] = [];
  const committer = new Committer({
    masker: new Masker({ exact: true }),
    table: parts.table,
    window: parts.window,
    pool: { embedShape: (job) => jobs.push(job) },
    onOverload: setup.onOverload ?? 'block',
    bounds: { waitingLinesMax: 100, waitingBytesMax: 1e6, sliceLines: 10, ...setup.limits },
    onCommit: (shape, text, number) => {
      commits.push(`${number}${text}`);
      expect(shape.newestText).toBe(text);
    },
  });
  let nextNumber = 1;
  const ingest = (texts: readonly string[]): Promise<void> => {
    const batch = { texts, firstNumber: nextNumber, time: 1_000, bytesPerChar: 1 as const };
    nextNumber += texts.length;
    return committer.ingest(batch);
  };
  /** What a worker does with a job: takes it, writes the row, answers. */
  const take = (text: string): ShapeJob => {
    const job = jobs.find((one) => one.text === text && one.state === 'queued');
    if (job === undefined) throw new Error(`no job for ${text}`);
    job.state = 'sent';
    return job;
  };
  const embed = (texts: string, stored = 1): void => {
    const taken = Array.from(texts).map(take);
    committer.shapesDone(taken, new Uint8Array(taken.length).fill(stored));
  };
  const gap = (): number => {
    const { readCount, waitingCount, skipped } = committer;
    const { lineCount, evictedCount } = parts.window;
    const skippedCount = skipped.empty + skipped.overload + skipped.vector;
    return readCount - waitingCount - lineCount - evictedCount - skippedCount;
  };
  return { ...parts, committer, jobs, commits, ingest, take, embed, gap };
}

/** Whether a promise has settled once all that is due now has run. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.then(() => {
    settled = true;
  });
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  return settled;
}

describe('Committer', () => {
  it('commits in input order, whichever shape is embedded first', async () => {
    const { ingest, embed, commits, committer, gap } = makeCommitter();
    await ingest(['a', 'b', 'a', 'c']);
    embed('c');
    embed('b');
    expect(commits).toEqual([]);
    expect(committer).toMatchObject({ waitingCount: 4, lastNumber: 0 });
    expect(gap()).toBe(0);
    embed('a');
    expect(commits).toEqual(['1a', '2b', '3a', '4c']);
    expect(committer).toMatchObject({ waitingCount: 0, lastNumber: 4 });
    expect(gap()).toBe(0);
  });

  it('commits a line of a known shape at once when nothing waits before it', async () => {
    const { ingest, embed, commits, jobs, committer } = makeCommitter();
    await ingest(['a']);
    embed('a');
    await ingest(['a', 'a']);
    expect(commits).toEqual(['1a', '2a', '3a']);
    expect(jobs).toHaveLength(1);
    expect(committer).toMatchObject({ knownCount: 2, embeddedCount: 1 });
  });

  it('asks once for the vector of a shape that several lines wait for', async () => {
    const { ingest, jobs } = makeCommitter();
    await ingest(['a', 'a', 'b', 'a']);
    expect(jobs.map(({ text }) => text)).toEqual(['a', 'b']);
  });

  it('skips empty lines and counts them, without asking for a vector', async () => {
    const { ingest, embed, committer, jobs, gap } = makeCommitter();
    await ingest(['', '  \t', 'a', '']);
    embed('a');
    expect(committer.skipped).toEqual({ empty: 3, overload: 0, vector: 0 });
    expect(jobs).toHaveLength(1);
    expect(gap()).toBe(0);
    expect(committer.lastNumber).toBe(4);
  });

  it('skips and counts the lines of a shape without a vector, and frees its row', async () => {
    const { ingest, embed, committer, commits, rows, gap } = makeCommitter();
    await ingest(['bad', 'good', 'bad'].map((text) => text[0]!));
    embed('b', 0);
    embed('g');
    expect(commits).toEqual(['2g']);
    expect(committer.skipped.vector).toBe(2);
    expect(rows.leasedCount).toBe(1);
    expect(gap()).toBe(0);
  });

  it('asks anew for a shape that had no vector when it comes again', async () => {
    const { ingest, embed, commits, jobs } = makeCommitter();
    await ingest(['b']);
    embed('b', 0);
    await ingest(['b']);
    expect(jobs).toHaveLength(2);
    embed('b');
    expect(commits).toEqual(['2b']);
  });

  it('blocks when too many lines wait, and goes on when some have committed', async () => {
    const { ingest, embed, committer, commits, gap } = makeCommitter({
      limits: { waitingLinesMax: 5 },
    });
    const ingested = ingest(Array.from('abababab'));
    expect(await isSettled(ingested)).toBe(false);
    expect(committer).toMatchObject({ waitingCount: 5, readCount: 5 });
    expect(gap()).toBe(0);
    embed('a');
    await isSettled(ingested);
    embed('b');
    await ingested;
    await committer.committedAll();
    expect(commits).toEqual(Array.from('abababab').map((key, i) => `${i + 1}${key}`));
    expect(gap()).toBe(0);
  });

  it('blocks when the lines that wait have too many bytes', async () => {
    const { ingest, committer } = makeCommitter({ limits: { waitingBytesMax: 100 } });
    const ingested = ingest(Array.from({ length: 5 }, () => 'x'.repeat(60)));
    expect(await isSettled(ingested)).toBe(false);
    expect(committer.waitingCount).toBe(2);
  });

  it('blocks when every row is leased, until a worker has answered', async () => {
    const { ingest, embed, committer, commits } = makeCommitter({ rows: 2, spareRows: 1 });
    const ingested = ingest(Array.from('abcde'));
    expect(await isSettled(ingested)).toBe(false);
    expect(committer.readCount).toBe(3);
    embed('abc');
    expect(await isSettled(ingested)).toBe(false); // Two in the window, and d on its way.
    embed('d');
    await ingested;
    embed('e');
    expect(commits).toEqual(['1a', '2b', '3c', '4d', '5e']);
  });

  it('drops the oldest waiting lines under drop-oldest, and counts each', async () => {
    const { ingest, embed, committer, commits, gap } = makeCommitter({
      onOverload: 'drop-oldest',
      limits: { waitingLinesMax: 3 },
    });
    await ingest(Array.from('abcdef'));
    expect(committer.skipped.overload).toBe(3);
    expect(committer).toMatchObject({ waitingCount: 3, readCount: 6 });
    expect(gap()).toBe(0);
    embed('def');
    expect(commits).toEqual(['4d', '5e', '6f']);
    expect(gap()).toBe(0);
  });

  it('takes the job of a dropped shape back, and frees its row', async () => {
    const { ingest, jobs, rows } = makeCommitter({
      onOverload: 'drop-oldest',
      limits: { waitingLinesMax: 2 },
    });
    await ingest(Array.from('abcd'));
    expect(jobs.map(({ text, state }) => `${text} ${state}`)).toEqual([
      'a cancelled',
      'b cancelled',
      'c queued',
      'd queued',
    ]);
    expect(rows.leasedCount).toBe(2);
  });

  it('keeps the row of a dropped shape leased while a worker writes it', async () => {
    const { ingest, take, committer, rows, table } = makeCommitter({
      onOverload: 'drop-oldest',
      limits: { waitingLinesMax: 2 },
    });
    await ingest(['a']);
    const job = take('a');
    await ingest(['b', 'c']);
    expect(committer.skipped.overload).toBe(1);
    expect(rows.leasedCount).toBe(3);
    committer.shapesDone([job], Uint8Array.of(1));
    expect(rows.leasedCount).toBe(2);
    expect(table.get('a')).toBeUndefined();
  });

  it('makes rows free by dropping when every row is leased', async () => {
    const { ingest, embed, committer, commits, gap } = makeCommitter({
      onOverload: 'drop-oldest',
      rows: 2,
      spareRows: 1,
    });
    await ingest(Array.from('abcde'));
    expect(committer.skipped.overload).toBe(2);
    embed('cde');
    expect(commits).toEqual(['3c', '4d', '5e']);
    expect(gap()).toBe(0);
  });

  it('tells when all that was read is committed, while more comes in', async () => {
    const { ingest, embed, committer } = makeCommitter();
    await ingest(['a']);
    const first = committer.committedAll();
    await ingest(['b']);
    expect(await isSettled(first)).toBe(false);
    embed('a');
    expect(await isSettled(first)).toBe(true);
    expect(await isSettled(committer.committedAll())).toBe(false);
  });

  it('takes lines with vectors of the caller in the order of the others', async () => {
    const { ingest, embed, commits, committer, table, gap } = makeCommitter();
    await ingest(['a']);
    committer.ingestReady(table.create(undefined)!, true, 'raw', 2, 0);
    committer.ingestReady(table.create(undefined)!, false, 'zero', 3, 0);
    expect(commits).toEqual([]);
    embed('a');
    expect(commits).toEqual(['1a', '2raw']);
    expect(committer.skipped.vector).toBe(1);
    expect(gap()).toBe(0);
  });

  it('gives other work a turn while it takes in or commits many lines', async () => {
    const { ingest, embed, committer } = makeCommitter({ limits: { waitingLinesMax: 1e6 } });
    let turns = 0;
    const count = (): void => {
      turns += 1;
      ticker = setImmediate(count);
    };
    let ticker = setImmediate(count);
    await ingest(Array.from({ length: 100 }, () => 'a'));
    expect(turns).toBeGreaterThanOrEqual(9);
    turns = 0;
    embed('a');
    await committer.committedAll();
    clearImmediate(ticker);
    expect(turns).toBeGreaterThanOrEqual(8);
  });

  it('holds the oracle at every step of a seeded stream with evictions', async () => {
    const { ingest, jobs, committer, gap, window, rows } = makeCommitter({
      lines: 20,
      rows: 6,
      spareRows: 4,
      limits: { waitingLinesMax: 12 },
      onOverload: 'drop-oldest',
    });
    let state = 11;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (state >>> 8) % below;
    };
    const sent: ShapeJob[] = [];
    for (let step = 0; step < 2_000; step += 1) {
      const choice = random(3);
      if (choice === 0) {
        const texts = Array.from(
          { length: 1 + random(4) },
          () => ['', ...Array.from('abcdefghijkl')][random(13)]!,
        );
        void ingest(texts);
      } else if (choice === 1) {
        const queued = jobs
          .filter((job) => job.state === 'queued' && !sent.includes(job))
          .slice(0, 2);
        for (const job of queued) job.state = 'sent';
        sent.push(...queued);
      } else if (sent.length > 0) {
        const done = sent.splice(random(sent.length), 2);
        committer.shapesDone(
          done,
          Uint8Array.from(done, () => (random(8) === 0 ? 0 : 1)),
        );
        for (const job of done) jobs.splice(jobs.indexOf(job), 1);
      }
      if (step % 8 === 0) await new Promise(setImmediate);
      expect(gap()).toBe(0);
      expect(window.lineCount).toBeLessThanOrEqual(20);
      expect(window.shapeCount).toBeLessThanOrEqual(6);
      expect(rows.leasedCount).toBeLessThanOrEqual(10);
    }
    expect(committer.readCount).toBeGreaterThan(1_000);
    expect(committer.skipped.overload).toBeGreaterThan(0);
  });
});
