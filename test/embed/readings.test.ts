import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ShapeJob } from '../../src/embed/pool.ts';
import { Readings } from '../../src/embed/readings.ts';
import { Rows } from '../../src/ring/rows.ts';
import { seeded } from '../scan/vectors.ts';

interface Setup {
  readonly rowCount?: number;
  readonly urgentRows?: number;
}

/** Readings over real rows; the model is this test's hands. */
function makeReadings({ rowCount = 8, urgentRows = 2 }: Setup = {}) {
  const rows = new Rows({ rowCount });
  const holds = new Map<number, number>();
  const told = { wanted: 0, read: 0 };
  const readings = new Readings({
    rows,
    urgentRows,
    textOf: (shape) => `text ${shape}`,
    onWanted: () => {
      told.wanted += 1;
    },
    onRead: () => {
      told.read += 1;
    },
    hold: (shape) => {
      holds.set(shape, (holds.get(shape) ?? 0) + 1);
    },
    unhold: (shape) => {
      const left = (holds.get(shape) ?? 0) - 1;
      if (left < 0) throw new Error(`${shape} was not held`);
      if (left === 0) holds.delete(shape);
      else holds.set(shape, left);
    },
  });
  const take = (count = 99): readonly ShapeJob[] => readings.take(count);
  const done = (jobs: readonly ShapeJob[], stored = 1): void => {
    readings.done(jobs, new Uint8Array(jobs.length).fill(stored));
  };
  /** Reads what is most urgent, as a worker would. @returns the shapes that were read */
  const read = (count = 99, stored = 1): number[] => {
    const jobs = take(count);
    done(jobs, stored);
    return jobs.map(({ shape }) => shape);
  };
  return { readings, rows, holds, told, take, done, read };
}

function shapesOf(jobs: readonly ShapeJob[]): number[] {
  return jobs.map(({ shape }) => shape);
}

describe('Readings', () => {
  it('gives what somebody waits for before what was foreseen, and the rest to idle workers', () => {
    const { readings, read } = makeReadings();
    readings.readAhead([1, 2]);
    readings.foresee(3, 0);
    readings.foresee(4, 0);
    readings.want(5);
    readings.want(6);
    expect(readings.waitingCount).toBe(4);
    expect(read()).toEqual([5, 6, 3, 4]);
    expect(readings.waitingCount).toBe(0);
    expect(read()).toEqual([1, 2]);
    expect(read()).toEqual([]);
    expect(readings.madeCount).toBe(6);
  });

  it('gives no more than it is asked for', () => {
    const { readings, read } = makeReadings();
    for (const shape of [1, 2, 3]) readings.want(shape);
    readings.foresee(4, 0);
    expect([read(2), read(2), read(2)]).toEqual([[1, 2], [3, 4], []]);
  });

  it('gives what was foreseen in its order, or the most promising first', () => {
    const { readings, read } = makeReadings();
    for (const shape of [3, 1, 2]) readings.foresee(shape, 0);
    expect(read()).toEqual([3, 1, 2]);
    readings.foresee(4, 0.1);
    readings.foresee(5, 0.3);
    readings.foresee(6, 0.2);
    expect(read()).toEqual([5, 6, 4]);
  });

  it('hurries with what was foreseen once somebody waits for it', () => {
    const { readings, read } = makeReadings();
    for (const shape of [1, 2, 3]) readings.foresee(shape, 0);
    readings.want(3);
    readings.foresee(3, 9);
    expect(readings.waitingCount).toBe(3);
    expect(read()).toEqual([3, 1, 2]);
  });

  it('asks once for a shape that several want, and not for one that is read or under way', () => {
    const { readings, take, done } = makeReadings();
    for (let i = 0; i < 3; i += 1) {
      readings.want(1);
      readings.foresee(1, 0);
    }
    const jobs = take();
    expect(shapesOf(jobs)).toEqual([1]);
    readings.want(1);
    readings.foresee(1, 0);
    readings.readAhead([1]);
    expect(take()).toEqual([]);
    expect([readings.isKnown(1), readings.rowOf(1)]).toEqual([true, undefined]);
    done(jobs);
    readings.want(1);
    expect(take()).toEqual([]);
    expect(readings.rowOf(1)).toBe(jobs[0]!.row);
  });

  it('says what the model reads of a shape', () => {
    const { readings, take } = makeReadings();
    readings.want(7);
    expect(take()).toMatchObject([{ shape: 7, text: 'text 7' }]);
  });

  it('tells once for all that is wanted in a turn that there is something to take', async () => {
    const { readings, told } = makeReadings();
    for (let shape = 0; shape < 5; shape += 1) readings.want(shape);
    readings.foresee(9, 0);
    expect(told.wanted).toBe(0);
    await turn();
    expect(told.wanted).toBe(1);
    readings.readAhead([11]);
    await turn();
    expect(told.wanted).toBe(2);
    readings.readAhead([]);
    await turn();
    expect(told.wanted).toBe(2);
  });

  it('tells once for an answer of a worker that readings arrived', () => {
    const { readings, told, read } = makeReadings();
    for (let shape = 0; shape < 5; shape += 1) readings.want(shape);
    read();
    expect(told.read).toBe(1);
  });

  it('holds a shape from the moment a worker has it until everybody was told', () => {
    const { readings, holds, take, done } = makeReadings();
    readings.want(1);
    expect(holds.size).toBe(0);
    const jobs = take();
    expect([...holds]).toEqual([[1, 1]]);
    const heldWhenTold: boolean[] = [];
    readings.listen(1, () => heldWhenTold.push(holds.has(1)));
    done(jobs);
    expect(heldWhenTold).toEqual([true]);
    expect(holds.size).toBe(0);
  });
});

