/**
 * What is new: shapes whose event was not seen before, and that say something else than all that was.
 *
 *   a shape that was seen                                      known, by a look-up
 *   a new one that differs in words that vary here             known (events/)
 *   a new one near to one that was seen, by what its words say a variation of it (known-shapes.ts)
 *   any other                                                  new, with how far it is, and how telling
 *
 * How far it is says little of what it is worth to a person; what it says does (bench/news): the
 * score is made of that alone, by the list of words of trouble and by what other words mean.
 */
import { createHash } from 'node:crypto';
import { Events } from '../events/events.ts';
import type { WordIds } from '../glance/key-reader.ts';
import type { WordTable } from '../glance/word-table.ts';
import { knownShapesMax } from '../shared/limits.ts';
import { Alarm } from './alarm.ts';
import { KnownShapes } from './known-shapes.ts';
import { ShapeDirection } from './shape-direction.ts';

/** Nearer than this it says what was said before, in other words; chosen by bench/news. */
export const farMin = 0.12;
/** Beside the mean and the most of how alarming its words are, the list of words counts so much. */
const listWeight = 0.5;
/** Score = σ(a + b · alarm): logistic regression on the first lines of labelled events. */
const a = -3.1;
const b = 5.5;

/** Of the text of a shape, so that it need not be kept to be known again. */
export function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 11);
}

/** How new a shape is, and what is nearest to it of what was seen. */
export interface Novelty {
  /** The chance that a person wants to be told, 0 to 1. */
  readonly score: number;
  /** From the nearest that was seen and speaks of all the same trouble, 0 to 1; 1 where none does. */
  readonly far: number;
  /** What that is, as words; undefined where there is none. */
  readonly nearest: string | undefined;
  /** The words by which it speaks of trouble. */
  readonly troubles: readonly string[];
}

/** What a shape is, when it is seen for the first time. */
export interface Sighting {
  /** The same for shapes of one event and what varies it; never used again for another. */
  readonly group: number;
  readonly isNew: boolean;
  /** Undefined where only words differ that vary here: they say nothing. */
  readonly novelty: Novelty | undefined;
}

export interface NewnessOptions {
  readonly table: WordTable;
  readonly wordIds: WordIds;
  /** Shapes remembered; then one that was not seen for long is forgotten for each new one. */
  readonly shapesMax?: number;
}

export class Newness {
  readonly #events: Events;
  readonly #known: KnownShapes;
  readonly #direction: ShapeDirection;
  readonly #alarm: Alarm;
  readonly #shapesMax: number;
  readonly #shapes = new Map<string, number>();
  /** By shape. */
  readonly #keys: (string | undefined)[] = [];
  readonly #groups: number[] = [];
  /** By shape: seen again since the hand went by, see #room. */
  readonly #isSeen: Uint8Array;
  #hand = 0;
  /** Of shapes that were restored, the hash of the key that they had. */
  readonly #hashOfShape = new Map<number, string>();
  readonly #shapeOfHash = new Map<string, number>();
  /** By event whose words vary. */
  readonly #groupOfEvent = new Map<number, number>();
  #groupCount = 0;

  constructor({ table, wordIds, shapesMax = knownShapesMax }: NewnessOptions) {
    this.#events = new Events({ shapesMax });
    this.#known = new KnownShapes(shapesMax, table.dimensions);
    this.#direction = new ShapeDirection(table, wordIds);
    this.#alarm = new Alarm(table, wordIds);
    this.#shapesMax = shapesMax;
    this.#isSeen = new Uint8Array(shapesMax);
  }

  /** Shapes that are remembered. */
  get shapeCount(): number {
    return this.#shapes.size;
  }

