/** One simulation: a seed makes its bounds, its lines and its accidents. */
import assert from 'node:assert';
import { vi } from 'vitest';
import { checkAll } from './checks.ts';
import { FakeWorker, isBad, vectorOf, type WorkerHost } from './fake-worker.ts';
import { PlainModel, type InputLine } from './plain-model.ts';
import { PlainLineWindow, PlainShapeWindow } from './plain-window.ts';
import { Queries } from './queries.ts';
import { Random } from './random.ts';
import { chooseScenario, type Scenario } from './scenario.ts';
import { System } from './system.ts';
import { VirtualClock } from './virtual-clock.ts';

interface Committing {
  readonly target: number;
  isDone: boolean;
}

export class Simulation implements WorkerHost {
  readonly random: Random;
  readonly clock = new VirtualClock();
  readonly delayMsMax: number;
  readonly failureShare: number;
  readonly hangShare: number;
  readonly model: PlainModel;
  readonly system: System;
  /** What raw lines were given, by row. */
  readonly rawVectors = new Map<number, Float32Array>();
  readonly #scenario: Scenario;
  readonly #queries: Queries;
  readonly #committing: Committing[] = [];
  #nextNumber: number;
  #isFeeding = false;
  #isHung = false;
  #isEnding = false;
  #phrases = 0;
  #openPhrases = 0;
  #broken: unknown;