describe('Readings, when rows run out', () => {
  it('forgets the reading that was used longest ago', () => {
    const { readings, read } = makeReadings({ rowCount: 3, urgentRows: 0 });
    for (const shape of [1, 2, 3]) readings.want(shape);
    read();
    readings.listen(1, () => undefined); // Used.
    readings.want(4);
    expect(read()).toEqual([4]);
    expect([1, 2, 3, 4].map((shape) => readings.isKnown(shape))).toEqual([true, false, true, true]);
    readings.want(2);
    read();
    expect([1, 2, 3, 4].map((shape) => readings.isKnown(shape))).toEqual([true, true, false, true]);
    expect(new Set([1, 2, 4].map((shape) => readings.rowOf(shape))).size).toBe(3);
  });

  it('forgets no reading that is pinned, until it was unpinned as often', () => {
    const { readings, read } = makeReadings({ rowCount: 3, urgentRows: 1 });
    for (const shape of [1, 2]) readings.want(shape);
    read();
    readings.keep(1);
    readings.keep(1);
    for (const shape of [3, 4, 5]) {
      readings.foresee(shape, 0);
      expect(read()).toEqual([shape]);
    }
    expect([readings.isKnown(1), readings.isKept(1)]).toEqual([true, true]);
    readings.letGo(1);
    readings.foresee(6, 0);
    read();
    expect(readings.isKnown(1)).toBe(true);
    readings.letGo(1);
    for (const shape of [7, 8, 9]) {
      readings.foresee(shape, 0);
      read();
    }
    expect([readings.isKnown(1), readings.isKept(1)]).toEqual([false, false]);
  });

  it('keeps a reading that was pinned before it came', () => {
    const { readings, read } = makeReadings({ rowCount: 3, urgentRows: 1 });
    readings.keep(1);
    readings.want(1);
    read();
    for (const shape of [2, 3, 4]) {
      readings.foresee(shape, 0);
      read();
    }
    expect([1, 2, 3, 4].map((shape) => readings.isKnown(shape))).toEqual([true, false, true, true]);
  });

  it('lets wait what was foreseen while all are pinned, and tells when one is no more', async () => {
    const { readings, told, read, take } = makeReadings({ rowCount: 3, urgentRows: 1 });
    for (const shape of [1, 2]) {
      readings.keep(shape);
      readings.foresee(shape, 0);
    }
    read();
    readings.foresee(3, 0);
    expect(take()).toEqual([]);
    expect(readings.waitingCount).toBe(1);
    await turn();
    const { wanted } = told;
    readings.letGo(2);
    await turn();
    expect(told.wanted).toBe(wanted + 1);
    expect(read()).toEqual([3]);
    expect(readings.isKnown(1)).toBe(true);
  });

  it('leaves some rows to what somebody waits for', () => {
    const { readings, take, done } = makeReadings({ rowCount: 5, urgentRows: 2 });
    for (let shape = 1; shape <= 9; shape += 1) {
      readings.keep(shape);
      readings.foresee(shape, 0);
    }
    const foreseen = take();
    expect(shapesOf(foreseen)).toEqual([1, 2, 3]);
    expect(take()).toEqual([]);
    readings.want(20);
    readings.want(21);
    readings.want(22);
    expect(shapesOf(take())).toEqual([20, 21]);
    done(foreseen);
    expect(shapesOf(take())).toEqual([22]);
  });

  it('leaves them alone when it reads ahead, and for vectors from outside', () => {
    const { readings, read } = makeReadings({ rowCount: 5, urgentRows: 2 });
    expect([1, 2].map((shape) => readings.leaseRaw(shape) === undefined)).toEqual([false, false]);
    readings.readAhead([10, 11, 12]);
    expect(read(1)).toEqual([10]);
    expect(read(1)).toEqual([11]); // In its place: nothing forgets what is pinned.
    expect(readings.leaseRaw(3)).toBeDefined();
    expect(readings.leaseRaw(4)).toBeUndefined();
    expect(read(1)).toEqual([]);
    readings.want(20);
    expect(read()).toEqual([20]);
  });

  it('finds a row for the line at the commit point, whatever is pinned behind it (bug: all stood still)', () => {
    const { readings, rows, read } = makeReadings({ rowCount: 6, urgentRows: 2 });
    readings.leaseRaw(50);
    for (let shape = 1; shape <= 9; shape += 1) readings.pin(shape); // Lines that wait.
    for (let shape = 1; shape <= 3; shape += 1) readings.foresee(shape, 0);
    expect(read()).toEqual([1, 2, 3]);
    const told: number[] = [];
    for (const shape of [4, 5, 6, 7, 8]) readings.listen(shape, () => told.push(shape)); // A question.
    for (let i = 0; i < 5; i += 1) read(1);
    expect(told).toEqual([4, 5, 6, 7, 8]);
    expect(rows.leasedCount).toBe(6);
    readings.want(9);
    expect(read()).toEqual([9]);
    // What the question has seen goes first; what lines wait for stays, and the one of its kind.
    expect([1, 2, 3, 50].map((shape) => readings.rowOf(shape))).not.toContain(undefined);
  });
});

