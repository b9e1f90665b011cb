/** Real parts and plain model side by side, a clock, and workers that may fail. */
import assert from 'node:assert';
import { vi } from 'vitest';
import { checkAll, checkHits } from './checks.ts';
import { FakeWorker, starting, type WorkerHost } from './fake-worker.ts';
import type { InputLine } from './heard.ts';
import { PlainModel } from './plain-model.ts';
import { PlainLineWindow, PlainShapeWindow } from './plain-window.ts';
import { Questions } from './questions.ts';
import { Random } from './random.ts';
import type { Scenario } from './scenario.ts';
import { System } from './system.ts';
import { pauseMs, VirtualClock } from './virtual-clock.ts';
import { keyOf } from './vocabulary.ts';

export class Run implements WorkerHost {
  readonly random: Random;
  readonly clock: VirtualClock;
  readonly delayMsMax: number;
  readonly hangShare: number;
  readonly model: PlainModel;
  readonly system: System;
  readonly questions: Questions;
  /** Lines that were handed over, and are being taken in. */
  handedOver = 0;
  isFeeding = false;
  isEnding = false;
  isHung = false;
  /** A line that may wait for a reading that nobody needs any more. */
  lateLine: InputLine | undefined;
  broken: unknown;
  readonly #scenario: Scenario;
  readonly #failed = new Set<number | string>();
  /** What failed twice: the pool must have said so. */
  #mustHaveFailed = false;
  #checkedHits = 0;
  /** The line that was the first to wait when somebody looked, and since when. */
  #first: { readonly line: InputLine; readonly since: number } | undefined;

