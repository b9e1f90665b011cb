/** What each kind of window must hold, as plain arrays: slow, and simple enough to be right. */
import type { Ranked } from './plain-ranking.ts';

/** A shape for as long as it is in the window; if it comes back it is another. */
export interface PlainShape extends Ranked {
  /** Undefined for a shape whose vector came from outside. */
  readonly key: string | undefined;
  readonly takesRow: boolean;
}

export interface PlainLine {
  readonly shape: PlainShape;
  readonly text: string;
  readonly number: number;
  readonly time: number;
  readonly bytes: number;
}

export interface WindowBounds {
  readonly maxLines: number;
  readonly maxShapes: number;
  readonly maxRows: number;
  readonly maxBytes: number;
}

/** A shape of the window as a query shows it. */
export interface ShapeView {
  readonly shape: PlainShape;
  readonly count: number;
  readonly newest: PlainLine;
}

export interface PlainWindow {
  evictedCount: number;
  evictedThrough: number;
  commit(line: PlainLine): void;
  /** What can be told line by line, oldest first. */
  lines(): readonly PlainLine[];
  lineCount(): number;
  byteCount(): number;
  shapes(): readonly ShapeView[];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

function areTooMany(shapes: Iterable<PlainShape>, { maxShapes, maxRows }: WindowBounds): boolean {
  const all = [...shapes];
  return all.length > maxShapes || all.filter(({ takesRow }) => takesRow).length > maxRows;
}

export class PlainLineWindow implements PlainWindow {
  evictedCount = 0;
  evictedThrough = 0;
  readonly #bounds: WindowBounds;
  readonly #lines: PlainLine[] = [];

  constructor(bounds: WindowBounds) {
    this.#bounds = bounds;
  }

  commit(line: PlainLine): void {
    this.#lines.push(line);
    while (this.#isTooMuch()) {
      const oldest = this.#lines.shift()!;
      this.evictedCount += 1;
      this.evictedThrough = oldest.number;
    }
  }

  lines(): readonly PlainLine[] {
    return this.#lines;
  }

  lineCount(): number {
    return this.#lines.length;
  }

  byteCount(): number {
    return sum(this.#lines.map(({ bytes }) => bytes));
  }

  shapes(): readonly ShapeView[] {
    const views = new Map<PlainShape, ShapeView>();
    for (const line of this.#lines) {
      const count = (views.get(line.shape)?.count ?? 0) + 1;
      views.set(line.shape, { shape: line.shape, count, newest: line });
    }
    return [...views.values()];
  }

  #isTooMuch(): boolean {
    const { maxLines, maxBytes } = this.#bounds;
    return (
      this.#lines.length > maxLines ||
      areTooMany(new Set(this.#lines.map(({ shape }) => shape)), this.#bounds) ||
      (this.byteCount() > maxBytes && this.#lines.length > 1)
    );
  }
}

export class PlainShapeWindow implements PlainWindow {
  evictedCount = 0;
  evictedThrough = 0;
  readonly #bounds: WindowBounds;
  /** In the order of their newest lines. */
  #views: ShapeView[] = [];

  constructor(bounds: WindowBounds) {
    this.#bounds = bounds;
  }

  commit(line: PlainLine): void {
    const known = this.#views.find(({ shape }) => shape === line.shape);
    this.#views = this.#views.filter((view) => view !== known);
    this.#views.push({ shape: line.shape, count: (known?.count ?? 0) + 1, newest: line });
    const { maxBytes } = this.#bounds;
    while (
      areTooMany(
        this.#views.map(({ shape }) => shape),
        this.#bounds,
      ) ||
      (this.byteCount() > maxBytes && this.#views.length > 1)
    ) {
      const oldest = this.#views.shift()!;
      this.evictedCount += oldest.count;
      this.evictedThrough = oldest.newest.number;
    }
  }

  lines(): readonly PlainLine[] {
    return this.#views.map(({ newest }) => newest);
  }

  lineCount(): number {
    return sum(this.#views.map(({ count }) => count));
  }

  byteCount(): number {
    return sum(this.#views.map(({ newest }) => newest.bytes));
  }

  shapes(): readonly ShapeView[] {
    return this.#views;
  }
}
