import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Masker } from '../../src/shape/masker.ts';
import {
  Committer,
  type CommitGate,
  type CommitterBounds,
  type OverloadPolicy,
  type Verdict,
} from '../../src/window/committer.ts';
import { makeWindow, noFacts, type Bounds } from '../helpers/window-bench.ts';

interface Setup extends Bounds {
  readonly onOverload?: OverloadPolicy;
  readonly limits?: Partial<CommitterBounds>;
}

/** A gate that is the test's hands: a shape waits until the test says what becomes of it. */
class HandGate implements CommitGate {
  readonly verdicts = new Map<number, Verdict>();
  /** By shape: lines that wait. */
  readonly waiting = new Map<number, number>();
  readonly judged: string[] = [];

  verdict(shape: number): Verdict {
    return this.verdicts.get(shape) ?? 'wait';
  }

  foresee(shape: number): void {
    this.waiting.set(shape, (this.waiting.get(shape) ?? 0) + 1);
  }

  leave(shape: number): void {
    const left = (this.waiting.get(shape) ?? 0) - 1;
    if (left < 0) throw new Error(`${shape} left more often than it came`);
    if (left === 0) this.waiting.delete(shape);
    else this.waiting.set(shape, left);
  }

  judge(_shape: number, text: string, number: number): void {
    this.judged.push(`${number}${text}`);
  }
}

const opened: Committer[] = [];
afterEach(() => {
  for (const committer of opened.splice(0)) committer.stop();
});

