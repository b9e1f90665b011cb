/** Questions that go on while lines commit and readings come and go. */
import assert from 'node:assert';
import { isDeepStrictEqual } from 'node:util';
import type { PhraseRanking } from '../../src/rank/ranking.ts';
import { checkAnswer } from './checks.ts';
import type { PlainAnswer, PlainFound, Question } from './plain-answer.ts';
import type { PlainModel } from './plain-model.ts';
import type { System } from './system.ts';

interface OpenQuestion {
  readonly question: Question;
  /** Of the moment when it began. */
  expected: readonly PlainAnswer[] | undefined;
}

type Keys = ReadonlySet<string | undefined>;

interface QuestionsHost {
  /** Nobody answers any more. */
  readonly isEnding: boolean;
  /** Lets the model hear what happened until now. */
  catchUp(): void;
  onWrong(error: unknown): void;
}

export class Questions {
  answeredCount = 0;
  readonly #system: System;
  readonly #model: PlainModel;
  readonly #host: QuestionsHost;
  readonly #open = new Set<OpenQuestion>();
  /** By what a question listened for: how much that was when it was taken for an answer's. */
  readonly #takenSizes = new Map<Keys, number>();
  /** Those that have not begun. */
  readonly #queued: OpenQuestion[] = [];

  constructor(system: System, model: PlainModel, host: QuestionsHost) {
    this.#system = system;
    this.#model = model;
    this.#host = host;
    system.onStill = () => {
      const begun = this.#queued.shift();
      if (begun !== undefined) begun.expected = this.#answerNow(begun.question);
    };
  }

  get openCount(): number {
    return this.#open.size;
  }

  /** Whether one has yet to begin. */
  get hasQueued(): boolean {
    return this.#queued.length > 0;
  }

  ask(question: Question, rankings: readonly PhraseRanking[]): Promise<readonly PlainFound[][]> {
    this.#host.catchUp();
    const open: OpenQuestion = { question, expected: undefined };
    this.#open.add(open);
    const { searcher } = this.#system.stages;
    this.#queued.push(open);
    const searching = searcher.find(rankings, question.k, question.all);
    return searching.then(
      (events) => {
        const found = events.map((one) =>
          one.map(({ score, count, line, lines }): PlainFound => ({
            score,
            count,
            newest: line,
            lines,
          })),
        );
        this.#open.delete(open);
        this.#check(open, found);
        return found;
      },
      (error: unknown) => {
        this.#open.delete(open);
        const { failure } = this.#system;
        if (failure === undefined ? !this.#host.isEnding : error !== failure)
          this.#host.onWrong(error);
        return [];
      },
    );
  }

  #check(open: OpenQuestion, found: PlainFound[][]): void {
    try {
      this.#host.catchUp();
      assert(open.expected !== undefined, 'a question was answered before it began');
      this.#checkCandidates(open.expected);
      checkAnswer(
        found,
        open.expected.map((answer) => answer.found),
      );
      this.answeredCount += 1;
    } catch (error) {
      this.#host.onWrong(error);
    }
  }

  /** One of those that listened asked for these very shapes. */
  #checkCandidates(answers: readonly PlainAnswer[]): void {
    const { listened } = this.#system;
    const expected = new Set(answers.flatMap(({ candidates }) => candidates));
    if (expected.size === 0) return;
    // One that grows after it was taken was another's, which had not listened for all then.
    const isFree = (keys: Keys): boolean => this.#takenSizes.get(keys) !== keys.size;
    const own = [...listened.values()].find(
      (keys) => isFree(keys) && isDeepStrictEqual(keys, expected),
    );
    assert(own !== undefined, `no question had ${[...expected].join()} read`);
    this.#takenSizes.set(own, own.size);
  }

  #answerNow(question: Question): readonly PlainAnswer[] | undefined {
    try {
      this.#host.catchUp();
      const { ranking } = this.#system.stages;
      return ranking.name === 'cosine'
        ? this.#model.nearest(question)
        : this.#model.answer(question);
    } catch (error) {
      this.#host.onWrong(error);
      return undefined;
    }
  }
}
