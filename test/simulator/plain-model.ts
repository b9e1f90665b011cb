/**
 * What becomes of each line, kept in plain arrays. It hears of the same things at the same moments
 * as the real parts (a line was read, a worker took work, answered, failed), follows their rules in
 * the simplest way, and throws where the real parts did something else.
 */
import assert from 'node:assert';
import type { PlainLine, PlainShape, PlainWindow } from './plain-window.ts';

export interface ModelOptions {
  readonly rowCount: number;
  readonly firstGeneration: number;
  readonly waitingLinesMax: number;
  readonly waitingBytesMax: number;
  readonly dropsOldest: boolean;
  readonly window: PlainWindow;
}

/** A line that was handed over and not accepted yet. */
export interface InputLine {
  readonly number: number;
  readonly text: string;
  readonly bytes: number;
}

/** The stand-in for masking: a line's first word is its shape. */
export function keyOf(text: string): string | undefined {
  return text === '' ? undefined : text.split(' ', 1)[0]!;
}

export class PlainModel {
  readonly window: PlainWindow;
  pending: InputLine[] = [];
  waiting: PlainLine[] = [];
  /** Each shape that has a row. */
  shapes: PlainShape[] = [];
  readCount = 0;
  knownCount = 0;
  embeddedCount = 0;
  /** Lines that left the waiting ones. */
  leftCount = 0;
  readonly skipped = { empty: 0, overload: 0, vector: 0 };
  /** A request failed twice, or two workers failed to start: the pool must have said so. */
  mustHaveFailed = false;
  readonly generations: Uint32Array;
  readonly #options: ModelOptions;
  readonly #freed: number[] = [];
  #unusedRow = 0;
  #lastRead = 0;
  #lastCommitted = 0;
  /** Commits of which the real parts have not told yet. */
  readonly #foreseen: number[] = [];
  #startFailures = 0;
  readonly #failedPhrases: string[] = [];

  constructor(options: ModelOptions) {
    this.#options = options;
    this.window = options.window;
    this.generations = new Uint32Array(options.rowCount).fill(options.firstGeneration);
  }

  /** Every line up to here is decided. */
  lastNumber(): number {
    return this.waiting.length === 0 ? this.#lastRead : this.waiting[0]!.number - 1;
  }