  constructor(seed: number) {
    this.random = new Random(seed);
    const scenario = chooseScenario(this.random);
    this.#scenario = scenario;
    this.delayMsMax = scenario.delayMsMax;
    this.failureShare = scenario.failureShare;
    this.hangShare = scenario.hangShare;
    this.#nextNumber = scenario.firstNumber;
    this.model = new PlainModel({
      ...scenario,
      ...scenario.bounds,
      window:
        scenario.keep === 'lines'
          ? new PlainLineWindow(scenario.window)
          : new PlainShapeWindow(scenario.window),
    });
    FakeWorker.host = this;
    this.system = new System({
      ...scenario,
      ...scenario.window,
      onLook: (text) => {
        this.#keepFailure(() => {
          this.model.look(text, this.system.committer.readCount);
        });
      },
      onCommit: (number) => {
        this.#keepFailure(() => {
          this.model.committed(number);
        });
      },
    });
    this.#queries = new Queries(this.system, this.random);
  }

  /** @returns how many steps it took @throws where the real parts and the plain model differ */
  async run(): Promise<number> {
    let steps = 0;
    for (; steps < this.#scenario.steps && !this.#isOver(); steps += 1) {
      this.#act();
      if (this.random.chance(0.7)) await this.#settle();
      else await turn();
      this.#check();
    }
    await this.#end();
    return steps;
  }

  sent(texts: readonly string[], rows: readonly number[]): void {
    this.#keepFailure(() => {
      this.model.sent(texts, rows);
    });
  }

  done(texts: readonly string[], stored: Uint8Array): void {
    this.#keepFailure(() => {
      this.model.done(texts, stored);
    });
  }

  failed(texts: readonly string[]): void {
    this.model.failed(texts);
  }

  phraseFailed(phrase: string): void {
    this.model.phraseFailed(phrase);
  }

  startFailed(): void {
    this.model.startFailed();
  }

  hung(): void {
    this.#isHung = true;
  }

  #act(): void {
    const { random } = this;
    const dice = random.next();
    if (dice < 0.4) this.#feed();
    else if (dice < 0.75) this.clock.advance();
    else if (dice < 0.8) this.#feedRaw();
    else if (dice < 0.85) this.#askPhrase();
    else if (dice < 0.9) this.#waitForCommits();
    else if (dice < 0.95) this.#queries.begin();
    else this.#queries.goOn();
  }

  #feed(): void {
    if (this.#isFeeding) return;
    const lines = Array.from({ length: this.random.between(0, 12) }, () => this.#line());
    const texts = lines.map(({ text }) => text);
    this.model.pending.push(...lines);
    this.#isFeeding = true;
    const firstNumber = this.#nextNumber - lines.length;
    this.system.committer.ingest({ texts, firstNumber, time: 7, bytesPerChar: 2 }).then(
      () => {
        this.#isFeeding = false;
      },
      (error: unknown) => {
        this.#broken ??= error;
      },
    );
  }

  #line(): InputLine {
    const { random } = this;
    const number = this.#nextNumber++;
    const name = random.chance(this.#scenario.badShare) ? 'bad' : 'k';
    const key = `${name}${random.between(1, this.#scenario.keyCount)}`;
    const text = random.chance(0.05) ? '' : `${key} ${'x'.repeat(random.between(0, 9))}`;
    return { number, text, bytes: text.length * 2 };
  }

  #feedRaw(): void {
    if (this.#isFeeding || !this.model.hasFreeRow()) return;
    const line = this.#line();
    const vector = vectorOf(line.text === '' ? 'raw' : line.text);
    this.#keepFailure(() => {
      const row = this.model.raw(line, !isBad(line.text));
      if (!isBad(line.text)) this.rawVectors.set(row, vector);
      assert.equal(this.system.ingestRaw(vector, line.text, line.number), row, 'row of a raw line');
    });
  }

  #askPhrase(): void {
    const phrase = `phrase${(this.#phrases += 1)}`;
    this.#openPhrases += 1;
    this.system.pool.embedPhrases([phrase]).then(
      ([embedding]) => {
        this.#openPhrases -= 1;
        this.#keepFailure(() => {
          assert.deepEqual(embedding?.vector, vectorOf(phrase));
        });
      },
      () => {
        this.#openPhrases -= 1;
        this.#keepFailure(() => {
          assert(this.system.hasFailed || this.#isEnding, 'a phrase failed');
        });
      },
    );
  }

  #waitForCommits(): void {
    const waiting = this.model.waiting.length;
    const committing = { target: this.model.leftCount + waiting, isDone: false };
    this.#committing.push(committing);
    void this.system.committer.committedAll().then(() => {
      committing.isDone = true;
    });
  }

  /** Until nothing more happens without the clock. */
  async #settle(): Promise<void> {
    const { committer } = this.system;
    let last = -1;
    let still = 0;
    while (still < 2) {
      await turn();
      const now = committer.readCount + this.model.leftCount;
      still = now === last ? still + 1 : 0;
      last = now;
    }
    if (this.#broken === undefined && !this.#isOver()) this.model.assertStuckForAReason();
  }

  #check(): void {
    if (this.#broken !== undefined) throw this.#broken as Error;
    checkAll(this.system, this.model, this.rawVectors);
    for (const { target, isDone } of this.#committing) {
      if (isDone) assert(this.model.leftCount >= target, 'committedAll resolved too early');
    }
    assert.equal(this.system.hasFailed, this.model.mustHaveFailed, 'the pool gave up, or should');
    assert(!this.system.hasHung || this.#isHung, 'a worker seemed to hang');
  }

  #isOver(): boolean {
    return this.system.hasFailed || this.#broken !== undefined;
  }

  async #end(): Promise<void> {
    this.#isEnding = true;
    do await this.#settle();
    while (!this.#isOver() && this.clock.advance());
    this.#check();
    this.#queries.finishAll();
    if (this.#isHung) {
      vi.advanceTimersByTime(60_000);
      if (!this.#isOver()) assert(this.system.hasHung, 'a worker hung and nobody noticed');
      return;
    }
    if (!this.#isOver()) {
      assert.equal(this.model.waiting.length + this.model.pending.length, 0, 'lines stay waiting');
      assert(
        this.#committing.every(({ isDone }) => isDone),
        'committedAll never resolved',
      );
      assert.equal(this.#openPhrases, 0, 'a phrase was never answered');
    }
    let stopped = false;
    const stopping = this.system.pool.stop().then(() => {
      stopped = true;
    });
    while (this.clock.advance()) await turn();
    await turn();
    assert(stopped, 'the pool did not stop');
    await stopping;
  }

  #keepFailure(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#broken ??= error; // Thrown at the next check: here it would end up in the real parts.
    }
  }
}

/** What is due on the real event loop: promises, and what was put off by setImmediate before. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
