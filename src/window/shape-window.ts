import { flatCopy } from '../shared/flat-copy.ts';
import type { PhraseLiterals } from '../glance/phrase-literals.ts';
import { LinesKept } from './lines-kept.ts';
import { timeOfLine } from '../shared/line-time.ts';
import type { ShapeTable } from './shape-table.ts';
import type { Window, WindowLine, WindowOptions } from './window.ts';

/** Each text that is a slice may keep a chunk of 64 KiB alive, so only so many stay slices. */
const slicedShapesMax = 128;
const capacityFirst = 1_024;
/** No shape: the ends of the list. */
const none = 0xffffffff;

/**
 * Keeps the newest line and the count of each shape, for a stream of any length: what a one-shot
 * query prints. Shapes go only when there are too many of them or their texts are too long, the
 * one that was seen longest ago first.
 */
export class ShapeWindow implements Window {
  readonly keepsEveryLine = false;
  lineCount = 0;
  shapeCount = 0;
  byteCount = 0;
  evictedCount = 0;
  evictedThrough = 0;
  /** Shapes that take a row. */
  #rowCount = 0;
  readonly #table: ShapeTable;
  readonly #options: WindowOptions;
  readonly #kept = new LinesKept();
  /** Ends of the list of shapes in the order of their newest lines. */
  #oldest = none;
  #newest = none;
  // By shape: its newest line, and its neighbours in that list.
  readonly #texts: string[] = [];
  #numbers = new Float64Array(capacityFirst);
  #times = new Float64Array(capacityFirst);
  #bytes = new Uint32Array(capacityFirst);
  #older = new Uint32Array(capacityFirst).fill(none);
  #newer = new Uint32Array(capacityFirst).fill(none);
  /** Shapes whose text may still be a slice of the chunk it came in. */
  #sliced: number[] = [];
  #isSliced = new Uint8Array(capacityFirst);

  constructor(table: ShapeTable, options: WindowOptions) {
    this.#table = table;
    this.#options = options;
  }

  commit(shape: number, text: string, number: number, time: number, bytes: number): void {
    const { maxShapes, maxRows, maxBytes, takesRow } = this.#options;
    const { windowLines } = this.#table;
    if (shape >= this.#numbers.length) this.#grow(shape);
    const isNew = windowLines[shape] === 0;
    this.lineCount += 1;
    this.byteCount += isNew ? bytes : bytes - this.#bytes[shape]!;
    windowLines[shape]! += 1;
    this.#texts[shape] = text;
    this.#numbers[shape] = number;
    this.#times[shape] = time;
    this.#bytes[shape] = bytes;
    this.#kept.note(shape, text, number, time);
    if (this.#isSliced[shape] === 0) this.#noteSliced(shape);
    if (shape !== this.#newest) this.#moveToNewest(shape);
    if (!isNew && this.byteCount <= maxBytes) return;
    if (isNew) {
      this.#table.firstTimes[shape] = timeOfLine(text, time);
      this.shapeCount += 1;
      if (takesRow(shape)) this.#rowCount += 1;
    }
    while (
      this.shapeCount > maxShapes ||
      this.#rowCount > maxRows ||
      (this.byteCount > maxBytes && this.shapeCount > 1)
    ) {
      this.#evictOldest();
    }
    if (isNew) this.#options.onEnter(shape);
  }

  keepFor(literals: PhraseLiterals): void {
    this.#kept.add(literals);
  }

  newestOf(shape: number): WindowLine {
    return {
      text: this.#texts[shape] ?? '',
      number: this.#numbers[shape]!,
      time: this.#times[shape]!,
    };
  }

  newestNumberOf(shape: number): number {
    return this.#numbers[shape]!;
  }

  *linesOf(
    shapes: Pick<ReadonlySet<number>, 'has'>,
  ): Generator<WindowLine & { readonly shape: number }> {
    for (let shape = this.#newest; shape !== none; shape = this.#older[shape]!) {
      if (!shapes.has(shape)) continue;
      const newest = this.newestOf(shape);
      yield { shape, ...newest };
      for (const line of this.#kept.linesOf(shape)) {
        if (line.number !== newest.number) yield { shape, ...line };
      }
    }
  }

  #noteSliced(shape: number): void {
    this.#isSliced[shape] = 1;
    this.#sliced.push(shape);
    if (this.#sliced.length < slicedShapesMax) return;
    for (const kept of this.#sliced) {
      const text = this.#texts[kept] ?? '';
      this.#texts[kept] = flatCopy(text, this.#bytes[kept]! > text.length ? 2 : 1);
      this.#isSliced[kept] = 0;
    }
    this.#sliced = [];
  }

  #moveToNewest(shape: number): void {
    this.#unlink(shape);
    this.#older[shape] = this.#newest;
    if (this.#newest !== none) this.#newer[this.#newest] = shape;
    this.#newest = shape;
    if (this.#oldest === none) this.#oldest = shape;
  }

  #unlink(shape: number): void {
    const older = this.#older[shape]!;
    const newer = this.#newer[shape]!;
    if (newer !== none) this.#older[newer] = older;
    if (older !== none) this.#newer[older] = newer;
    if (this.#oldest === shape) this.#oldest = newer;
    if (this.#newest === shape) this.#newest = older;
    this.#older[shape] = none;
    this.#newer[shape] = none;
  }

  #evictOldest(): void {
    const shape = this.#oldest;
    if (shape === none) return;
    const { windowLines } = this.#table;
    this.#unlink(shape);
    this.lineCount -= windowLines[shape]!;
    this.evictedCount += windowLines[shape]!;
    this.evictedThrough = this.#numbers[shape]!;
    this.byteCount -= this.#bytes[shape]!;
    this.shapeCount -= 1;
    if (this.#options.takesRow(shape)) this.#rowCount -= 1;
    windowLines[shape] = 0;
    this.#texts[shape] = '';
    this.#kept.forget(shape);
    this.#options.onLeave(shape);
  }

  #grow(shape: number): void {
    const capacity = Math.max(shape + 1, this.#numbers.length * 2);
    const larger = <T extends Uint8Array | Uint32Array | Float64Array>(next: T, old: T): T => {
      next.set(old);
      return next;
    };
    this.#numbers = larger(new Float64Array(capacity), this.#numbers);
    this.#times = larger(new Float64Array(capacity), this.#times);
    this.#bytes = larger(new Uint32Array(capacity), this.#bytes);
    this.#isSliced = larger(new Uint8Array(capacity), this.#isSliced);
    this.#older = larger(new Uint32Array(capacity).fill(none), this.#older);
    this.#newer = larger(new Uint32Array(capacity).fill(none), this.#newer);
  }
}
