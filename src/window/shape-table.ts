/**
 * The shapes that are known now. A shape is a small number, and what is known of it stands in columns
 * under that number: no object a shape, so that a million of them are nothing to the collector.
 * Numbers of forgotten shapes are used again.
 */
import assert from 'node:assert';
import type { DocumentFrequencies } from '../glance/document-frequencies.ts';
import { PieceArena } from '../glance/piece-arena.ts';
import { troubleSteps } from '../glance/trouble.ts';

const capacityFirst = 1_024;

/** What a shape is made with. */
export interface ShapeFacts {
  /** The first `count` wordpieces of its key; none where every shape is read, and of raw vectors. */
  readonly pieces: Uint16Array;
  readonly count: number;
  /** 0, one half or 1: how plainly it speaks of trouble. */
  readonly trouble: number;
}

export interface ShapeTableOptions {
  /** A shape is forgotten: its number may be another's next. */
  readonly onForget: (shape: number) => void;
}

export class ShapeTable {
  /** Numbers given so far: every shape is below. */
  end = 0;
  /** By shape. Undefined for a vector that came from outside: no other line can have this shape. */
  readonly keys: (string | undefined)[] = [];
  // The columns are replaced when they grow: read them through the table.
  /** Lines of the window, or of all that was read where only each shape's newest line is kept. */
  windowLines = new Uint32Array(capacityFirst);
  /** What the window knows its newest line by. */
  newest = new Uint32Array(capacityFirst);
  /** When its first line came, since it is in the window without a break. */
  firstTimes = new Float64Array(capacityFirst);
  pieceStarts = new Uint32Array(capacityFirst);
  pieceCounts = new Uint8Array(capacityFirst);
  /** The wordpieces of all shapes. */
  readonly arena = new PieceArena();
  readonly #options: ShapeTableOptions;
  readonly #shapes = new Map<string, number>();
  /** Lines that wait to commit, readings under way, questions that have yet to print it. */
  readonly #holds = new Map<number, number>();
  #troubles = new Uint8Array(capacityFirst);
  readonly #freed: number[] = [];

  constructor(options: ShapeTableOptions) {
    this.#options = options;
  }

  /** @returns the shape of this key, or undefined */
  get(key: string): number | undefined {
    return this.#shapes.get(key);
  }

  /**
   * A new shape.
   * @param key - must be flat, since it stays: no slice of a larger string
   */
  create(key: string | undefined, { pieces, count, trouble }: ShapeFacts): number {
    const shape = this.#freed.pop() ?? this.end++;
    if (shape === this.windowLines.length) this.#grow();
    this.keys[shape] = key;
    if (key !== undefined) this.#shapes.set(key, shape);
    this.pieceStarts[shape] = this.arena.put(pieces, count);
    this.pieceCounts[shape] = count;
    this.#troubles[shape] = trouble * troubleSteps;
    return shape;
  }

  /** 0, one half or 1. */
  troubleOf(shape: number): number {
    return this.#troubles[shape]! / troubleSteps;
  }

  /** What the shape says beside its wordpieces. */
  saidOf(shape: number): { readonly key: string | undefined; readonly trouble: number } {
    return { key: this.keys[shape], trouble: this.troubleOf(shape) };
  }

  /** Counts a shape that comes into the window, or takes it back. */
  countIn(frequencies: DocumentFrequencies, shape: number): void {
    frequencies.add(this.arena.pieces, this.pieceStarts[shape]!, this.pieceCounts[shape]!);
  }

  countOut(frequencies: DocumentFrequencies, shape: number): void {
    frequencies.remove(this.arena.pieces, this.pieceStarts[shape]!, this.pieceCounts[shape]!);
  }

  /** Keeps the shape's number its own until as many let go as hold. */
  hold(shape: number): void {
    this.#holds.set(shape, (this.#holds.get(shape) ?? 0) + 1);
  }

  unhold(shape: number): void {
    const holds = this.#holds.get(shape);
    assert(holds !== undefined);
    if (holds > 1) {
      this.#holds.set(shape, holds - 1);
      return;
    }
    this.#holds.delete(shape);
    this.forgetIfUnused(shape);
  }

  /** Forgets a shape that no line of the window has and nobody holds. */
  forgetIfUnused(shape: number): void {
    if (this.windowLines[shape]! > 0 || this.#holds.has(shape)) return;
    this.#options.onForget(shape);
    const key = this.keys[shape];
    if (key !== undefined) this.#shapes.delete(key);
    this.keys[shape] = undefined;
    this.arena.release(this.pieceStarts[shape]!, this.pieceCounts[shape]!);
    this.#freed.push(shape);
  }

  #grow(): void {
    const capacity = this.windowLines.length * 2;
    const larger = <T extends Uint32Array | Uint8Array | Float64Array>(next: T, old: T): T => {
      next.set(old);
      return next;
    };
    this.windowLines = larger(new Uint32Array(capacity), this.windowLines);
    this.newest = larger(new Uint32Array(capacity), this.newest);
    this.firstTimes = larger(new Float64Array(capacity), this.firstTimes);
    this.pieceStarts = larger(new Uint32Array(capacity), this.pieceStarts);
    this.pieceCounts = larger(new Uint8Array(capacity), this.pieceCounts);
    this.#troubles = larger(new Uint8Array(capacity), this.#troubles);
  }
}