  /**
   * The next line is looked at; perhaps it must wait outside and is looked at again.
   * @param realReadCount - lags behind while a slice of lines is under way
   */
  look(text: string, realReadCount: number): void {
    const line = this.pending[0];
    assert(line?.text === text, `looked at ${text}, next is ${String(line?.text)}`);
    if (realReadCount === this.readCount) this.skipRejected();
    const key = keyOf(text);
    if (key === undefined) {
      this.skipped.empty += 1;
      this.#read();
      return;
    }
    if (this.waiting.length > 0 && !this.#makeRoom()) return;
    let shape = this.shapes.find((known) => known.key === key);
    if (shape === undefined) {
      shape = this.#newShape(key);
      if (shape === undefined) return;
    } else {
      this.knownCount += 1;
    }
    this.#read();
    this.waiting.push({ shape, ...line });
  }

  /** A line whose vector is there already. */
  raw(line: InputLine, isStored: boolean): number {
    this.skipRejected();
    const shape = this.#newShape(undefined)!;
    shape.state = isStored ? 'ready' : 'rejected';
    this.readCount += 1;
    this.#lastRead = line.number;
    this.waiting.push({ shape, ...line });
    return shape.row;
  }

  hasFreeRow(): boolean {
    return this.#freed.length > 0 || this.#unusedRow < this.#options.rowCount;
  }

  committed(number: number): void {
    const foreseen = this.#foreseen.shift();
    if (foreseen === undefined) this.#commit();
    assert.equal(number, foreseen ?? this.#lastCommitted, 'committed out of order');
  }

  sent(texts: readonly string[], rows: readonly number[]): void {
    for (const [index, text] of texts.entries()) {
      const shape = this.shapes.find(({ key }) => key === text);
      assert(shape?.state === 'queued', `sent ${text}, which is ${String(shape?.state)}`);
      assert.equal(rows[index], shape.row, `row of ${text}`);
      shape.state = 'sent';
    }
  }

  done(texts: readonly string[], stored: Uint8Array): void {
    for (const [index, text] of texts.entries()) {
      const shape = this.shapes.find(({ key }) => key === text);
      assert(shape?.state === 'sent', `answered ${text}, which is ${String(shape?.state)}`);
      shape.state = stored[index] === 1 ? 'ready' : 'rejected';
      this.embeddedCount += 1;
      this.#release(shape);
    }
  }

  failed(texts: readonly string[]): void {
    for (const shape of this.shapes.filter(({ key }) => key !== undefined && texts.includes(key))) {
      shape.state = 'queued';
      shape.failures += 1;
      if (shape.failures > 1) this.mustHaveFailed = true;
    }
  }

  phraseFailed(phrase: string): void {
    if (this.#failedPhrases.includes(phrase)) this.mustHaveFailed = true;
    this.#failedPhrases.push(phrase);
  }

  startFailed(): void {
    this.#startFailures += 1;
    if (this.#startFailures > 1) this.mustHaveFailed = true;
  }

  /** Once all is still: does the oldest waiting line have to wait, and the next one outside? */
  assertStuckForAReason(): void {
    this.skipRejected();
    const [oldest] = this.waiting;
    assert(oldest?.shape.state !== 'ready', `line ${String(oldest?.number)} should have committed`);
    const [next] = this.pending;
    if (next === undefined) return;
    const isFull = this.waiting.length > 0 && this.#isFull() && !this.#options.dropsOldest;
    const isKnown = this.shapes.some(({ key }) => key === keyOf(next.text));
    const needsRow = keyOf(next.text) !== undefined && !isKnown && !this.hasFreeRow();
    assert(isFull || needsRow, `line ${next.number} should have been accepted`);
  }

  /** The oldest waiting lines whose vector could not be stored go without a word. */
  skipRejected(): void {
    while (this.waiting[0]?.shape.state === 'rejected') {
      const { shape } = this.waiting.shift()!;
      this.leftCount += 1;
      this.skipped.vector += 1;
      this.#release(shape);
    }
  }

  #read(): void {
    this.readCount += 1;
    this.#lastRead = this.pending.shift()!.number;
  }

  #isFull(): boolean {
    const { waitingLinesMax, waitingBytesMax } = this.#options;
    const bytes = this.waiting.reduce((sum, line) => sum + line.bytes, 0);
    return this.waiting.length >= waitingLinesMax || bytes >= waitingBytesMax;
  }

  #makeRoom(): boolean {
    while (this.#isFull()) {
      if (!this.#options.dropsOldest) return false;
      this.#dropOldest();
    }
    return true;
  }

  #commit(): void {
    this.skipRejected();
    const line = this.waiting.shift();
    assert(line?.shape.state === 'ready', 'committed a line before its vector was there');
    this.#lastCommitted = line.number;
    this.leftCount += 1;
    for (const shape of this.window.commit(line)) this.#release(shape);
  }

  /** A line that only waits for its turn commits now instead. */
  #dropOldest(): void {
    const { shape } = this.waiting[0]!;
    if (shape.state === 'ready') {
      this.#commit();
      this.#foreseen.push(this.#lastCommitted);
      return;
    }
    this.leftCount += 1;
    this.waiting.shift();
    if (shape.state === 'rejected') {
      this.skipped.vector += 1;
      this.#release(shape);
      return;
    }
    this.skipped.overload += 1;
    this.#release(shape);
  }

  #newShape(key: string | undefined): PlainShape | undefined {
    while (!this.hasFreeRow() && this.#options.dropsOldest && this.waiting.length > 0) {
      this.#dropOldest();
    }
    if (!this.hasFreeRow()) return undefined;
    const row = this.#freed.length > 0 ? this.#freed.shift()! : this.#unusedRow++;
    this.generations[row]! += 1;
    const generation = this.generations[row]!;
    const shape: PlainShape = { key, row, generation, state: 'queued', failures: 0 };
    this.shapes.push(shape);
    return shape;
  }

  #release(shape: PlainShape): void {
    if (this.window.shapes().some((view) => view.shape === shape)) return;
    if (this.waiting.some((line) => line.shape === shape)) return;
    if (shape.state === 'sent') return; // The worker owns the row until it answers.
    this.shapes = this.shapes.filter((other) => other !== shape);
    this.#freed.push(shape.row);
  }
}
