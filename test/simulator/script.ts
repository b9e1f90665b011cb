/**
 * One input, with watches and questions at fixed places of it, for systems that differ in speed: in
 * workers, delays, accidents, rows and how much they take in at a time. Holding lines back, all must
 * give the same bytes.
 */
import assert from 'node:assert';
import type { PhraseRanking } from '../../src/rank/ranking.ts';
import { dimensions } from './fake-model.ts';
import { randomMinScore, randomPhrase, randomText, randomVector } from './lines.ts';
import type { PlainFound, Question } from './plain-answer.ts';
import type { InputLine } from './heard.ts';
import { Random } from './random.ts';
import { Run } from './run.ts';
import { chooseScenario, type Scenario } from './scenario.ts';

type Act =
  | { readonly what: 'lines'; readonly lines: readonly InputLine[] }
  | { readonly what: 'raw'; readonly line: InputLine & { readonly vector: Float32Array } }
  | {
      readonly what: 'watch';
      readonly id: number;
      readonly phrase: string;
      readonly minScore: number;
    }
  | { readonly what: 'unwatch'; readonly id: number }
  | { readonly what: 'ask'; readonly question: Question };

/** What the answers depend on: the input, and the bounds of the window. */
export interface Script {
  readonly scenario: Scenario;
  readonly acts: readonly Act[];
}

export function writeScript(random: Random): Script {
  const scenario: Scenario = { ...chooseScenario(random), onOverload: 'block', hangShare: 0 };
  const acts: Act[] = [];
  const watches: number[] = [];
  let number = scenario.firstNumber;
  const line = (): InputLine => {
    const text = randomText(random, scenario);
    return { number: number++, time: random.between(0, 9), text, bytes: text.length * 2 };
  };
  for (let i = random.between(10, 60); i > 0; i -= 1) {
    const dice = random.next();
    if (dice < 0.6) {
      const lines = Array.from({ length: random.between(1, 40) }, line);
      acts.push({ what: 'lines', lines: lines.map((one) => ({ ...one, time: lines[0]!.time })) });
    } else if (dice < 0.6 + scenario.rawShare / 2) {
      const vector = randomVector(random, dimensions, scenario.badShare);
      acts.push({ what: 'raw', line: { ...line(), vector } });
    } else if (dice < 0.75) {
      const [phrase, minScore] = [randomPhrase(random, scenario), randomMinScore(random)];
      watches.push(i);
      acts.push({ what: 'watch', id: i, phrase, minScore });
    } else if (dice < 0.8 && watches.length > 0) {
      acts.push({ what: 'unwatch', id: watches.shift()! });
    } else {
      const phrases = Array.from({ length: random.between(1, 3) }, () =>
        randomPhrase(random, scenario),
      );
      const question = { phrases, k: random.pick([1, 2, 5, 50]), all: random.chance(0.3) };
      acts.push({ what: 'ask', question });
    }
  }
  return { scenario, acts };
}

/** A system of another speed for the same script. */
export function equip({ scenario, acts }: Script, random: Random): Scenario {
  const other = chooseScenario(random);
  const { urgentRows, leasedRowsMax } = other.limits;
  // Where rows stand for lines of the window, the answers depend on how many there are.
  const isWindow = scenario.mode === 'reading' || acts.some(({ what }) => what === 'raw');
  return {
    ...{ ...other, ...scenario, failsOnce: true },
    ...{ workersMax: other.workersMax, delayMsMax: other.delayMsMax, bounds: other.bounds },
    ...{ failureShare: other.failureShare, pauseShare: other.pauseShare },
    limits: { ...scenario.limits, urgentRows, leasedRowsMax },
    rows: isWindow ? scenario.rows : other.rows,
  };
}

export class Player {
  readonly #run: Run;
  readonly #random: Random;
  readonly #acts: readonly Act[];
  readonly #answers: (readonly PlainFound[][])[] = [];

  constructor({ acts }: Script, scenario: Scenario, random: Random) {
    this.#run = new Run(scenario, random);
    this.#random = random;
    this.#acts = acts;
  }

  /** @returns all that is printed */
  async play(): Promise<string> {
    for (const act of this.#acts) await this.#perform(act);
    await this.#run.finish();
    assert(!this.#run.isOver);
    return JSON.stringify([this.#run.system.hits, this.#answers], null, 1);
  }

  async #perform(act: Act): Promise<void> {
    const run = this.#run;
    switch (act.what) {
      case 'lines':
        await this.#feed(act.lines);
        return;
      case 'raw':
        await this.#until(() => run.feedRaw(act.line));
        return;
      case 'watch': {
        await this.#committed();
        const [ranking] = await this.#open([act.phrase]);
        run.catchUp();
        run.model.addWatch(act.id, act.phrase, act.minScore);
        run.system.addWatch(act.id, ranking!, act.minScore);
        return;
      }
      case 'unwatch':
        await this.#committed();
        run.catchUp();
        run.model.removeWatch(act.id);
        run.system.removeWatch(act.id);
        return;
      case 'ask':
        await this.#ask(act.question);
    }
  }

  async #feed(lines: readonly InputLine[]): Promise<void> {
    for (let from = 0; from < lines.length;) {
      const to = from + this.#random.pick([1, 7, 1_000]);
      this.#run.feed(lines.slice(from, to), 2);
      await this.#until(() => !this.#run.isFeeding);
      from = to;
    }
  }

  /** Goes on as soon as the window may change again. */
  async #ask(question: Question): Promise<void> {
    const { questions, system } = this.#run;
    await this.#committed();
    const rankings = await this.#open(question.phrases);
    const place = this.#answers.push([]) - 1;
    void questions.ask(question, rankings).then((found) => {
      this.#answers[place] = found;
    });
    const isFrozen = system.stages.ranking.name === 'meaning';
    await this.#until(() => (isFrozen ? !questions.hasQueued : questions.openCount === 0));
  }

  async #open(phrases: readonly string[]): Promise<readonly PhraseRanking[]> {
    let rankings: readonly PhraseRanking[] | undefined;
    const opening = Promise.all(phrases.map((phrase) => this.#run.system.phrases.open(phrase)));
    void opening.then((opened) => (rankings = opened));
    await this.#until(() => rankings !== undefined);
    return await opening;
  }

  async #committed(): Promise<void> {
    await this.#until(() => this.#run.system.stages.committer.waitingCount === 0);
  }

  async #until(isSo: () => boolean): Promise<void> {
    for (let goesOn = true; !isSo(); goesOn = this.#run.clock.advance()) {
      assert(goesOn, 'the script got stuck');
      await this.#run.settle();
    }
  }
}
