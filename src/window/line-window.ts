import type { Shape } from './shape-table.ts';
import type { Window, WindowLine, WindowOptions } from './window.ts';

const initialCapacity = 16;

/** Keeps every line, oldest evicted first: a circular buffer that grows up to its bound. */
export class LineWindow implements Window {
  lineCount = 0;
  shapeCount = 0;
  byteCount = 0;
  evictedCount = 0;
  evictedThrough = 0;
  readonly #options: WindowOptions;
  #oldest = 0;
  #capacity: number;
  // One array for each property of a line: no object a line, nothing for the collector to walk.
  #texts: string[];
  #shapes: (Shape | undefined)[];
  #numbers: Float64Array;
  #times: Float64Array;
  #bytes: Uint32Array;

  constructor(options: WindowOptions) {
    this.#options = options;
    this.#capacity = Math.min(initialCapacity, options.maxLines);
    this.#texts = new Array<string>(this.#capacity).fill('');
    this.#shapes = new Array<Shape | undefined>(this.#capacity).fill(undefined);
    this.#numbers = new Float64Array(this.#capacity);
    this.#times = new Float64Array(this.#capacity);
    this.#bytes = new Uint32Array(this.#capacity);
  }

  commit(shape: Shape, text: string, number: number, time: number, bytes: number): void {
    const { maxLines, maxShapes, maxBytes } = this.#options;
    const isNew = shape.windowLines === 0;
    // Counted before any line leaves: the oldest may be the only other line of this very shape.
    shape.windowLines += 1;
    if (this.lineCount === maxLines) this.#evictOldest();
    if (this.lineCount === this.#capacity) this.#grow();
    let slot = this.#oldest + this.lineCount;
    if (slot >= this.#capacity) slot -= this.#capacity;
    this.#texts[slot] = text;
    this.#shapes[slot] = shape;
    this.#numbers[slot] = number;
    this.#times[slot] = time;
    this.#bytes[slot] = bytes;
    this.lineCount += 1;
    this.byteCount += bytes;
    shape.newestText = text;
    shape.newestNumber = number;
    shape.newestTime = time;
    if (isNew) this.shapeCount += 1;
    while (this.shapeCount > maxShapes || (this.byteCount > maxBytes && this.lineCount > 1)) {
      this.#evictOldest();
    }
    if (isNew) this.#options.onEnter(shape);
  }

  *linesOf(shapes: ReadonlySet<Shape>): Generator<WindowLine & { readonly shape: Shape }> {
    for (let age = this.lineCount - 1; age >= 0; age -= 1) {
      const slot = (this.#oldest + age) % this.#capacity;
      const shape = this.#shapes[slot];
      if (shape === undefined || !shapes.has(shape)) continue;
      yield {
        shape,
        text: this.#texts[slot] ?? '',
        number: this.#numbers[slot] ?? 0,
        time: this.#times[slot] ?? 0,
      };
    }
  }

  #evictOldest(): void {
    const slot = this.#oldest;
    const shape = this.#shapes[slot];
    this.#oldest = slot + 1 === this.#capacity ? 0 : slot + 1;
    this.lineCount -= 1;
    this.evictedCount += 1;
    this.byteCount -= this.#bytes[slot] ?? 0;
    this.evictedThrough = this.#numbers[slot] ?? 0;
    this.#texts[slot] = ''; // The text's memory goes now, not when the slot is used again.
    this.#shapes[slot] = undefined;
    if (shape === undefined) return;
    shape.windowLines -= 1;
    if (shape.windowLines > 0) return;
    this.shapeCount -= 1;
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
    const shapes = new Array<Shape | undefined>(capacity).fill(undefined);
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
