/**
 * What becomes of each line, by the book and in plain arrays. Under `block` it follows from the lines
 * alone: the model is only told how far the real parts have come. Where lines are not held back it
 * also hears which of them passed unread or were dropped, which depends on the speed of workers.
 */
import assert from 'node:assert';
import type { OverloadPolicy } from '../../src/window/committer.ts';
import type { GivenUp, Heard, InputLine, PlainHit, WaitingLine } from './heard.ts';
import { answerOf, nearestTo, type PlainAnswer, type Question } from './plain-answer.ts';
import { rankedText, rankedVector, PlainPhrase, type PlainStream } from './plain-ranking.ts';
import { PlainBackground } from './plain-background.ts';
import { PlainWatch } from './plain-watch.ts';
import type { PlainShape, PlainWindow } from './plain-window.ts';
import { idleWords, keyOf, wordOf } from './vocabulary.ts';

export interface ModelOptions {
  readonly mode: 'glance' | 'reading';
  readonly onOverload: OverloadPolicy;
  readonly window: PlainWindow;
  readonly candidatesMin: number;
  readonly glancedCandidatesMin: number;
  readonly likeCandidatesMax: number;
  /** What lines may wait, and for how long where they are not held back. */
  readonly waitingLinesMax: number;
  readonly waitingBytesMax: number;
  readonly patienceMs: number;
}

/** A guess takes some more than what must be read. */
const guessSlack = 0.05;
/** Promises are kept in another precision. */
const closeCall = 1e-6;

export class PlainModel {
  readonly window: PlainWindow;
  readonly hits: PlainHit[] = [];
  readonly skipped = { overload: 0, vector: 0 };
  screenedCount = 0;
  /** Lines handed over, oldest first, but for those that left. */
  waiting: WaitingLine[] = [];
  readonly #options: ModelOptions;
  readonly #phrases = new Map<string, PlainPhrase>();
  #watches: readonly PlainWatch[] = [];
  /** Shapes that were looked at and are not in the window: their line waits, or was dropped. */
  readonly #outside = new Map<string, PlainShape>();
  readonly #background = new PlainBackground();

  constructor(options: ModelOptions) {
    this.#options = options;
    this.window = options.window;
  }