  /** @param random - for what workers do, and when */
  constructor(scenario: Scenario, random: Random) {
    this.random = random;
    this.clock = new VirtualClock(random, scenario.pauseShare);
    this.delayMsMax = scenario.delayMsMax;
    this.hangShare = scenario.hangShare;
    this.#scenario = scenario;
    const { mode, keep, onOverload, window, rows, windowBytes, limits } = scenario;
    const bounds = { maxLines: window, maxShapes: window, maxRows: rows, maxBytes: windowBytes };
    const kept = keep === 'lines' ? new PlainLineWindow(bounds) : new PlainShapeWindow(bounds);
    this.model = new PlainModel({ mode, onOverload, window: kept, ...limits, ...scenario.bounds });
    performance.now = () => this.clock.look();
    FakeWorker.host = this;
    this.system = new System(scenario, {
      now: () => this.clock.now,
      onWant: (key) => {
        this.#checkInside(() => {
          this.model.checkWanted(key);
        });
      },
      onForesee: (text, promise) => {
        this.#checkInside(() => {
          this.model.checkForeseen(text, promise);
        });
      },
      onWrong: (error) => {
        this.onWrong(error);
      },
    });
    this.questions = new Questions(this.system, this.model, this);
  }

  get isOver(): boolean {
    return this.system.failure !== undefined || this.broken !== undefined;
  }

  /** Takes in lines; one call at a time. */
  feed(lines: readonly InputLine[], bytesPerChar: 1 | 2): void {
    assert(!this.isFeeding);
    this.isFeeding = true;
    const handedAt = this.clock.now;
    this.model.waiting.push(...lines.map((line) => ({ ...line, handedAt })));
    this.handedOver += lines.length;
    const texts = lines.map(({ text }) => text);
    const { number: firstNumber = 0, time = 0 } = lines[0] ?? {};
    this.system.stages.committer.ingest({ texts, firstNumber, time, bytesPerChar }).then(
      () => {
        this.isFeeding = false;
      },
      (error: unknown) => {
        this.onWrong(error);
      },
    );
  }

  /** @returns whether it was taken in: a line with a vector of its own needs a row */
  feedRaw(line: InputLine & { readonly vector: Float32Array }): boolean {
    if (!this.system.ingestRaw(line, line.vector)) return false;
    this.model.waiting.push({ ...line, handedAt: this.clock.now });
    this.handedOver += 1;
    return true;
  }

  catchUp(): void {
    for (const event of this.system.takeEvents()) this.model.hear(event);
  }

  onWrong(error: unknown): void {
    this.broken ??= error; // Thrown at the next check: here it would end up in the real parts.
  }

  /** In the middle of the real parts: looks at what was done. */
  #checkInside(check: () => void): void {
    try {
      this.catchUp();
      check();
    } catch (error) {
      this.onWrong(error);
    }
  }

  fails(work: readonly number[] | string): boolean {
    const { failureShare, failsOnce } = this.#scenario;
    if (failsOnce && [work].flat().some((one) => this.#failed.has(one))) return false;
    return this.random.chance(work === starting ? failureShare / 4 : failureShare);
  }

  sent(rows: readonly number[]): void {
    this.system.ledger.sent(rows);
  }

  done(rows: readonly number[]): void {
    for (const row of rows) this.#failed.delete(row);
    this.system.ledger.done(rows);
  }

  failed(work: readonly number[] | string): void {
    for (const one of [work].flat()) {
      if (this.#failed.has(one)) this.#mustHaveFailed = true;
      this.#failed.add(one);
    }
  }

  hung(): void {
    this.isHung = true;
  }

  /** Until nothing more happens at this time. */
  async settle(): Promise<void> {
    for (let last = -1; this.clock.looks !== last;) {
      for (let still = 0; still < 2;) {
        last = this.clock.looks;
        await turn();
        still = this.clock.looks === last ? still + 1 : 0;
      }
      this.clock.pass(0); // Only then: a timer that is set anew each time would never see an end.
    }
    this.check();
    if (!this.isOver) this.#assertStuckForAReason();
  }

  check(): void {
    this.catchUp();
    if (this.broken !== undefined) throw this.broken as Error;
    checkAll(this.system, this.model, this.handedOver);
    checkHits(this.system, this.model, this.#checkedHits);
    this.#checkedHits = this.model.hits.length;
    this.#assertBounded();
    const hasFailed = this.system.failure !== undefined;
    assert.equal(hasFailed, this.#mustHaveFailed, 'the pool gave up, or should');
    assert(!this.system.hasHung || this.isHung, 'a worker seemed to hang');
  }

  /** Lets everything come to its end, and looks whether anything is left. */
  async finish(): Promise<void> {
    do await this.settle();
    while (!this.isOver && this.clock.advance());
    this.isEnding = true;
    if (this.isHung) {
      vi.advanceTimersByTime(60_000);
      if (!this.isOver) assert(this.system.hasHung, 'a worker hung and nobody noticed');
      return;
    }
    if (!this.isOver) this.#assertNothingLeft();
    let stopped = false;
    const stopping = this.system.pool.stop().then(() => {
      stopped = true;
    });
    do await turn();
    while (this.clock.advance());
    await turn();
    assert(stopped, 'the pool did not stop');
    await stopping;
    this.system.stages.committer.stop();
    assert.equal(this.questions.openCount, 0, 'a question was never answered');
    if (this.broken !== undefined) throw this.broken as Error;
  }

  /** Lines that were read and wait to commit. */
  #queue(): InputLine[] {
    const lines = this.model.waiting.filter(({ text, vector }) => vector ?? keyOf(text));
    return lines.slice(0, this.system.stages.committer.waitingCount);
  }

  /** Whatever the policy: only so much is read ahead. */
  #assertBounded(): void {
    const { waitingLinesMax, waitingBytesMax } = this.#scenario.bounds;
    const queue = this.#queue();
    assert(queue.length <= waitingLinesMax, `${queue.length} lines wait`);
    assert(queue.length < 2 || sumOfBytes(queue.slice(0, -1)) < waitingBytesMax, 'too much waits');
  }

  #assertNothingLeft(): void {
    const { stages, ledger } = this.system;
    assert.equal(stages.committer.waitingCount, 0, 'lines stay waiting');
    assert(!this.isFeeding, 'lines were never accepted');
    assert.equal(this.questions.openCount, 0, 'a question was never answered');
    assert.equal(ledger.rowsUnderWay.size, 0, 'readings stay under way');
    assert.deepEqual([...ledger.holds], [], 'shapes stay held');
    assert.deepEqual([...ledger.kept], [], 'readings stay kept');
    const { table, readings, window } = stages;
    const inWindow = [...ledger.shapes].filter((shape) => table.windowLines[shape]! > 0);
    assert.equal(ledger.shapes.size, inWindow.length, 'shapes stay that nobody needs');
    assert.equal(window.shapeCount, inWindow.length);
    for (const shape of inWindow) {
      const isRaw = table.keys[shape] === undefined;
      const pins = isRaw ? 2 : this.#scenario.mode === 'reading' ? 1 : 0;
      assert.equal(ledger.pins.get(shape) ?? 0, pins, `pins of ${table.keys[shape]}`);
    }
    assert.equal(readings.waitingCount, 0, 'readings stay asked for');
  }

  /** It can't have waited for long since it came to be the first. */
  #assertPatience(line: InputLine): void {
    const { now } = this.clock;
    if (this.#first?.line !== line) this.#first = { line, since: now };
    const isPatient = now - this.#first.since <= this.#scenario.bounds.patienceMs + pauseMs;
    assert(isPatient, `line ${line.number} waits for ${now - this.#first.since} ms`);
  }

  #assertStuckForAReason(): void {
    const { committer, table, readings } = this.system.stages;
    const { waitingCount } = committer;
    const { bounds, onOverload } = this.#scenario;
    if (waitingCount > 0) {
      const line = this.model.next();
      if (line === this.lateLine) return;
      assert(this.model.nextMustWait(), `line ${line!.number} should have committed`);
      const shape = table.get(this.model.nextKey()!)!;
      assert.equal(readings.rowOf(shape), undefined, `line ${line!.number} is read and waits`);
      assert(!readings.isRejected(shape));
      if (onOverload !== 'block') this.#assertPatience(line!);
    }
    if (!this.isFeeding) return;
    const bytes = sumOfBytes(this.#queue());
    const isFull = waitingCount >= bounds.waitingLinesMax || bytes >= bounds.waitingBytesMax;
    assert(isFull && onOverload === 'block', 'lines should have been accepted');
  }
}

function sumOfBytes(lines: readonly InputLine[]): number {
  return lines.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** What is due on the real event loop: promises, and what was put off by setImmediate before. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
