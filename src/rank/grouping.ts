/** Which events shapes belong to at one moment, and how many lines each has. */
import type { Events } from '../events/events.ts';
import type { Frequencies } from '../glance/document-frequencies.ts';
import type { WordIds } from '../glance/key-reader.ts';
import { tokensPerRowMax } from '../shared/limits.ts';
import { Slices } from '../shared/slices.ts';
import type { ShapeTable } from '../window/shape-table.ts';

export interface GroupingOptions {
  readonly table: ShapeTable;
  /** Undefined where each different line is to stand alone. */
  readonly events: Events | undefined;
  /** Undefined where shapes have no wordpieces. */
  readonly wordIds: WordIds | undefined;
  /** When the newest line of a shape came. */
  readonly newestTimeOf: (shape: number) => number;
}

/** What a shape is told as. */
export interface EventOfShape {
  /** The same for shapes of one event. */
  readonly event: number | string;
  /** Lines of the event. */
  readonly count: number;
  /** When the first of them came, in milliseconds since 1970. */
  readonly first: number;
  /** When the last of them came. */
  readonly last: number;
  /** Its shapes. */
  readonly members: readonly number[];
}

/** Of an event, while its lines are added up. */
interface OpenCount {
  count: number;
  first: number;
  last: number;
  readonly members: number[];
}

/** Shapes between two looks at the clock. */
const shapesAStep = 64;

export class Grouping {
  readonly #options: GroupingOptions;

  constructor(options: GroupingOptions) {
    this.#options = options;
  }

  /** Each shape by itself. */
  alone(shapes: readonly number[]): Map<number, EventOfShape> {
    return new Map(shapes.map((shape) => [shape, this.#alone(shape)]));
  }

  /** What a shape says; undefined of a vector from outside. */
  keyOf(shape: number): string | undefined {
    return this.#options.table.keys[shape];
  }

  #alone(shape: number): EventOfShape {
    const count = this.#options.table.windowLines[shape]!;
    return { event: `shape ${shape}`, count, ...this.timesOf(shape), members: [shape] };
  }

  /** When the first and the last line of a shape came. */
  timesOf(shape: number): Pick<EventOfShape, 'first' | 'last'> {
    const { table, newestTimeOf } = this.#options;
    return { first: table.firstTimes[shape]!, last: newestTimeOf(shape) };
  }

  /** The event of a shape as of now, if other shapes may be of it. */
  openEventOf(shape: number): number | undefined {
    const { table, events } = this.#options;
    const key = table.keys[shape];
    if (key === undefined || events === undefined) return undefined;
    const event = events.eventOf(key);
    return events.isOpen ? event : undefined;
  }

  /**
   * The window stays as it is meanwhile.
   * @param shapes - of the window
   */
  async of(
    shapes: readonly number[],
    frequencies: Frequencies,
  ): Promise<Map<number, EventOfShape>> {
    const { table } = this.#options;
    const eventOf = new Map<number, number | undefined>();
    /** Lines of events of which other shapes may be part. */
    const open = new Map<number, OpenCount>();
    const telling = new Uint8Array(2 ** 16);
    for (const shape of shapes) {
      const event = this.openEventOf(shape);
      eventOf.set(shape, event);
      if (event === undefined) continue;
      if (!open.has(event)) this.#markTelling(table.keys[shape]!, frequencies, telling);
      open.set(event, { count: 0, first: Infinity, last: -Infinity, members: [] });
    }
    if (open.size > 0) await this.#countOpen(open, telling);
    const told = new Map<number, EventOfShape>();
    for (const [shape, event] of eventOf) {
      told.set(shape, event === undefined ? this.#alone(shape) : { event, ...open.get(event)! });
    }
    return told;
  }

  /** Adds up the lines of these events, over all shapes that may be of one of them. */
  async #countOpen(open: ReadonlyMap<number, OpenCount>, telling: Uint8Array): Promise<void> {
    const { table, events, newestTimeOf } = this.#options;
    const slices = new Slices();
    for (let from = 0; from < table.end; from += shapesAStep) {
      const to = Math.min(table.end, from + shapesAStep);
      for (let shape = from; shape < to; shape += 1) {
        const key = table.keys[shape];
        if (key === undefined || table.windowLines[shape] === 0) continue;
        if (!this.#mayBe(shape, telling)) continue;
        const lines = open.get(events!.eventOf(key));
        if (lines === undefined) continue;
        lines.count += table.windowLines[shape]!;
        lines.first = Math.min(lines.first, table.firstTimes[shape]!);
        lines.last = Math.max(lines.last, newestTimeOf(shape));
        lines.members.push(shape);
      }
      if (slices.isOver) await slices.next();
    }
  }

  /** Whether a shape has a wordpiece that one of the events can't be without. */
  #mayBe(shape: number, telling: Uint8Array): boolean {
    const { table, wordIds } = this.#options;
    const count = table.pieceCounts[shape]!;
    // Not all wordpieces of a long shape are kept.
    if (wordIds === undefined || count === tokensPerRowMax || telling[0] === 1) return true;
    const start = table.pieceStarts[shape]!;
    for (let i = start; i < start + count; i += 1) {
      if (telling[table.arena.pieces[i]!] === 1) return true;
    }
    return false;
  }

  /** Marks the rarest wordpiece of the words that do not vary; all shapes where there is none. */
  #markTelling(key: string, frequencies: Frequencies, telling: Uint8Array): void {
    const { events, wordIds } = this.#options;
    const varying = new Set(events!.varyingWords(key));
    let rarest = 0;
    let least = Infinity;
    for (const [place, word] of key.split(' ').entries()) {
      if (varying.has(place) || wordIds === undefined) continue;
      for (const piece of Array.from(wordIds(word))) {
        const count = frequencies.count(piece);
        // A piece that was counted nowhere lies beyond those that are kept.
        if (count === 0 || count >= least) continue;
        least = count;
        rarest = piece;
      }
    }
    telling[rarest] = 1;
  }
}
