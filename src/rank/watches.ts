/** The watched phrases, each with what it made of every shape so far. */
import type { Frequencies } from '../glance/document-frequencies.ts';
import type { LookedAt } from '../glance/looked-at.ts';
import type { PhraseRanking, ShapeSaid, Stream } from './ranking.ts';
import { Margin } from './margin.ts';
import { GlanceMeans } from './glance-means.ts';
import { extraOf } from './literals-held.ts';
import { whyOf, type Why } from './why.ts';
import type { Parts } from './parts.ts';
import { Yardstick, yardstickPrior } from './yardstick.ts';

/** What a watch asks of the stream as it is now. */
type StreamNow = Pick<Frequencies, 'proseDegree'>;

const capacityFirst = 1_024;

// What a watch knows of a shape.
const glanced = 1;
const read = 2;
const counted = 4;
/** Nearer to what is not meant. */
const unlike = 8;

/** A phrase that is watched, as whoever watches knows it. */
export interface WatchedPhrase {
  /** The phrase, or the first example where there is none. */
  readonly phrase: string;
  /** The least score that answers. */
  readonly minScore: number;
}

/** The same with all that is known of the stream's shapes. */
export class Watch implements WatchedPhrase {
  readonly phrase: string;
  readonly ranking: PhraseRanking;
  /** The least score that answers. */
  readonly minScore: number;
  readonly #stream: StreamNow;
  readonly #yardstick = new Yardstick();
  /** Of the shapes that were glanced at. */
  readonly #means: GlanceMeans;
  readonly #margin = new Margin();
  /** By shape: its raw score, from a reading or, where that was not needed, from a glance. */
  #raws = new Float32Array(capacityFirst);
  #known = new Uint8Array(capacityFirst);
  /** By shape, where it is wanted: of those whose lines may answer now or once less is needed. */
  readonly #parts: Map<number, Parts> | undefined;

  /** @param explains - whether to keep why lines answer */
  constructor(ranking: PhraseRanking, minScore: number, stream: StreamNow, explains = false) {
    this.#stream = stream;
    this.#parts = explains ? new Map() : undefined;
    this.#means = new GlanceMeans(ranking.glance);
    this.phrase = ranking.phrase;
    this.ranking = ranking;
    this.minScore = minScore;
  }

