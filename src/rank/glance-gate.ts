/**
 * When a line may commit where shapes are read only if a watch must be sure of them. Two decisions:
 * to send a shape to the model is a guess, made when a line is read, and only saves waiting; to judge
 * is exact, made at the commit point, from what committed before alone. So what is printed depends
 * on the input, not on the speed of anything. Some shapes are read whether anybody watches or not:
 * those that stand for the stream as a whole (background.ts).
 */
import type { Readings } from '../embed/readings.ts';
import type { DocumentFrequencies } from '../glance/document-frequencies.ts';
import { LookedAt } from '../glance/looked-at.ts';
import type { CommitGate, Verdict } from '../window/committer.ts';
import type { ShapeTable } from '../window/shape-table.ts';
import { sampleWeight, type Background } from './background.ts';
import type { Watch } from './watches.ts';
import type { Watching } from './watching.ts';

/** The raw score of a shape of which the model makes nothing: it answers nothing. */
const unreadable = -1;
/** The guess is made with older frequencies, so it takes some more. */
const guessSlack = 0.05;

export interface GlanceGateOptions {
  readonly table: ShapeTable;
  readonly frequencies: DocumentFrequencies;
  readonly readings: Readings;
  readonly watching: Watching;
  readonly background: Background;
  /** The most promising lines are read first, not the oldest. */
  readonly byPromise: boolean;
}

export class GlanceGate implements CommitGate {
  readonly #options: GlanceGateOptions;
  readonly #looked = new LookedAt();
  /** Shapes that wait and are not in the window yet. */
  readonly #waitingNew = new Set<number>();

  constructor(options: GlanceGateOptions) {
    this.#options = options;
  }

  verdict(shape: number, text: string): Verdict {
    const { table, readings } = this.#options;
    if (table.keys[shape] === undefined && readings.isRejected(shape)) return 'skip';
    const waitsForSample = this.#waitsForSample(shape);
    return this.#waitsForWatch(shape, text) || waitsForSample ? 'wait' : 'commit';
  }

  foresee(shape: number, text: string): void {
    const { table, readings, watching, background, byPromise } = this.#options;
    const isFirst = !readings.isKept(shape);
    readings.keep(shape);
    const isNew = isFirst && table.windowLines[shape] === 0 && table.keys[shape] !== undefined;
    if (isNew) this.#waitingNew.add(shape);
    if (!isFirst || readings.isKnown(shape)) return;
    const isSampled = isNew && sampleWeight(background.seen + this.#waitingNew.size) > 0;
    let promise = isSampled ? 0 : -Infinity;
    let isLooked = false;
    for (const watch of watching.watches.all) {
      if (watch.isRead(shape)) continue;
      if (!watch.isGlanced(shape) && !isLooked) {
        this.#look(shape);
        isLooked = true;
      }
      const raw = watch.isGlanced(shape) ? watch.rawOf(shape) : watch.guess(this.#looked);
      promise = Math.max(promise, raw + watch.extraOf(text) - watch.promising);
    }
    if (promise >= -guessSlack) readings.foresee(shape, byPromise ? promise : 0);
  }

  leave(shape: number): void {
    this.#waitingNew.delete(shape);
    this.#options.readings.letGo(shape);
  }

  judge(shape: number, text: string, number: number, time: number): void {
    this.#options.watching.judge(shape, text, number, time);
  }

  /** Whether the shape, when it commits now, is to be sampled, and is not read. */
  #waitsForSample(shape: number): boolean {
    const { table, readings, background } = this.#options;
    if (table.windowLines[shape]! > 0 || table.keys[shape] === undefined) return false;
    if (sampleWeight(background.seen + 1) === 0 || readings.rowOf(shape) !== undefined)
      return false;
    if (readings.isRejected(shape)) return false;
    readings.want(shape);
    return true;
  }

  /**
   * Whether a watch must see its reading, which is not there. All of it is looked at as if the line
   * had entered the window: so the same comes out each time, however often it is asked.
   */
  #waitsForWatch(shape: number, text: string): boolean {
    const { table, frequencies, watching } = this.#options;
    if (isReadByAll(watching.watches.all, shape)) return false;
    const isNew = table.windowLines[shape] === 0;
    if (isNew) table.countIn(frequencies, shape);
    const isWaiting = this.#lookAt(shape, text);
    if (isNew) table.countOut(frequencies, shape);
    return isWaiting;
  }

  /** Each watch learns what it does not know yet. @returns whether one wants a reading that is not there */
  #lookAt(shape: number, text: string): boolean {
    const { table, watching } = this.#options;
    const isRaw = table.keys[shape] === undefined; // It has no words, but its row.
    let isLooked = false;
    let isWaiting = false;
    for (const watch of watching.watches.all) {
      if (watch.isRead(shape)) continue;
      if (!isRaw && !watch.isGlanced(shape)) {
        if (!isLooked) this.#look(shape);
        isLooked = true;
        watch.glanceAt(shape, this.#looked);
      }
      if (!isRaw && !isPromising(watch, shape, text)) continue;
      isWaiting = !this.#read(watch, shape) || isWaiting;
    }
    return isWaiting;
  }

  /** @returns whether the reading was there */
  #read(watch: Watch, shape: number): boolean {
    const { table, readings } = this.#options;
    const row = readings.rowOf(shape);
    if (row !== undefined) {
      watch.read(shape, row, table.saidOf(shape), this.#options);
      return true;
    }
    if (readings.isRejected(shape)) {
      watch.noteReading(shape, unreadable);
      return true;
    }
    readings.want(shape);
    return false;
  }

  #look(shape: number): void {
    const { table, frequencies } = this.#options;
    const { key = '', trouble } = table.saidOf(shape);
    const start = table.pieceStarts[shape]!;
    const count = table.pieceCounts[shape]!;
    this.#looked.look({ pieces: table.arena.pieces, start, count, trouble, key }, frequencies);
  }
}

function isPromising(watch: Watch, shape: number, text: string): boolean {
  return watch.rawOf(shape) + watch.extraOf(text) >= watch.promising;
}

function isReadByAll(watches: readonly Watch[], shape: number): boolean {
  for (const watch of watches) if (!watch.isRead(shape)) return false;
  return true;
}
