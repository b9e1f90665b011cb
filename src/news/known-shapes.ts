/**
 * The shapes that were seen, as directions: of each the mean of its wordpieces' vectors, so that what
 * was seen nearest to a new one can be found by what it says. A shape is only near to one that speaks
 * of all the trouble that it speaks of: `accepted password` and `failed password` share all but a word.
 */
import { RowSet } from '../ring/row-set.ts';
import { VectorRing } from '../ring/vector-ring.ts';
import { Scanner } from '../scan/scanner.ts';

/** Of what shares its rarest word of trouble so many are looked at for the other ones. */
const nearestCount = 16;

export interface Nearest {
  readonly shape: number;
  /** Cosine, at most 1. */
  readonly similarity: number;
}

export class KnownShapes {
  readonly #ring: VectorRing;
  readonly #scanner: Scanner;
  readonly #all: RowSet;
  /** By word of trouble. */
  readonly #speaking = new Map<string, Set<number>>();
  /** By shape. */
  readonly #troubles: (readonly string[] | undefined)[] = [];
  readonly #order: Float64Array;
  #added = 0;

  /** @param shapesMax - shapes are numbers below */
  constructor(shapesMax: number, dimensions: number) {
    this.#ring = VectorRing.create({ rowCount: shapesMax, dimensions });
    this.#order = new Float64Array(shapesMax);
    this.#all = new RowSet(shapesMax);
    this.#scanner = new Scanner({ ring: this.#ring, generations: new Uint32Array(shapesMax) });
  }

  /**
   * @param vector - shape [dimensions], of any length but 0: then nothing is ever near to it
   * @param troubles - the words by which it speaks of trouble, each once
   */
  add(shape: number, vector: Float32Array, troubles: readonly string[]): void {
    if (!this.#ring.write(shape, vector, 0)) return;
    this.#troubles[shape] = troubles;
    this.#order[shape] = this.#added;
    this.#added += 1;
    this.#all.add(shape);
    for (const word of troubles) {
      let list = this.#speaking.get(word);
      if (list === undefined) this.#speaking.set(word, (list = new Set()));
      list.add(shape);
    }
  }

  /** Forgets a shape; one that was not added is no matter. */
  remove(shape: number): void {
    const troubles = this.#troubles[shape];
    if (troubles === undefined) return;
    this.#troubles[shape] = undefined;
    this.#all.delete(shape);
    for (const word of troubles) {
      const list = this.#speaking.get(word);
      list?.delete(shape);
      if (list?.size === 0) this.#speaking.delete(word);
    }
  }

  /** @returns undefined where none speaks of all this trouble */
  nearest(vector: Float32Array, troubles: readonly string[]): Nearest | undefined {
    let rarest: Set<number> | undefined;
    for (const word of troubles) {
      const speaking = this.#speaking.get(word);
      if (speaking === undefined) return undefined;
      if (rarest === undefined || speaking.size < rarest.size) rarest = speaking;
    }
    const rowCount = rarest?.size ?? this.#all.size;
    if (rowCount === 0 || vector.every((value) => value === 0)) return undefined;
    const [found = []] = this.#scanner.scanTopK({
      queries: [vector],
      rows: rarest === undefined ? this.#all.rows : Int32Array.from(rarest),
      rowCount,
      k: troubles.length > 1 ? nearestCount : 1,
      tieBreak: this.#order,
    });
    const match = found.find(({ row }) =>
      troubles.every((word) => this.#troubles[row]?.includes(word)),
    );
    return match && { shape: match.row, similarity: match.score };
  }
}
