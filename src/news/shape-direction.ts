/**
 * What a shape says, as a direction in the space of the word table: the sum of its words, each counted
 * once. A word that the tokenizer has only in pieces is a name more often than not, so it counts half;
 * but for one that says trouble (bench/news).
 */
import type { WordIds } from '../glance/key-reader.ts';
import { troubleOfShape } from '../glance/trouble.ts';
import type { WordTable } from '../glance/word-table.ts';

const nameWeight = 0.5;
/** Words whose trouble is kept, for it takes a pattern of many words to find it; then all anew. */
const cachedWordsMax = 65_536;

export class ShapeDirection {
  // Of the shape read last:
  /** Shape [dimensions], of any length. */
  readonly vector: Float32Array;
  /** The words by which it speaks of trouble, and how plainly: 0, one half or 1. */
  troubles: readonly string[] = [];
  trouble = 0;
  /** Its wordpieces, each once. */
  pieces: readonly number[] = [];
  readonly #table: WordTable;
  readonly #wordIds: WordIds;
  readonly #troubles = new Map<string, number>();

  constructor(table: WordTable, wordIds: WordIds) {
    this.#table = table;
    this.#wordIds = wordIds;
    this.vector = new Float32Array(table.dimensions);
  }

  /** @param key - words with one space between */
  read(key: string): void {
    this.vector.fill(0);
    this.trouble = 0;
    const troubles: string[] = [];
    const pieces = new Set<number>();
    for (const word of new Set(key.split(' '))) {
      const ids = this.#wordIds(word);
      const trouble = this.#troubleOf(word);
      if (trouble > 0) troubles.push(word);
      this.trouble = Math.max(this.trouble, trouble);
      this.#add(ids, ids.length > 1 && trouble === 0 ? nameWeight : 1);
      for (let i = 0; i < ids.length; i += 1) pieces.add(ids[i]!);
    }
    this.troubles = troubles;
    this.pieces = [...pieces];
  }

  #troubleOf(word: string): number {
    let trouble = this.#troubles.get(word);
    if (trouble !== undefined) return trouble;
    trouble = troubleOfShape(word);
    if (this.#troubles.size >= cachedWordsMax) this.#troubles.clear();
    this.#troubles.set(word, trouble);
    return trouble;
  }

  #add(ids: ArrayLike<number>, weight: number): void {
    for (let i = 0; i < ids.length; i += 1) {
      this.#table.addTo(this.vector, ids[i]!, weight / ids.length);
    }
  }
}