describe('Readings that come to nothing', () => {
  it('are told apart, and their rows are free again', () => {
    const { readings, rows, read } = makeReadings();
    readings.want(1);
    expect(read(1, 0)).toEqual([1]);
    expect(readings.isRejected(1)).toBe(true);
    expect(readings.rowOf(1)).toBeUndefined();
    expect([readings.madeCount, readings.rejectedCount, rows.leasedCount]).toEqual([1, 1, 0]);
  });

  it('are not asked for again, until their shape was forgotten and comes anew', () => {
    const { readings, read } = makeReadings();
    readings.want(1);
    read(1, 0);
    readings.want(1);
    readings.foresee(1, 0);
    expect(read()).toEqual([]);
    readings.forget(1);
    expect(readings.isRejected(1)).toBe(false);
    readings.want(1);
    expect(read()).toEqual([1]);
    expect(readings.rowOf(1)).toBeDefined();
  });
});

describe('listeners', () => {
  it('are told once each, of the row, when the reading is made', () => {
    const { readings, take, done } = makeReadings();
    const told: string[] = [];
    readings.listen(1, (row) => told.push(`a ${row}`));
    readings.listen(1, (row) => told.push(`b ${row}`));
    const jobs = take();
    readings.listen(1, (row) => told.push(`c ${row}`)); // While it is under way.
    expect(told).toEqual([]);
    done(jobs);
    const row = String(jobs[0]!.row);
    expect(told).toEqual([`a ${row}`, `b ${row}`, `c ${row}`]);
    readings.forget(1);
    readings.want(1);
    done(take());
    expect(told).toHaveLength(3);
  });

  it('are told at once of a reading that is there', () => {
    const { readings, read } = makeReadings();
    readings.want(1);
    read();
    const told: number[] = [];
    readings.listen(1, (row) => told.push(row));
    expect(told).toEqual([readings.rowOf(1)]);
    expect(readings.waitingCount).toBe(0);
  });

  it('are told -1 where it comes to nothing, and where it already has', () => {
    const { readings, read } = makeReadings();
    const told: number[] = [];
    readings.listen(1, (row) => told.push(row));
    read(1, 0);
    readings.listen(1, (row) => told.push(row));
    expect(told).toEqual([-1, -1]);
  });

  it('keep a shape wanted though its lines no longer need it', () => {
    const { readings, read } = makeReadings();
    readings.listen(1, () => undefined);
    readings.want(2);
    readings.foresee(3, 0);
    for (const shape of [1, 2, 3]) readings.cancel(shape);
    expect(read()).toEqual([1]);
  });

  it('are as many as ask, with fewer rows than shapes', () => {
    const { readings, read } = makeReadings({ rowCount: 4, urgentRows: 1 });
    const told = new Map<number, number>();
    for (let shape = 0; shape < 200; shape += 1) {
      readings.listen(shape, (row) => told.set(shape, row));
    }
    for (let shapes; (shapes = read(3)).length > 0;) expect(shapes.length).toBeLessThanOrEqual(3);
    expect(told.size).toBe(200);
    expect([...told.values()].every((row) => row >= 0 && row < 4)).toBe(true);
  });

  it('are told no more once nobody waits for anything, and hinder no shape from being forgotten', () => {
    const { readings, take, done } = makeReadings();
    const told: number[] = [];
    readings.listen(1, (row) => told.push(row));
    readings.listen(2, (row) => told.push(row));
    const jobs = take(1);
    readings.giveUp();
    done(jobs);
    expect(() => {
      readings.forget(1);
      readings.forget(2);
    }).not.toThrow();
    expect(told).toEqual([]);
  });
});

