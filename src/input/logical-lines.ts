/**
 * Joins the physical lines of a record: stack traces, indented blocks, PEM, parts that a container's
 * runtime cut (open-event.ts tells what belongs together). A batch in which nothing may be joined
 * passes as it came.
 */
import { criLineOf, isCriPart } from './cri-line.ts';
import { textMayJoin } from './first-bytes.ts';
import type { LineBatch } from './line-batch.ts';
import { OpenEvent, type EventBounds } from './open-event.ts';
import type { BatchForms } from './line-batch.ts';

/** Every so many lines it is looked whether they come from a container's runtime. */
const criEvery = 256;

export class LogicalLines {
  /** Lines that were joined to the line above so far. */
  joinedLines = 0;
  readonly #event: OpenEvent;
  #isOpen = false;
  /** Number of the line from which on lines come from a container's runtime: they may be parts. */
  #criFrom = Infinity;
  /** Of the batch that the open event began in. */
  #time = 0;
  #bytesPerChar: 1 | 2 = 1;
  /** Number behind the last line that was taken in. */
  #nextNumber = 1;
  #texts: string[] = [];
  #numbers: number[] = [];

  constructor(bounds: EventBounds) {
    this.#event = new OpenEvent(bounds);
  }

  /** How long what is held back may wait for more; undefined where nothing is. */
  get waitMs(): number | undefined {
    return this.#isOpen ? this.#event.waitMs : undefined;
  }

  /** @returns what is complete; its last line may be held back for what follows */
  push(batch: LineBatch, { mayJoin, next }: BatchForms): LineBatch[] {
    this.#lookForCri(batch);
    if (mayJoin || this.#criFrom < Infinity || (this.#isOpen && this.#event.isActive)) {
      return this.#join(batch, next);
    }
    const done = this.flush();
    const rest = next === 'anew' ? batch : this.#holdLast(batch, next);
    if (rest.texts.length > 0) done.push(rest);
    return done;
  }

  /** What was held back, as it is. */
  flush(): LineBatch[] {
    if (!this.#isOpen) return [];
    this.#emit();
    return [this.#take(this.#time, this.#bytesPerChar)];
  }

  #holdLast(batch: LineBatch, next: BatchForms['next']): LineBatch {
    const { texts, firstNumber } = batch;
    const last = texts.length - 1;
    this.#open(texts[last] ?? '', firstNumber + last, false);
    this.#startIn(batch);
    if (next === 'nothing' && this.#event.waitMs === 0) {
      this.#isOpen = false;
      return batch;
    }
    return { ...batch, texts: texts.slice(0, last) };
  }

  #join(batch: LineBatch, next: BatchForms['next']): LineBatch[] {
    const { texts, firstNumber, bytesPerChar } = batch;
    const done: LineBatch[] = [];
    let isEarlier = this.#isOpen;
    for (let index = 0; index < texts.length; index += 1) {
      const text = texts[index] ?? '';
      const number = firstNumber + index;
      const may = textMayJoin(text) || this.#isPart(text, number);
      if (this.#isOpen && (may || this.#event.isActive) && this.#continues(text, number)) {
        if (isEarlier && bytesPerChar === 2) this.#bytesPerChar = 2;
        this.#nextNumber = number + 1;
        continue;
      }
      if (this.#isOpen) this.#emit();
      if (isEarlier) {
        done.push(this.#take(this.#time, this.#bytesPerChar));
        this.#startIn(batch);
        isEarlier = false;
      }
      this.#open(text, number, may);
    }
    if (this.#canEnd(next)) this.#emit();
    if (!isEarlier) this.#startIn(batch);
    if (this.#texts.length > 0) done.push(this.#take(this.#time, this.#bytesPerChar));
    return done;
  }

  #canEnd(next: BatchForms['next']): boolean {
    if (next === 'anew') return !this.#event.isActive;
    return next === 'nothing' && this.#event.waitMs === 0;
  }

  /** Whether a line belongs to the open event; where that is full, it goes on in another one. */
  #continues(text: string, number: number): boolean {
    const event = this.#event;
    if (text.trim() === '') return event.takeBlank(text);
    if (event.take(text)) return true;
    if (!event.isFullFor(text)) return false;
    this.#emit();
    event.goOn(text, number);
    this.#isOpen = true;
    return true;
  }

  #isPart(text: string, number: number): boolean {
    return number >= this.#criFrom && isCriPart(text);
  }

  /** @param may - it may open a block */
  #open(text: string, number: number, may: boolean): void {
    if (may) this.#event.beginBlock(text, number);
    else this.#event.begin(text, number);
    this.#isOpen = true;
    this.#nextNumber = number + 1;
  }

  #startIn({ time, bytesPerChar }: LineBatch): void {
    this.#time = time;
    this.#bytesPerChar = bytesPerChar;
  }

  /** The open event is complete. Blank lines behind it are lines of their own. */
  #emit(): void {
    const { text, number, blanks, lineCount } = this.#event;
    this.#texts.push(text);
    this.#numbers.push(number);
    this.#isOpen = false;
    if (lineCount === 1 && blanks.length === 0) return;
    this.#texts.push(...blanks);
    for (let i = blanks.length; i > 0; i -= 1) this.#numbers.push(this.#nextNumber - i);
    this.joinedLines += lineCount - 1;
    this.#event.blanks = [];
  }

  /** What is complete, as a batch. */
  #take(time: number, bytesPerChar: 1 | 2): LineBatch {
    const texts = this.#texts;
    const numbers = this.#numbers;
    const firstNumber = numbers[0] ?? this.#nextNumber;
    const end = this.#isOpen ? this.#event.number : this.#nextNumber;
    this.#texts = [];
    this.#numbers = [];
    const batch = { texts, firstNumber, time, bytesPerChar };
    if (end - firstNumber === texts.length) return batch;
    numbers.push(end);
    return { ...batch, numbers };
  }

  /** Looked for at lines of fixed numbers, so that it does not depend on how lines came. */
  #lookForCri({ texts, firstNumber }: LineBatch): void {
    const first = (criEvery - ((firstNumber - 1) % criEvery)) % criEvery;
    for (let index = first; this.#criFrom === Infinity && index < texts.length; index += criEvery) {
      if (criLineOf(texts[index] ?? '') !== undefined) this.#criFrom = firstNumber + index;
    }
  }
}
