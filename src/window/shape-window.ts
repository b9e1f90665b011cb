import { flatCopy } from '../shared/flat-copy.ts';
import type { Shape } from './shape-table.ts';
import type { Window, WindowLine, WindowOptions } from './window.ts';

/** Each text that is a slice may keep a chunk of 64 KiB alive, so only so many stay slices. */
const slicedShapesMax = 128;

/**
 * Keeps the newest line and the count of each shape, for a stream of any length: what a one-shot
 * query prints. Shapes go only when there are too many of them or their texts are too long, the
 * one that was seen longest ago first.
 */
export class ShapeWindow implements Window {
  lineCount = 0;
  shapeCount = 0;
  byteCount = 0;
  evictedCount = 0;
  evictedThrough = 0;
  readonly #options: WindowOptions;
  /** Ends of the list of shapes in the order of their newest lines. */
  #oldest: Shape | undefined;
  #newest: Shape | undefined;
  #sliced: Shape[] = [];

  constructor(options: WindowOptions) {
    this.#options = options;
  }

  commit(shape: Shape, text: string, number: number, time: number, bytes: number): void {
    const { maxShapes, maxBytes } = this.#options;
    this.lineCount += 1;
    this.byteCount += bytes - shape.newestBytes;
    shape.windowLines += 1;
    shape.newestText = text;
    shape.newestNumber = number;
    shape.newestTime = time;
    shape.newestBytes = bytes;
    if (!shape.isSliced) this.#noteSliced(shape);
    if (shape !== this.#newest) this.#moveToNewest(shape);
    if (shape.windowLines > 1 && this.byteCount <= maxBytes) return;
    if (shape.windowLines === 1) this.shapeCount += 1;
    while (this.shapeCount > maxShapes || (this.byteCount > maxBytes && this.shapeCount > 1)) {
      this.#evictOldest();
    }
    if (shape.windowLines === 1) this.#options.onEnter(shape);
  }

  *linesOf(shapes: ReadonlySet<Shape>): Generator<WindowLine & { readonly shape: Shape }> {
    for (let shape = this.#newest; shape !== undefined; shape = shape.older) {
      if (!shapes.has(shape)) continue;
      const { newestText: text, newestNumber: number, newestTime: time } = shape;
      yield { shape, text, number, time };
    }
  }

  #noteSliced(shape: Shape): void {
    shape.isSliced = true;
    this.#sliced.push(shape);
    if (this.#sliced.length < slicedShapesMax) return;
    for (const kept of this.#sliced) {
      kept.newestText = flatCopy(
        kept.newestText,
        kept.newestBytes > kept.newestText.length ? 2 : 1,
      );
      kept.isSliced = false;
    }
    this.#sliced = [];
  }

  #moveToNewest(shape: Shape): void {
    this.#unlink(shape);
    shape.older = this.#newest;
    if (this.#newest !== undefined) this.#newest.newer = shape;
    this.#newest = shape;
    this.#oldest ??= shape;
  }

  #unlink(shape: Shape): void {
    if (shape.newer !== undefined) shape.newer.older = shape.older;
    if (shape.older !== undefined) shape.older.newer = shape.newer;
    if (this.#oldest === shape) this.#oldest = shape.newer;
    if (this.#newest === shape) this.#newest = shape.older;
    shape.older = undefined;
    shape.newer = undefined;
  }

  #evictOldest(): void {
    const shape = this.#oldest;
    if (shape === undefined) return;
    this.#unlink(shape);
    this.lineCount -= shape.windowLines;
    this.evictedCount += shape.windowLines;
    this.evictedThrough = shape.newestNumber;
    this.byteCount -= shape.newestBytes;
    this.shapeCount -= 1;
    shape.windowLines = 0;
    shape.newestBytes = 0;
    this.#options.onLeave(shape);
  }
}