  /** All shapes that are remembered, each with the hash by which it is to be restored. */
  *entries(): Generator<[key: string, hash: string]> {
    for (const [key, shape] of this.#shapes) {
      yield [key, this.#hashOfShape.get(shape) ?? hashOf(key)];
    }
  }

  /**
   * The group of a shape that is remembered.
   * @returns undefined for one that is to be sighted
   */
  groupOf(key: string): number | undefined {
    const shape = this.#shapes.get(key) ?? this.#restored(key);
    if (shape === undefined) return undefined;
    this.#isSeen[shape] = 1;
    return this.#groups[shape];
  }

  /**
   * Remembers a shape that was seen in an earlier run, as seen long ago.
   * @param key - as it is known by now: words that the wordpieces don't tell apart may differ
   * @param hash - of the key as it was
   */
  restore(key: string, hash: string): void {
    const shape = this.#keys.length;
    if (shape === this.#shapesMax || this.#shapes.has(key)) return;
    this.#shapes.set(key, shape);
    this.#keys[shape] = key;
    this.#hashOfShape.set(shape, hash);
    this.#shapeOfHash.set(hash, shape);
    this.#events.add(shape, key);
    const { vector, troubles } = this.#read(key);
    this.#known.add(shape, vector, troubles);
    this.#groups[shape] = this.#newGroup();
  }

  /** A shape that was restored under words like these. */
  #restored(key: string): number | undefined {
    return this.#shapeOfHash.size === 0 ? undefined : this.#shapeOfHash.get(hashOf(key));
  }

  /** Sights a shape where it is not remembered. @returns undefined where it is */
  take(key: string): Sighting | undefined {
    return this.groupOf(key) === undefined ? this.sight(key) : undefined;
  }

  /** Remembers a shape that is not remembered. @param key - a string of its own memory */
  sight(key: string): Sighting {
    const shape = this.#room();
    this.#shapes.set(key, shape);
    this.#keys[shape] = key;
    this.#isSeen[shape] = 0; // Once is no more than any.
    this.#events.add(shape, key);
    const event = this.#events.eventOf(key);
    // Of words that vary none is news, and nothing is to be found by them.
    const sighting = this.#events.isOpen ? this.#vary(event, key) : this.#place(shape, key);
    this.#groups[shape] = sighting.group;
    return sighting;
  }

  #vary(event: number, key: string): Sighting {
    const known = this.#groupOfEvent.get(event);
    if (known !== undefined) return { group: known, isNew: false, novelty: undefined };
    const { vector, troubles } = this.#read(key);
    const nearest = this.#known.nearest(vector, troubles);
    const group = nearest === undefined ? this.#newGroup() : this.#groups[nearest.shape]!;
    if (this.#groupOfEvent.size >= this.#shapesMax) this.#groupOfEvent.clear();
    this.#groupOfEvent.set(event, group);
    return { group, isNew: false, novelty: undefined };
  }

  #place(shape: number, key: string): Sighting {
    const { vector, troubles, trouble, pieces } = this.#read(key);
    const nearest = this.#known.nearest(vector, troubles);
    const far = nearest === undefined ? 1 : Math.max(0, 1 - nearest.similarity);
    this.#known.add(shape, vector, troubles);
    const { mean, most } = this.#alarm.weigh(pieces);
    const alarm = mean + most + listWeight * trouble;
    const novelty = {
      score: 1 / (1 + Math.exp(-(a + b * alarm))),
      far: Math.min(1, far),
      nearest: nearest && this.#keys[nearest.shape],
      troubles,
    };
    const isNew = nearest === undefined || far >= farMin;
    return { group: isNew ? this.#newGroup() : this.#groups[nearest.shape]!, isNew, novelty };
  }

  #read(key: string): ShapeDirection {
    this.#direction.read(key);
    return this.#direction;
  }

  #newGroup(): number {
    this.#groupCount += 1;
    return this.#groupCount;
  }

  /**
   * A number for one shape more. Where there is none left, of a shape that was not seen again
   * since the hand went by last (the clock algorithm: Corbató, 1968).
   */
  #room(): number {
    if (this.#keys.length < this.#shapesMax) return this.#keys.length;
    while (this.#isSeen[this.#hand] === 1) {
      this.#isSeen[this.#hand] = 0;
      this.#hand = (this.#hand + 1) % this.#shapesMax;
    }
    const shape = this.#hand;
    this.#hand = (this.#hand + 1) % this.#shapesMax;
    const key = this.#keys[shape]!;
    this.#shapes.delete(key);
    this.#shapeOfHash.delete(this.#hashOfShape.get(shape) ?? '');
    this.#hashOfShape.delete(shape);
    this.#events.remove(shape, key);
    this.#known.remove(shape);
    return shape;
  }
}
