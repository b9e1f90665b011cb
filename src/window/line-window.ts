import { timeOfLine } from '../shared/line-time.ts';
import type { ShapeTable } from './shape-table.ts';
import type { Window, WindowLine, WindowOptions } from './window.ts';

const initialCapacity = 16;

/** Keeps every line, oldest evicted first: a circular buffer that grows up to its bound. */
export class LineWindow implements Window {
  readonly keepsEveryLine = true;
  lineCount = 0;
  shapeCount = 0;
  byteCount = 0;
  evictedCount = 0;
  evictedThrough = 0;
  /** Shapes that take a row. */
  #rowCount = 0;
  readonly #table: ShapeTable;
  readonly #options: WindowOptions;
  /** Slot of the oldest line, and its place among all lines that ever entered, modulo 2³². */
  #oldest = 0;
  #oldestPlace = 0;
  #capacity: number;
  // One array for each property of a line: no object a line, nothing for the collector to walk.
  #texts: string[];
  #shapes: Uint32Array;
  #numbers: Float64Array;
  #times: Float64Array;
  #bytes: Uint32Array;

  /** @param options - firstPlace is for tests, which want to see places wrap around */
  constructor(table: ShapeTable, options: WindowOptions & { readonly firstPlace?: number }) {
    this.#table = table;
    this.#options = options;
    this.#oldestPlace = options.firstPlace ?? 0;
    this.#capacity = Math.min(initialCapacity, options.maxLines);
    this.#texts = new Array<string>(this.#capacity).fill('');
    this.#shapes = new Uint32Array(this.#capacity);
    this.#numbers = new Float64Array(this.#capacity);
    this.#times = new Float64Array(this.#capacity);
    this.#bytes = new Uint32Array(this.#capacity);
  }

  commit(shape: number, text: string, number: number, time: number, bytes: number): void {
    const { maxLines, maxShapes, maxRows, maxBytes, takesRow } = this.#options;
    const { windowLines } = this.#table;
    const isNew = windowLines[shape] === 0;
    // Counted before any line leaves: the oldest may be the only other line of this very shape.
    windowLines[shape]! += 1;
    if (this.lineCount === maxLines) this.#evictOldest();
    if (this.lineCount === this.#capacity) this.#grow();
    let slot = this.#oldest + this.lineCount;
    if (slot >= this.#capacity) slot -= this.#capacity;
    this.#texts[slot] = text;
    this.#shapes[slot] = shape;
    this.#numbers[slot] = number;
    this.#times[slot] = time;
    this.#bytes[slot] = bytes;
    this.#table.newest[shape] = this.#oldestPlace + this.lineCount;
    this.lineCount += 1;
    this.byteCount += bytes;
    if (isNew) {
      this.#table.firstTimes[shape] = timeOfLine(text, time);
      this.shapeCount += 1;
      if (takesRow(shape)) this.#rowCount += 1;
    }
    while (
      this.shapeCount > maxShapes ||
      this.#rowCount > maxRows ||
      (this.byteCount > maxBytes && this.lineCount > 1)
    ) {
      this.#evictOldest();
    }
    if (isNew) this.#options.onEnter(shape);
  }

  newestOf(shape: number): WindowLine {
    return this.#lineAt(this.#newestSlot(shape));
  }

  newestNumberOf(shape: number): number {
    return this.#numbers[this.#newestSlot(shape)]!;
  }

  *linesOf(
    shapes: Pick<ReadonlySet<number>, 'has'>,
  ): Generator<WindowLine & { readonly shape: number }> {
    for (let age = this.lineCount - 1; age >= 0; age -= 1) {
      const slot = (this.#oldest + age) % this.#capacity;
      const shape = this.#shapes[slot]!;
      if (shapes.has(shape)) yield { shape, ...this.#lineAt(slot) };
    }
  }

  #newestSlot(shape: number): number {
    const age = (this.#table.newest[shape]! - this.#oldestPlace) >>> 0;
    return (this.#oldest + age) % this.#capacity;
  }

  #lineAt(slot: number): WindowLine {
    return {
      text: this.#texts[slot] ?? '',
      number: this.#numbers[slot]!,
      time: this.#times[slot]!,
    };
  }

  #evictOldest(): void {
    const slot = this.#oldest;
    const shape = this.#shapes[slot]!;
    this.#oldest = slot + 1 === this.#capacity ? 0 : slot + 1;
    this.#oldestPlace = (this.#oldestPlace + 1) >>> 0;
    this.lineCount -= 1;
    this.evictedCount += 1;
    this.byteCount -= this.#bytes[slot]!;
    this.evictedThrough = this.#numbers[slot]!;
    this.#texts[slot] = ''; // The text's memory goes now, not when the slot is used again.
    const { windowLines } = this.#table;
    windowLines[shape]! -= 1;
    if (windowLines[shape]! > 0) return;
    this.shapeCount -= 1;
    if (this.#options.takesRow(shape)) this.#rowCount -= 1;
    this.#options.onLeave(shape);
  }

  #grow(): void {
    const capacity = Math.min(this.#capacity * 2, this.#options.maxLines);
    // In order from the oldest, so that the new buffer starts at slot 0.
    const order = <T>(values: ArrayLike<T>, into: { [slot: number]: T }): void => {
      for (let age = 0; age < this.lineCount; age += 1) {
        into[age] = values[(this.#oldest + age) % this.#capacity] as T;
      }
    };
    const texts = new Array<string>(capacity).fill('');
    const shapes = new Uint32Array(capacity);
    const numbers = new Float64Array(capacity);
    const times = new Float64Array(capacity);
    const bytes = new Uint32Array(capacity);
    order(this.#texts, texts);
    order(this.#shapes, shapes);
    order(this.#numbers, numbers);
    order(this.#times, times);
    order(this.#bytes, bytes);
    this.#texts = texts;
    this.#shapes = shapes;
    this.#numbers = numbers;
    this.#times = times;
    this.#bytes = bytes;
    this.#capacity = capacity;
    this.#oldest = 0;
  }
}
