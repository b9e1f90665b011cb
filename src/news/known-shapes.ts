/**
 * The shapes that were seen, as directions: of each the mean of its wordpieces' vectors, so that what
 * was seen nearest to a new one can be found by what it says. A shape is only near to one that speaks
 * of all the trouble that it speaks of: `accepted password` and `failed password` share all but a word.
 */
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
  readonly #all: IdList;
  /** By word of trouble. */
  readonly #speaking = new Map<string, IdList>();
  /** By shape. */
  readonly #troubles: (readonly string[] | undefined)[] = [];
  readonly #order: Float64Array;
  #added = 0;

  /** @param shapesMax - shapes are numbers below */
  constructor(shapesMax: number, dimensions: number) {
    this.#ring = VectorRing.create({ rowCount: shapesMax, dimensions });
    this.#order = new Float64Array(shapesMax);
    this.#all = new IdList();
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
      if (list === undefined) this.#speaking.set(word, (list = new IdList()));
      list.add(shape);
    }
  }

  /** Forgets a shape; one that was not added is no matter. */
  remove(shape: number): void {
    const troubles = this.#troubles[shape];
    if (troubles === undefined) return;
    this.#troubles[shape] = undefined;
    this.#all.remove(shape);
    for (const word of troubles) {
      const list = this.#speaking.get(word);
      list?.remove(shape);
      if (list?.count === 0) this.#speaking.delete(word);
    }
  }

  /** @returns undefined where none speaks of all this trouble */
  nearest(vector: Float32Array, troubles: readonly string[]): Nearest | undefined {
    let rows: IdList | undefined = this.#all;
    for (const word of troubles) {
      const speaking = this.#speaking.get(word);
      if (speaking === undefined) return undefined;
      if (speaking.count < rows.count || rows === this.#all) rows = speaking;
    }
    if (rows.count === 0 || vector.every((value) => value === 0)) return undefined;
    const [found = []] = this.#scanner.scanTopK({
      queries: [vector],
      rows: rows.ids,
      rowCount: rows.count,
      k: troubles.length > 1 ? nearestCount : 1,
      tieBreak: this.#order,
    });
    const match = found.find(({ row }) =>
      troubles.every((word) => this.#troubles[row]?.includes(word)),
    );
    return match && { shape: match.row, similarity: match.score };
  }
}

/** Numbers, each once, in no order. */
class IdList {
  ids = new Int32Array(16);
  count = 0;
  readonly #places = new Map<number, number>();

  add(id: number): void {
    if (this.count === this.ids.length) {
      const larger = new Int32Array(2 * this.count);
      larger.set(this.ids);
      this.ids = larger;
    }
    this.#places.set(id, this.count);
    this.ids[this.count] = id;
    this.count += 1;
  }

  remove(id: number): void {
    const place = this.#places.get(id);
    if (place === undefined) return;
    const last = this.ids[this.count - 1]!;
    this.ids[place] = last;
    this.#places.set(last, place);
    this.#places.delete(id);
    this.count -= 1;
  }
}
