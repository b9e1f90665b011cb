/** A shape at one moment, with what all phrases need of it to glance at it. */
import { tokensPerRowMax } from '../shared/limits.ts';
import { idfOf, rarityOf, type Frequencies } from './document-frequencies.ts';
import { shapeWords } from './shape-words.ts';

/** What a glance sees of a shape. */
export interface GlancedShape {
  /** Its wordpieces are `count` from `start` on. */
  readonly pieces: Uint16Array;
  readonly start: number;
  readonly count: number;
  /** See trouble.ts. */
  readonly trouble: number;
  readonly key: string;
}

/** One object serves all shapes in turn. */
export class LookedAt {
  frequencies!: Frequencies;
  count = 0;
  trouble = 0;
  readonly pieces = new Uint16Array(tokensPerRowMax);
  readonly idfs = new Float64Array(tokensPerRowMax);
  readonly rarities = new Float64Array(tokensPerRowMax);

  #key = '';
  #words: readonly string[] | undefined;

  /** Of the key; made when they are first asked for, which is seldom. */
  get words(): readonly string[] {
    return (this.#words ??= shapeWords(this.#key));
  }

  look({ pieces, start, count, trouble, key }: GlancedShape, frequencies: Frequencies): void {
    this.#key = key;
    this.#words = undefined;
    this.frequencies = frequencies;
    this.count = count;
    this.trouble = trouble;
    for (let j = 0; j < count; j += 1) {
      const piece = pieces[start + j]!;
      const idf = idfOf(frequencies, piece);
      this.pieces[j] = piece;
      this.idfs[j] = idf;
      this.rarities[j] = rarityOf(idf);
    }
  }
}
