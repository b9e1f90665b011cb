/** One simulation: a seed makes its bounds, its lines and its accidents. */
import assert from 'node:assert';
import type { PhraseRanking } from '../../src/rank/ranking.ts';
import { dimensions } from './fake-model.ts';
import { randomMinScore, randomPhrase, randomText, randomVector } from './lines.ts';
import type { InputLine } from './heard.ts';
import { Random } from './random.ts';
import { Run, turn } from './run.ts';
import { chooseScenario, type Scenario } from './scenario.ts';

/** At one time. */
const questionsMax = 3;

export class Simulation {
  readonly run: Run;
  readonly #random: Random;
  readonly #scenario: Scenario;
  /** Phrases that are ready to be asked. */
  readonly #rankings: PhraseRanking[] = [];
  readonly #watches = new Set<number>();
  readonly #committing: { isDone: boolean; target: number }[] = [];
  /** A line with a vector that waits for a row; nothing else is fed meanwhile. */
  #raw: (InputLine & { readonly vector: Float32Array }) | undefined;
  #nextNumber: number;
  #nextWatch = 0;
  #openingCount = 0;

  constructor(seed: number) {
    this.#random = new Random(seed);
    this.#scenario = chooseScenario(this.#random);
    this.#nextNumber = this.#scenario.firstNumber;
    this.run = new Run(this.#scenario, this.#random);
  }

  /** @returns how many steps it took @throws where the real parts and the plain model differ */
  async simulate(): Promise<number> {
    const { run } = this;
    let steps = 0;
    for (; steps < this.#scenario.steps && !run.isOver; steps += 1) {
      this.#act();
      if (this.#random.chance(0.7)) await run.settle();
      else await turn();
      this.#check();
    }
    await this.#endRaw();
    await run.finish();
    this.#check();
    if (run.isOver || run.isHung) return steps;
    assert.equal(this.#openingCount, 0, 'a phrase was never answered');
    assert(
      this.#committing.every(({ isDone }) => isDone),
      'committedAll never resolved',
    );
    return steps;
  }

  /** The line with a vector that waits for a row gets one in the end. */
  async #endRaw(): Promise<void> {
    const { run } = this;
    for (
      let isStill = false;
      this.#raw !== undefined && !run.isOver;
      isStill = !run.clock.advance()
    ) {
      this.#feedRaw(this.#raw);
      await run.settle();
      if (isStill) break;
    }
    assert(this.#raw === undefined || run.isOver || run.isHung, 'a vector never got a row');
  }

  #act(): void {
    const { run } = this;
    const random = this.#random;
    const dice = random.next();
    if (dice < 0.35) this.#feed();
    else if (dice < 0.65) run.clock.advance();
    else if (dice < 0.7) run.clock.pass(random.between(1, 40));
    else if (dice < 0.75) this.#openPhrase();
    else if (dice < 0.8) this.#openWatch();
    else if (dice < 0.82) this.#removeWatch();
    else if (dice < 0.85) this.#waitForCommits();
    else if (dice < 0.9) this.#readAhead();
    else this.#ask();
  }

  #feed(): void {
    if (this.run.isFeeding) return;
    const random = this.#random;
    if (this.#raw !== undefined || random.chance(this.#scenario.rawShare)) {
      const vector = randomVector(random, dimensions, this.#scenario.badShare);
      this.#feedRaw(this.#raw ?? { ...this.#line(random.between(0, 9), 2), vector });
      return;
    }
    const time = random.between(0, 9);
    const bytesPerChar = random.pick([1, 2] as const);
    const count = random.between(1, 12);
    this.run.feed(
      Array.from({ length: count }, () => this.#line(time, bytesPerChar)),
      bytesPerChar,
    );
  }

  #feedRaw(line: InputLine & { readonly vector: Float32Array }): void {
    this.#raw = this.run.feedRaw(line) ? undefined : line;
  }

  #line(time: number, bytesPerChar: number): InputLine {
    const number = this.#nextNumber++;
    const text = randomText(this.#random, this.#scenario);
    return { number, time, text, bytes: text.length * bytesPerChar };
  }

  #openPhrase(): void {
    this.#open((ranking) => {
      this.#rankings.push(ranking);
    });
  }

  #openWatch(): void {
    if (this.#watches.size >= this.#scenario.watchesMax) return;
    const id = (this.#nextWatch += 1);
    const minScore = randomMinScore(this.#random);
    this.#watches.add(id);
    this.#open((ranking) => {
      this.run.catchUp();
      this.run.model.addWatch(id, ranking.phrase, minScore);
      this.run.system.addWatch(id, ranking, minScore);
    });
  }

  #open(use: (ranking: PhraseRanking) => void): void {
    const { run } = this;
    const phrase = randomPhrase(this.#random, this.#scenario);
    this.#openingCount += 1;
    run.system.phrases
      .open(phrase)
      .then(use, (error: unknown) => {
        if (run.system.failure === undefined && !run.isEnding) throw error;
      })
      .catch((error: unknown) => {
        run.onWrong(error);
      })
      .finally(() => {
        this.#openingCount -= 1;
      });
  }

  #removeWatch(): void {
    const { model, system } = this.run;
    const id = this.#random.pick([...this.#watches]) as number | undefined;
    if (id === undefined || !system.hasWatch(id)) return;
    this.#watches.delete(id);
    this.run.catchUp();
    this.run.lateLine = model.next();
    model.removeWatch(id);
    system.removeWatch(id);
  }

  #ask(): void {
    const { run } = this;
    if (this.#rankings.length === 0 || run.questions.openCount >= questionsMax) return;
    const random = this.#random;
    const count = random.pick([1, 1, 2, 3]);
    const rankings = Array.from({ length: count }, () => random.pick(this.#rankings));
    const phrases = rankings.map(({ phrase }) => phrase);
    const question = { phrases, k: random.pick([1, 2, 5, 50]), all: random.chance(0.3) };
    void run.questions.ask(question, rankings);
  }

  #waitForCommits(): void {
    const { committer, window } = this.run.system.stages;
    const left = (): number => {
      const { overload, vector } = committer.skipped;
      return window.lineCount + window.evictedCount + overload + vector;
    };
    const committing = { target: left() + committer.waitingCount, isDone: false };
    this.#committing.push(committing);
    void committer.committedAll().then(() => {
      committing.isDone = true;
      if (left() < committing.target) this.run.onWrong(new Error('committedAll came too early'));
    });
  }

  /** What nobody needs: some shapes that may be in the window, or may have been. */
  #readAhead(): void {
    const { table, readings } = this.run.system.stages;
    const inWindow = [...this.run.system.ledger.shapes].filter(
      (shape) => table.keys[shape] !== undefined && table.windowLines[shape]! > 0,
    );
    readings.readAhead(inWindow.filter(() => this.#random.chance(0.3)));
  }

  #check(): void {
    this.run.check();
    if (!this.run.isOver) return;
    const { system } = this.run;
    assert(system.failure !== undefined);
  }
}