  /** The raw score that a line needs now. */
  get needed(): number {
    return this.ranking.rawOf(this.minScore, this.#yardstick.value, this.#stream.proseDegree);
  }

  /** The glance from which on a reading is looked at now. */
  get promising(): number {
    return this.needed - this.#margin.value;
  }

  isGlanced(shape: number): boolean {
    return (this.#known[shape]! & glanced) !== 0;
  }

  isRead(shape: number): boolean {
    return (this.#known[shape]! & read) !== 0;
  }

  rawOf(shape: number): number {
    return this.#raws[shape]!;
  }

  /** The raw score that a glance gives a shape now; Infinity where the ranking can't glance. */
  guess(shape: LookedAt): number {
    return this.ranking.glance?.score(shape, this.#means.values) ?? Infinity;
  }

  /** Glances at a shape; what it sees counts for those that come later. */
  glanceAt(shape: number, looked: LookedAt): void {
    this.#note(shape, this.guess(looked), glanced);
    this.#means.learn();
  }

  /** Takes in the reading of a shape, which is in this row. */
  read(shape: number, row: number, said: ShapeSaid, stream: Stream): void {
    const raw = this.ranking.raw(row, said, stream);
    const isUnlike = this.ranking.isUnlike?.(row, said, stream, raw) === true;
    this.noteReading(shape, raw, isUnlike);
    if (isUnlike || !this.#mayAnswer(raw)) return;
    this.#parts?.set(shape, this.ranking.explain(row, said, stream));
  }

  /** @param isUnlike - see ranking.ts */
  noteReading(shape: number, raw: number, isUnlike = false): void {
    if (this.isGlanced(shape)) this.#margin.learn(this.#raws[shape]!, raw, this.needed);
    this.#note(shape, raw, glanced | read | (isUnlike ? unlike : 0));
    if ((this.#known[shape]! & counted) !== 0) this.#yardstick.raise(raw);
  }

  /** What a line scores beyond its shape, for the literals that it holds. */
  extraOf(text: string): number {
    return extraOf(this.ranking, text);
  }

  /** A line of the shape committed: counts it, the first time. @returns its score if it answers */
  judge(shape: number, text: string): number | undefined {
    const known = this.#known[shape]!;
    if ((known & counted) === 0 && known !== 0) {
      this.#known[shape]! |= counted;
      this.#yardstick.observe(this.#raws[shape]!);
    }
    if ((known & read) === 0 || (known & unlike) !== 0) return undefined;
    const raw = this.#raws[shape]! + this.extraOf(text);
    const score = this.ranking.score(raw, this.#yardstick.value, this.#stream.proseDegree);
    return score >= this.minScore ? score : undefined;
  }

  /** Why a line of the shape that was just judged answers; undefined where that is not kept. */
  whyOf(shape: number, text: string): Why | undefined {
    const parts = this.#parts?.get(shape);
    if (parts === undefined) return undefined;
    const raw = this.#raws[shape]! + this.extraOf(text);
    const measure = { best: this.#yardstick.value, prose: this.#stream.proseDegree };
    return { ...whyOf(this.ranking, parts, text, raw, measure), minScore: this.minScore };
  }

  forget(shape: number): void {
    this.#known[shape] = 0; // Beyond the end this does nothing.
    this.#parts?.delete(shape);
  }

  /** Whether a line of this raw score may ever answer: what is needed falls with the best, this one's at least. */
  #mayAnswer(raw: number): boolean {
    const most = raw + this.ranking.literalsWeight;
    const best = Math.min(raw, yardstickPrior);
    return [0, 1].some((prose) => most >= this.ranking.rawOf(this.minScore, best, prose));
  }

  #note(shape: number, raw: number, what: number): void {
    if (shape >= this.#raws.length) this.#grow(shape);
    this.#raws[shape] = raw;
    this.#known[shape]! |= what;
  }

  #grow(shape: number): void {
    const capacity = Math.max(shape + 1, this.#raws.length * 2);
    const raws = new Float32Array(capacity);
    const known = new Uint8Array(capacity);
    raws.set(this.#raws);
    known.set(this.#known);
    this.#raws = raws;
    this.#known = known;
  }
}

/** A watch that a line answers, and how well. */
export interface WatchHit {
  readonly watch: WatchedPhrase;
  readonly score: number;
  /** Where it was asked for. */
  readonly why?: Why | undefined;
}

export class Watches {
  readonly #stream: StreamNow;
  readonly #explains: boolean;
  #watches: readonly Watch[] = [];

  /**
   * @param stream - read anew each time: it changes as lines commit
   * @param explains - whether to keep why lines answer
   */
  constructor(stream: StreamNow, explains = false) {
    this.#stream = stream;
    this.#explains = explains;
  }

  get all(): readonly Watch[] {
    return this.#watches;
  }

  add(ranking: PhraseRanking, minScore: number): Watch {
    const watch = new Watch(ranking, minScore, this.#stream, this.#explains);
    this.#watches = [...this.#watches, watch];
    return watch;
  }

  /** @returns whether it was there */
  remove(watch: WatchedPhrase): boolean {
    const { length } = this.#watches;
    this.#watches = this.#watches.filter((other) => other !== watch);
    return this.#watches.length < length;
  }

  /** @returns the watches that a line of the shape answers, which has just committed, best first */
  judge(shape: number, text: string): readonly WatchHit[] {
    let hits: WatchHit[] | undefined;
    for (const watch of this.#watches) {
      const score = watch.judge(shape, text);
      if (score === undefined) continue;
      (hits ??= []).push({ watch, score, why: watch.whyOf(shape, text) });
    }
    return hits?.sort((a, b) => b.score - a.score) ?? noHits;
  }

  forget(shape: number): void {
    for (const watch of this.#watches) watch.forget(shape);
  }
}

const noHits: readonly WatchHit[] = [];