  hear(event: Heard): void {
    if (event.what === 'forgot') {
      if (event.key !== undefined) this.#outside.delete(event.key);
      return;
    }
    const line = this.next();
    assert(line !== undefined, 'a line left that nobody handed over');
    if ('queued' in event) this.#checkPressed(line, event);
    this.waiting.splice(0, this.waiting.indexOf(line) + 1);
    const shape = this.#shapeOf(line);
    if (event.what === 'skipped') {
      assert(this.#isHopeless(shape), `line ${line.number} was skipped`);
      this.skipped.vector += 1;
      return;
    }
    const mustRead = this.#mustRead(shape);
    if (event.what === 'dropped') {
      assert.equal(this.#options.onOverload, 'drop-oldest');
      assert(this.#mustWait(shape, mustRead), `line ${line.number} was dropped without need`);
      this.skipped.overload += 1;
      this.#remember(shape);
      return;
    }
    assert.equal(event.number, line.number, 'committed out of order');
    assert(!this.#isHopeless(shape), `line ${line.number} has no vector and committed`);
    const isRead = event.what === 'committed';
    const mustWait = this.#mustWait(shape, mustRead);
    if (isRead && mustWait) assert(event.isRead, `line ${line.number} committed too early`);
    if (!isRead) this.#passUnread(line, mustWait);
    else for (const watch of mustRead) watch.read(shape, this.#streamWith(shape));
    this.#commit(line, shape, isRead);
  }

  /** The next line to commit. */
  next(): WaitingLine | undefined {
    return this.waiting.find(isKept);
  }

  /** Whether the next line to commit must have its shape read first. */
  nextMustWait(): boolean {
    const line = this.next();
    if (line === undefined) return false;
    const shape = this.#shapeOf(line);
    const stream = this.#streamWith(shape);
    const isPromising = (watch: PlainWatch): boolean => watch.promiseOf(shape, stream) >= 0;
    return this.#mustWait(shape, this.#byMeaning ? this.#watches.filter(isPromising) : []);
  }

  nextKey(): string | undefined {
    const line = this.next();
    return line?.vector === undefined ? keyOf(line?.text ?? '') : undefined;
  }

  /** The next line to commit is looked at, and this reading wanted for it. */
  checkWanted(key: string | undefined): void {
    const line = this.next();
    assert(key !== undefined && key === this.nextKey(), `${key} is read, and is not the next`);
    const shape = this.#shapeOf(line!);
    // What the watches learn here of a glance is what they would learn at the commit.
    this.#remember(shape);
    assert(this.#mustWait(shape, this.#mustRead(shape)), `${key} is read in vain`);
  }

  /**
   * A line was read that waits behind others, and nothing is known of its shape.
   * @param promise - how promising it seemed, undefined where it was not foreseen that it must be read
   */
  checkForeseen(text: string, promise: number | undefined): void {
    if (!this.#byMeaning) {
      assert.equal(promise, 0, 'every shape is read');
      return;
    }
    const shape = this.#shapeOf({ text });
    const stream = this.#stream();
    const raw = Math.max(...this.#watches.map((watch) => watch.promiseOf(shape, stream)));
    if (Math.abs(raw + guessSlack) < closeCall) return;
    // It may be one of those that stand for the stream: which they are is a guess as well.
    const isSampled = promise !== undefined && !this.#isInWindow(shape);
    const isForeseen = raw >= -guessSlack;
    assert(promise !== undefined || !isForeseen, `${shape.key} should be foreseen`);
    if (promise === undefined) return;
    assert(isForeseen || isSampled, `${shape.key} was foreseen in vain`);
    const expected = this.#options.onOverload === 'screen' ? raw : 0;
    const isRight = promise === expected || Math.abs(promise - expected) < closeCall;
    assert(isRight || (isSampled && promise === 0), `${shape.key}: ${promise}, not ${expected}`);
  }

  addWatch(id: number, phrase: string, minScore: number): void {
    const watch = new PlainWatch(id, this.#phrase(phrase), minScore, this.#byMeaning);
    this.#watches = [...this.#watches, watch];
  }

  /** By watch: the glance from which on a shape must be read now. */
  promising(): Map<number, number> {
    const stream = this.#stream();
    return new Map(this.#watches.map((watch) => [watch.id, watch.promising(stream)]));
  }

  removeWatch(id: number): void {
    this.#watches = this.#watches.filter((watch) => watch.id !== id);
  }

  /** As of now. */
  answer(question: Question): PlainAnswer[] {
    const { glancedCandidatesMin: min, likeCandidatesMax: likeMax } = this.#options;
    const stream = this.#stream();
    return question.phrases.map((phrase) =>
      answerOf(this.window, this.#phrase(phrase), question, stream, { min, likeMax }),
    );
  }

  /** Where every shape is read. */
  nearest(question: Question): PlainAnswer[] {
    return question.phrases.map((phrase) => ({
      found: nearestTo(this.window, this.#phrase(phrase), question),
      candidates: [],
    }));
  }

  get #byMeaning(): boolean {
    return this.#options.mode === 'glance';
  }

  #shapeOf({ text, vector }: Pick<InputLine, 'text' | 'vector'>): PlainShape {
    if (vector !== undefined) {
      return { key: undefined, takesRow: true, ...rankedVector(vector, text) };
    }
    const key = keyOf(text)!;
    const view = this.window.shapes().find(({ shape }) => shape.key === key);
    const known = view?.shape ?? this.#outside.get(key);
    const takesRow = !this.#byMeaning;
    return known ?? { key, takesRow, ...rankedText(key, this.#byMeaning) };
  }

  /** What watches know of it they know until nobody has a line of it. */
  #remember(shape: PlainShape): void {
    if (shape.key !== undefined && !this.#isInWindow(shape)) this.#outside.set(shape.key, shape);
  }

  #isInWindow(shape: PlainShape): boolean {
    return this.window.shapes().some((view) => view.shape === shape);
  }

  /** There will never be a vector by which it could be found. */
  #isHopeless({ vector, key }: PlainShape): boolean {
    return vector === undefined && (key === undefined || !this.#byMeaning);
  }

  #mustRead(shape: PlainShape): PlainWatch[] {
    if (!this.#byMeaning) return [];
    const stream = this.#streamWith(shape);
    return this.#watches.filter((watch) => watch.mustRead(shape, stream));
  }

  #mustWait(shape: PlainShape, mustRead: readonly PlainWatch[]): boolean {
    if (shape.key === undefined) return false;
    if (!this.#byMeaning) return !this.#isInWindow(shape);
    return mustRead.length > 0 || (!this.#isInWindow(shape) && this.#background.isNextSampled);
  }

  /** A line is only given up where it is in the way of others, or was so for too long. */
  #checkPressed({ number, handedAt }: WaitingLine, { queued, at }: GivenUp): void {
    const { waitingLinesMax, waitingBytesMax, patienceMs } = this.#options;
    const queue = this.waiting.filter(isKept).slice(0, queued);
    const bytes = queue.reduce((sum, line) => sum + line.bytes, 0);
    const isFull = queued >= waitingLinesMax || bytes >= waitingBytesMax;
    const isLate = at - handedAt >= patienceMs;
    assert(isFull || isLate, `line ${number} was given up after ${at - handedAt} ms`);
  }

  #passUnread({ number }: InputLine, mustWait: boolean): void {
    assert.equal(this.#options.onOverload, 'screen');
    assert(mustWait, `line ${number} passed unread without need`);
    this.screenedCount += 1;
  }

  #commit(line: InputLine, shape: PlainShape, isRead: boolean): void {
    if (shape.key !== undefined) {
      this.#outside.delete(shape.key);
      if (!this.#isInWindow(shape)) this.#background.see(isRead ? shape.vector : undefined);
    }
    this.window.commit({ ...line, shape });
    const stream = this.#stream();
    const hits = this.#watches
      .map((watch) => ({ watch: watch.id, score: watch.judge(shape, stream) }))
      .filter((hit): hit is { watch: number; score: number } => hit.score !== undefined)
      .sort((a, b) => b.score - a.score);
    const { number, time, text } = line;
    if (hits.length > 0) this.hits.push({ line: number, time, text, hits });
  }

  #phrase(phrase: string): PlainPhrase {
    const known = this.#phrases.get(phrase) ?? new PlainPhrase(phrase);
    this.#phrases.set(phrase, known);
    return known;
  }

  #stream(): PlainStream {
    return this.#streamOf(this.window.shapes().map(({ shape }) => shape));
  }

  /** As if this shape were in the window. */
  #streamWith(shape: PlainShape): PlainStream {
    const shapes = this.window.shapes().map((view) => view.shape);
    return this.#streamOf(shapes.includes(shape) ? shapes : [...shapes, shape]);
  }

  #streamOf(shapes: readonly PlainShape[]): PlainStream {
    const texts = shapes.filter(({ key }) => key !== undefined);
    const counts = new Map<number, number>();
    for (const { pieces } of texts) {
      for (const piece of new Set(pieces)) counts.set(piece, (counts.get(piece) ?? 0) + 1);
    }
    return {
      shapeCount: texts.length,
      count: (piece) => counts.get(piece) ?? 0,
      prose: proseOf(counts),
      mean: this.#background.mean,
    };
  }
}

function isKept({ text, vector }: InputLine): boolean {
  return vector !== undefined || keyOf(text) !== undefined;
}

/** The share of words that hold sentences together, from .1 for logs to .22 for prose. */
function proseOf(counts: ReadonlyMap<number, number>): number {
  let words = 240;
  let idle = 240 * 0.08;
  for (const [piece, count] of counts) {
    if (wordOf(piece) === undefined) continue;
    words += count;
    if (idleWords.includes(wordOf(piece)!)) idle += count;
  }
  return Math.min(1, Math.max(0, (idle / words - 0.1) / (0.22 - 0.1)));
}