function makeCommitter(setup: Setup = {}) {
  const gate = new HandGate();
  const parts = makeWindow(setup, (shape) => {
    gate.verdicts.delete(shape);
    if (gate.waiting.has(shape)) throw new Error(`${shape} was forgotten while lines wait`);
  });
  const { table, window } = parts;
  const made: string[] = [];
  const committer = new Committer({
    masker: new Masker({ exact: true }),
    factsOf: (key) => {
      made.push(key);
      return noFacts;
    },
    table,
    window,
    gate,
    onOverload: setup.onOverload ?? 'block',
    bounds: {
      waitingLinesMax: 100,
      waitingBytesMax: 1e6,
      sliceLines: 10,
      patienceMs: 1e6,
      ...setup.limits,
    },
  });
  opened.push(committer);
  let nextNumber = 1;
  const ingest = (texts: readonly string[]): Promise<unknown> => {
    const batch = { texts, firstNumber: nextNumber, time: 1_000, bytesPerChar: 1 as const };
    nextNumber += texts.length;
    return committer.ingest(batch);
  };
  /** All that lines of these shapes waited for is known. */
  const settle = (keys: string, verdict: Verdict = 'commit'): void => {
    for (const key of keys) gate.verdicts.set(table.get(key)!, verdict);
    committer.drain();
  };
  const gap = (): number => {
    const { readCount, waitingCount, skipped } = committer;
    const { lineCount, evictedCount } = window;
    const skippedCount = skipped.empty + skipped.overload + skipped.vector;
    return readCount - waitingCount - lineCount - evictedCount - skippedCount;
  };
  const { judged: commits } = gate;
  return { ...parts, gate, committer, made, commits, ingest, settle, gap };
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
  it('commits in input order, whichever shape may commit first', async () => {
    const { ingest, settle, commits, committer, gap } = makeCommitter();
    await ingest(['a', 'b', 'a', 'c']);
    settle('c');
    settle('b');
    expect(commits).toEqual([]);
    expect(committer).toMatchObject({ waitingCount: 4, lastNumber: 0 });
    expect(gap()).toBe(0);
    settle('a');
    expect(commits).toEqual(['1a', '2b', '3a', '4c']);
    expect(committer).toMatchObject({ waitingCount: 0, lastNumber: 4 });
    expect(gap()).toBe(0);
  });

  it('commits a line at once where nothing waits before it, and makes its shape once', async () => {
    const { ingest, settle, commits, made, committer } = makeCommitter();
    await ingest(['a']);
    settle('a');
    await ingest(['a', 'a']);
    expect(commits).toEqual(['1a', '2a', '3a']);
    expect(made).toEqual(['a']);
    expect(committer).toMatchObject({ knownCount: 2, readCount: 3 });
  });

  it('tells the gate of each line that waits, and of each that does no more', async () => {
    const { ingest, settle, gate, table } = makeCommitter();
    await ingest(['a', 'b', 'a']);
    expect([...gate.waiting]).toEqual([
      [table.get('a'), 2],
      [table.get('b'), 1],
    ]);
    settle('a');
    expect([...gate.waiting.values()]).toEqual([1, 1]);
    settle('b');
    expect(gate.waiting.size).toBe(0);
  });

  it('skips empty lines and counts them, without making shapes of them', async () => {
    const { ingest, settle, committer, made, gap } = makeCommitter();
    await ingest(['', '  \t', 'a', '']);
    settle('a');
    expect(committer.skipped).toEqual({ empty: 3, overload: 0, vector: 0 });
    expect(made).toEqual(['a']);
    expect(gap()).toBe(0);
    expect(committer.lastNumber).toBe(4);
  });

  it('skips and counts the lines of a shape without a vector, and forgets it', async () => {
    const { ingest, settle, committer, commits, forgotten, gap } = makeCommitter();
    await ingest(['b', 'g', 'b']);
    settle('b', 'skip');
    settle('g');
    expect(commits).toEqual(['2g']);
    expect(committer.skipped.vector).toBe(2);
    expect(forgotten).toEqual(['b']);
    expect(gap()).toBe(0);
  });

  it('blocks when too many lines wait, and goes on when some have committed', async () => {
    const { ingest, settle, committer, commits, gap } = makeCommitter({
      limits: { waitingLinesMax: 5 },
    });
    const ingested = ingest(Array.from('abababab'));
    expect(await isSettled(ingested)).toBe(false);
    expect(committer).toMatchObject({ waitingCount: 5, readCount: 5 });
    expect(gap()).toBe(0);
    settle('a');
    await isSettled(ingested);
    settle('b');
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

  it('waits without an end where it blocks', async () => {
    const { ingest, committer, commits } = makeCommitter({ limits: { patienceMs: 1 } });
    await ingest(['a']);
    await delay(30);
    committer.drain();
    expect(commits).toEqual([]);
    expect(committer).toMatchObject({ waitingCount: 1, screenedCount: 0 });
  });

  it('tells when all that was read is committed, while more comes in', async () => {
    const { ingest, settle, committer } = makeCommitter();
    await ingest(['a']);
    const first = committer.committedAll();
    await ingest(['b']);
    expect(await isSettled(first)).toBe(false);
    settle('a');
    expect(await isSettled(first)).toBe(true);
    expect(await isSettled(committer.committedAll())).toBe(false);
  });

  it('takes lines with vectors of the caller in the order of the others', async () => {
    const { ingest, settle, gate, commits, committer, table, gap } = makeCommitter();
    await ingest(['a']);
    const [raw, zero] = [table.create(undefined, noFacts), table.create(undefined, noFacts)];
    gate.verdicts.set(raw, 'commit').set(zero, 'skip');
    committer.ingestReady(raw, 'raw', 2, 0);
    committer.ingestReady(zero, 'zero', 3, 0);
    expect(commits).toEqual([]);
    settle('a');
    expect(commits).toEqual(['1a', '2raw']);
    expect(committer.skipped.vector).toBe(1);
    expect(gap()).toBe(0);
  });

  it('gives other work a turn while it takes in or commits many lines', async () => {
    const { ingest, settle, committer } = makeCommitter({ limits: { waitingLinesMax: 1e6 } });
    let turns = 0;
    const count = (): void => {
      turns += 1;
      ticker = setImmediate(count);
    };
    let ticker = setImmediate(count);
    await ingest(Array.from({ length: 100 }, () => 'a'));
    expect(turns).toBeGreaterThanOrEqual(9);
    turns = 0;
    settle('a');
    await committer.committedAll();
    clearImmediate(ticker);
    expect(turns).toBeGreaterThanOrEqual(8);
  });

  it('gives other work more turns where shapes are new', async () => {
    const { ingest } = makeCommitter({ limits: { sliceLines: 100 } });
    let turns = 0;
    const count = (): void => {
      turns += 1;
      ticker = setImmediate(count);
    };
    let ticker = setImmediate(count);
    await ingest(Array.from({ length: 64 }, (_, i) => `shape ${i}`));
    clearImmediate(ticker);
    expect(turns).toBeGreaterThanOrEqual(7);
  });
});

describe('Committer, while a question keeps the window still', () => {
  it('lets lines wait, though nothing else holds them, until the last lets go', async () => {
    const { ingest, settle, committer, commits, window, gap } = makeCommitter();
    await ingest(['a', 'b']);
    settle('a');
    committer.keepStill();
    committer.keepStill();
    settle('b');
    await ingest(['a', 'b']);
    expect(window.lineCount).toBe(1);
    expect(committer).toMatchObject({ waitingCount: 3, lastNumber: 1 });
    expect(gap()).toBe(0);
    committer.letGo();
    expect(commits).toEqual(['1a']);
    committer.letGo();
    expect(commits).toEqual(['1a', '2b', '3a', '4b']);
    expect(gap()).toBe(0);
  });

  it.each(['screen', 'drop-oldest'] as const)(
    'neither lets lines pass nor drops any under %s: reading waits',
    async (onOverload) => {
      const { ingest, committer, commits, gap } = makeCommitter({
        onOverload,
        limits: { waitingLinesMax: 2, patienceMs: 1 },
      });
      committer.keepStill();
      const ingested = ingest(['a', 'b', 'c', 'd']);
      await delay(20);
      expect(await isSettled(ingested)).toBe(false);
      expect(committer).toMatchObject({ waitingCount: 2, readCount: 2 });
      expect({ commits, overload: committer.skipped.overload }).toEqual({
        commits: [],
        overload: 0,
      });
      committer.letGo();
      await ingested;
      expect(gap()).toBe(0);
    },
  );
});

describe('Committer, under drop-oldest', () => {
  const onOverload = 'drop-oldest';

  it('drops the oldest where too many wait, and counts each', async () => {
    const { ingest, settle, committer, commits, gap } = makeCommitter({
      onOverload,
      limits: { waitingLinesMax: 3 },
    });
    await ingest(Array.from('abcdef'));
    expect(committer.skipped.overload).toBe(3);
    expect(committer).toMatchObject({ waitingCount: 3, readCount: 6 });
    expect(gap()).toBe(0);
    settle('def');
    expect(commits).toEqual(['4d', '5e', '6f']);
    expect(gap()).toBe(0);
  });

  it('forgets a shape with its last line that was dropped', async () => {
    const { ingest, gate, forgotten, table } = makeCommitter({
      onOverload,
      limits: { waitingLinesMax: 3 },
    });
    await ingest(Array.from('aabc'));
    expect(forgotten).toEqual([]);
    await ingest(['d']);
    expect(forgotten).toEqual(['a']);
    expect([...gate.waiting.keys()]).toEqual(Array.from('bcd').map((key) => table.get(key)));
  });

  it('keeps the number of a dropped shape while its reading is under way', async () => {
    const { ingest, forgotten, table } = makeCommitter({
      onOverload,
      limits: { waitingLinesMax: 2 },
    });
    await ingest(['a']);
    const shape = table.get('a')!;
    table.hold(shape);
    await ingest(['b', 'c']);
    expect(table.get('a')).toBe(shape);
    table.unhold(shape);
    expect(forgotten).toEqual(['a']);
  });

  it('commits instead of dropping what waits for its turn alone', async () => {
    const { ingest, gate, table, committer, commits, gap } = makeCommitter({
      onOverload,
      limits: { waitingLinesMax: 3 },
    });
    await ingest(['a', 'b', 'c']);
    gate.verdicts.set(table.get('b')!, 'commit').set(table.get('c')!, 'commit'); // And nobody drains.
    await ingest(['d']);
    expect(commits).toEqual(['2b', '3c']);
    expect(committer.skipped.overload).toBe(1);
    expect(gap()).toBe(0);
  });

  it('drops a line that has waited too long, though there is room', async () => {
    const { ingest, settle, committer, commits, gap } = makeCommitter({
      onOverload,
      limits: { patienceMs: 40 },
    });
    const before = performance.now();
    await ingest(['a', 'b']);
    settle('b');
    await committer.committedAll();
    expect(performance.now() - before).toBeGreaterThan(30);
    expect(commits).toEqual(['2b']);
    expect(committer).toMatchObject({ waitingCount: 0, lastNumber: 2 });
    expect(committer.skipped.overload).toBe(1);
    expect(gap()).toBe(0);
  });
});

describe('Committer, under screen', () => {
  const onOverload = 'screen';

  it('lets the oldest pass unread where too many wait, and counts each apart', async () => {
    const { ingest, settle, committer, commits, window, gap } = makeCommitter({
      onOverload,
      limits: { waitingLinesMax: 3 },
    });
    await ingest(Array.from('abcdef'));
    expect(commits).toEqual(['1a', '2b', '3c']);
    expect(committer).toMatchObject({ screenedCount: 3, waitingCount: 3, readCount: 6 });
    settle('def');
    expect(commits).toEqual(['1a', '2b', '3c', '4d', '5e', '6f']);
    expect(committer.screenedCount).toBe(3);
    expect(committer.skipped).toEqual({ empty: 0, overload: 0, vector: 0 });
    expect(window.lineCount).toBe(6);
    expect(gap()).toBe(0);
  });

  it('lets a line pass unread that has waited too long, and what follows it in its turn', async () => {
    const { ingest, settle, committer, commits, gap } = makeCommitter({
      onOverload,
      limits: { patienceMs: 40 },
    });
    const before = performance.now();
    await ingest(['a', 'b', 'a']);
    settle('b');
    await committer.committedAll();
    expect(performance.now() - before).toBeGreaterThan(30);
    expect(commits).toEqual(['1a', '2b', '3a']);
    expect(committer.screenedCount).toBe(2);
    expect(gap()).toBe(0);
  });

  it('has patience anew with lines that come after a wait', async () => {
    const { ingest, settle, committer, commits } = makeCommitter({
      onOverload,
      limits: { patienceMs: 200 },
    });
    await ingest(['a']);
    await delay(100);
    await ingest(['b']);
    while (commits.length === 0) await committer.progress();
    // Now a has waited too long, and b has not.
    expect(commits).toEqual(['1a']);
    settle('b');
    expect(commits).toEqual(['1a', '2b']);
    expect(committer.screenedCount).toBe(1);
  });
});

describe('Committer, at every step of a seeded stream with evictions', () => {
  it.each(['block', 'screen', 'drop-oldest'] as const)(
    'holds the oracle and the order under %s',
    async (onOverload) => {
      const { ingest, gate, table, committer, commits, gap, window } = makeCommitter({
        lines: 20,
        shapes: 6,
        limits: { waitingLinesMax: 12 },
        onOverload,
      });
      let state = 11;
      const random = (below: number): number => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
        return (state >>> 8) % below;
      };
      const verdicts: Verdict[] = ['commit', 'commit', 'commit', 'skip', 'wait'];
      let ingested = Promise.resolve();
      let pending = 0;
      let stills = 0;
      for (let step = 0; step < 2_000; step += 1) {
        const choice = random(4);
        if (choice === 0 && pending === 0) {
          const texts = Array.from(
            { length: 1 + random(4) },
            () => ['', ...Array.from('abcdefghijkl')][random(13)]!,
          );
          pending += 1;
          ingested = ingest(texts).then(() => {
            pending -= 1;
          });
        } else if (choice === 3 && random(4) === 0) {
          if (stills < 2) committer.keepStill();
          else for (; stills >= 0; stills -= 1) committer.letGo();
          stills += 1;
        } else {
          const waiting = [...gate.waiting.keys()];
          const shape = waiting[random(waiting.length + 1)];
          if (shape !== undefined) gate.verdicts.set(shape, verdicts[random(5)]!);
          committer.drain();
        }
        if (step % 8 === 0) await new Promise(setImmediate);
        expect(gap()).toBe(0);
        expect(window.lineCount).toBeLessThanOrEqual(20);
        expect(window.shapeCount).toBeLessThanOrEqual(6);
        expect(table.end).toBeLessThanOrEqual(6 + 12 + 1);
      }
      for (; stills > 0; stills -= 1) committer.letGo();
      for (let left = 1; left > 0; left = committer.waitingCount + pending) {
        for (const shape of gate.waiting.keys()) gate.verdicts.set(shape, 'commit');
        committer.drain();
        await new Promise(setImmediate);
      }
      await ingested;
      expect(gap()).toBe(0);
      expect(gate.waiting.size).toBe(0);
      const numbers = commits.map((line) => parseInt(line, 10));
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      expect(committer.readCount).toBeGreaterThan(300);
      expect(committer.skipped.overload > 0).toBe(onOverload === 'drop-oldest');
      expect(committer.screenedCount > 0).toBe(onOverload === 'screen');
    },
  );
});