describe('what is read ahead', () => {
  it('goes only to a worker that has nothing else, eight at most at a time, in its order', () => {
    const { readings, read } = makeReadings({ rowCount: 30 });
    readings.readAhead(Array.from({ length: 12 }, (_, i) => i));
    readings.foresee(20, 0);
    expect(read()).toEqual([20]);
    expect(read()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(read()).toEqual([8, 9, 10, 11]);
  });

  it('is what was said last, but for what is read already', () => {
    const { readings, read } = makeReadings({ rowCount: 30 });
    readings.want(2);
    read();
    readings.readAhead([0, 1]);
    readings.readAhead([1, 2, 3]);
    expect(read()).toEqual([1, 3]);
    expect(readings.waitingCount).toBe(0);
  });

  it('is no shape that was forgotten (bug: its number was freed twice)', () => {
    const { readings, holds, read } = makeReadings();
    readings.readAhead([1, 2, 3]);
    readings.forget(2);
    expect(read()).toEqual([1, 3]);
    expect(holds.size).toBe(0);
  });
});

describe('the rows of vectors from outside', () => {
  it('are pinned, count as readings that are there, and go with their shapes', () => {
    const { readings, rows, read } = makeReadings({ rowCount: 3, urgentRows: 0 });
    const row = readings.leaseRaw(1);
    expect(readings.rowOf(1)).toBe(row);
    for (const shape of [2, 3, 4, 5]) {
      readings.want(shape);
      read();
    }
    expect(readings.rowOf(1)).toBe(row);
    expect(readings.madeCount).toBe(4);
    readings.forget(1);
    expect(rows.leasedCount).toBe(2);
  });

  it('are free again where there was no vector to write', async () => {
    const { readings, rows, told } = makeReadings();
    readings.leaseRaw(1);
    readings.foresee(2, 0);
    await turn();
    const { wanted } = told;
    readings.reject(1);
    expect([readings.isRejected(1), rows.leasedCount]).toEqual([true, 0]);
    await turn();
    expect(told.wanted).toBe(wanted + 1); // There may be a row for what waits.
  });

  it('are found by those who listen', () => {
    const { readings } = makeReadings();
    const row = readings.leaseRaw(1);
    const told: number[] = [];
    readings.listen(1, (where) => told.push(where));
    expect(told).toEqual([row]);
  });
});

describe('forgetting a shape', () => {
  it('frees its row and takes it out of every queue', () => {
    const { readings, rows, read } = makeReadings();
    readings.want(1);
    read();
    readings.want(2);
    readings.foresee(3, 0);
    for (const shape of [1, 2, 3]) readings.forget(shape);
    expect(rows.leasedCount).toBe(0);
    expect([1, 2, 3].map((shape) => readings.isKnown(shape))).toEqual([false, false, false]);
    expect(readings.waitingCount).toBe(0);
    expect(read()).toEqual([]);
  });

  it('leaves nothing of it to the next shape of that number', () => {
    const { readings, read } = makeReadings({ rowCount: 2, urgentRows: 0 });
    readings.keep(1);
    readings.want(1);
    read();
    readings.forget(1);
    expect(readings.isKept(1)).toBe(false);
    readings.want(1);
    read();
    for (const shape of [2, 3]) {
      readings.want(shape);
      read();
    }
    expect(readings.isKnown(1)).toBe(false);
  });
});

describe('Readings, over a random run', () => {
  it.each([1, 2, 3])('lease each row to one shape, and lose none (%d)', (seed) => {
    const random = seeded(seed);
    const { readings, rows, holds, take, done } = makeReadings({ rowCount: 12, urgentRows: 3 });
    const below = (count: number): number => Math.floor(random() * count);
    const pins = new Map<number, number>();
    const underWay: (readonly ShapeJob[])[] = [];
    const listening = new Map<number, number>();
    let told = 0;
    let asked = 0;
    for (let step = 0; step < 20_000; step += 1) {
      const shape = below(40);
      const choice = below(9);
      if (choice === 0) readings.want(shape);
      else if (choice === 1) readings.foresee(shape, below(3));
      else if (choice === 2) readings.readAhead([shape, below(40), below(40)]);
      else if (choice === 3) {
        asked += 1;
        listening.set(shape, (listening.get(shape) ?? 0) + 1);
        readings.listen(shape, () => {
          told += 1;
          listening.set(shape, listening.get(shape)! - 1);
        });
      } else if (choice === 4 && pins.size < 6) {
        readings.keep(shape);
        pins.set(shape, (pins.get(shape) ?? 0) + 1);
      } else if (choice === 5 && pins.has(shape)) {
        readings.letGo(shape);
        if (pins.get(shape) === 1) pins.delete(shape);
        else pins.set(shape, pins.get(shape)! - 1);
      } else if (choice === 6) {
        const jobs = take(1 + below(4));
        if (jobs.length > 0) underWay.push(jobs);
      } else if (choice === 7 && underWay.length > 0) {
        const [jobs] = underWay.splice(below(underWay.length), 1);
        done(jobs!, below(10) === 0 ? 0 : 1);
      } else if (choice === 8 && !holds.has(shape) && (listening.get(shape) ?? 0) === 0) {
        readings.forget(shape);
        pins.delete(shape);
      }
      const known = Array.from({ length: 40 }, (_, one) => readings.rowOf(one));
      const written = [
        ...known.filter((row) => row !== undefined),
        ...underWay.flat().map(({ row }) => row),
      ];
      expect(new Set(written).size).toBe(written.length);
      expect(rows.leasedCount).toBe(written.length);
      expect(holds.size).toBe(underWay.flat().length);
    }
    for (let left = 1; left > 0;) {
      for (const jobs of underWay.splice(0)) done(jobs);
      const jobs = take();
      if (jobs.length > 0) underWay.push(jobs);
      left = jobs.length;
    }
    expect(told).toBe(asked);
    expect(readings.waitingCount).toBe(0);
  });
});
