/**
 * How many shapes of the window hold each wordpiece: what makes a word of this stream rare (inverse
 * document frequency: Robertson and Spärck Jones, 1976, in the form that Lucene's BM25 uses).
 */
import { proseDegree, WordCounts } from './prose.ts';

/** Shapes the frequencies pretend to have seen besides: the first few prove little. */
const unseenShapes = 20;
/** A line's token counts from this share on, in full from this inverse document frequency on. */
const commonTokenShare = 0.8;
const rareTokenIdf = 4;
const pieceCountFirst = 32_768;

/** Frequencies as they are now, or as they were. */
export interface Frequencies {
  /** Shapes counted. */
  readonly shapeCount: number;
  /** 0 for logs to 1 for prose. */
  readonly proseDegree: number;
  /** Shapes that hold this wordpiece. */
  count(piece: number): number;
}

/** Of nothing: for a ranking that looks at readings alone. */
export const noFrequencies: Frequencies = { shapeCount: 0, proseDegree: 0, count: () => 0 };

/** @returns ln(1 + (N + 20 − df + ½) / (df + ½)), above 0 */
export function idfOf(frequencies: Frequencies, piece: number): number {
  const { shapeCount } = frequencies;
  const df = frequencies.count(piece);
  return Math.log(1 + (shapeCount + unseenShapes - df + 0.5) / (df + 0.5));
}

/** What a line's token of this rarity counts for, .8 to 1. */
export function rarityOf(idf: number): number {
  return commonTokenShare + (1 - commonTokenShare) * Math.min(1, idf / rareTokenIdf);
}

export interface DocumentFrequenciesOptions {
  /** The text of a wordpiece; without it nothing is taken for prose. */
  readonly pieceOf?: (id: number) => string;
  /** For tests, which want to see visits wrap around. */
  readonly firstVisit?: number;
}

export class DocumentFrequencies implements Frequencies {
  shapeCount = 0;
  readonly #words: WordCounts;
  #counts = new Uint32Array(pieceCountFirst);
  /** By wordpiece, the shape that was counted last: so that a shape counts a repeated one once. */
  #lastSeen = new Uint32Array(pieceCountFirst);
  #visit: number;

  constructor({ pieceOf = () => '', firstVisit = 0 }: DocumentFrequenciesOptions = {}) {
    this.#words = new WordCounts(pieceOf);
    this.#visit = firstVisit;
  }

  /** @param pieces - of the shape: `count` ids from `start` on */
  add(pieces: Uint16Array, start: number, count: number): void {
    this.shapeCount += 1;
    this.#visitEach(pieces, start, count, 1);
  }

  /** Takes back what was added. */
  remove(pieces: Uint16Array, start: number, count: number): void {
    this.shapeCount -= 1;
    this.#visitEach(pieces, start, count, -1);
  }

  get proseDegree(): number {
    return proseDegree(this.#words.words, this.#words.functionWords);
  }

  count(piece: number): number {
    return this.#counts[piece] ?? 0;
  }

  /** A copy that stays as it is. */
  freeze(): Frequencies {
    const counts = this.#counts.slice();
    const { shapeCount, proseDegree } = this;
    return { shapeCount, proseDegree, count: (piece) => counts[piece] ?? 0 };
  }

  #visitEach(pieces: Uint16Array, start: number, count: number, step: 1 | -1): void {
    this.#visit = (this.#visit + 1) >>> 0;
    if (this.#visit === 0) {
      this.#lastSeen.fill(0); // Else those of 2³² visits ago would seem to be of today.
      this.#visit = 1;
    }
    for (let i = start; i < start + count; i += 1) {
      const piece = pieces[i]!;
      if (piece >= this.#counts.length) this.#grow();
      if (this.#lastSeen[piece] === this.#visit) continue;
      this.#lastSeen[piece] = this.#visit;
      this.#counts[piece]! += step;
      this.#words.add(piece, step);
    }
  }

  /** To all that 16 bits tell apart. */
  #grow(): void {
    const larger = (old: Uint32Array): Uint32Array<ArrayBuffer> => {
      const next = new Uint32Array(65_536);
      next.set(old);
      return next;
    };
    this.#counts = larger(this.#counts);
    this.#lastSeen = larger(this.#lastSeen);
  }
}
