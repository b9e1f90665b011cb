/** A watched phrase by the book: what it made of each shape, its yardstick and its margin. */
import { chance, need, type PlainStream, type PlainPhrase } from './plain-ranking.ts';
import type { PlainShape } from './plain-window.ts';

interface Known {
  /** In float32: of the reading, where it was looked at, or else of the glance. */
  raw: number;
  isRead: boolean;
  isCounted: boolean;
}

/** Of a shape of which the model makes nothing. */
const unreadable = -1;

export class PlainWatch {
  readonly id: number;
  readonly #phrase: PlainPhrase;
  readonly #minScore: number;
  readonly #byMeaning: boolean;
  readonly #known = new WeakMap<PlainShape, Known>();
  /** Raw scores of the shapes counted, and later ones of these very shapes. */
  #best = -Infinity;
  #countedShapes = 0;
  /** What the shapes it glanced at speak of as a whole, as if eight had spoken of nothing before. */
  #meanWhole = 0;
  #glances = 8;
  /** In steps of .01, sorted: how far readings that mattered lay above their glances. */
  readonly #gaps: number[] = [];

  constructor(id: number, phrase: PlainPhrase, minScore: number, byMeaning: boolean) {
    this.id = id;
    this.#phrase = phrase;
    this.#minScore = minScore;
    this.#byMeaning = byMeaning;
  }

  /**
   * A line of this shape is the next to commit.
   * @param stream - with this shape in the window
   * @returns whether it must be read for this phrase
   */
  mustRead(shape: PlainShape, stream: PlainStream): boolean {
    let known = this.#known.get(shape);
    if (known === undefined) {
      known = { raw: this.#glance(shape, stream), isRead: false, isCounted: false };
      this.#known.set(shape, known);
    }
    if (known.isRead) return false;
    return shape.key === undefined || known.raw >= this.promising(stream);
  }

  #glance(shape: PlainShape, stream: PlainStream): number {
    if (shape.key === undefined) return NaN; // A vector from outside has no words.
    const { score, whole } = this.#phrase.glance(shape, stream, this.#meanWhole);
    this.#glances += 1;
    this.#meanWhole += (whole - this.#meanWhole) / this.#glances;
    return Math.fround(score);
  }

  /** By how much a shape seems to reach what must be read, without learning from the look. */
  promiseOf(shape: PlainShape, stream: PlainStream): number {
    const known = this.#known.get(shape);
    if (known?.isRead === true) return -Infinity;
    if (shape.key === undefined) return Infinity;
    const raw = known?.raw ?? this.#phrase.glance(shape, stream, this.#meanWhole).score;
    return Math.fround(raw) - this.promising(stream);
  }

  /** The glance from which on a shape must be read. */
  promising({ prose }: PlainStream): number {
    return this.#needed(prose) - this.#margin();
  }

  read(shape: PlainShape, stream: PlainStream): void {
    const known = this.#known.get(shape)!;
    const isReadable = shape.vector !== undefined;
    const raw = isReadable ? this.#phrase.raw(shape, stream) : unreadable;
    // A vector from outside has no words to glance at.
    if (shape.key !== undefined && raw >= this.#needed(stream.prose) - 0.3) {
      const gap = Math.min(0.25, Math.max(0, raw - known.raw));
      this.#gaps.push(Math.round(gap / 0.01));
      this.#gaps.sort((a, b) => a - b);
    }
    known.raw = Math.fround(raw);
    known.isRead = true;
    if (known.isCounted) this.#best = Math.max(this.#best, raw);
  }

  /** A line of this shape committed. @returns its score if it answers */
  judge(shape: PlainShape, { prose }: PlainStream): number | undefined {
    if (!this.#byMeaning) return this.#judgeCosine(shape);
    const known = this.#known.get(shape)!;
    if (!known.isCounted) {
      known.isCounted = true;
      this.#best = Math.max(this.#best, known.raw);
      this.#countedShapes += 1;
    }
    if (!known.isRead) return undefined;
    const score = chance(known.raw, this.#yardstick(), prose);
    return score >= this.#minScore ? score : undefined;
  }

  #judgeCosine(shape: PlainShape): number | undefined {
    const score = Math.fround(this.#phrase.cosine(shape));
    return score >= this.#minScore ? score : undefined;
  }

  #needed(prose: number): number {
    return need(this.#minScore, this.#yardstick(), prose);
  }

  #yardstick(): number {
    if (this.#countedShapes === 0) return 0.8;
    return (this.#countedShapes * this.#best + 30 * 0.8) / (this.#countedShapes + 30);
  }

  /** .2, and on top what three quarters of the gaps are within. */
  #margin(): number {
    const gap = this.#gaps[Math.floor(0.75 * this.#gaps.length)];
    return gap === undefined ? 0.2 : 0.2 + gap * 0.01;
  }
}
