/**
 * How alarming a shape's words are, by what they mean: beside the list of words that say trouble
 * (glance/trouble.ts), a direction in the space of the word table, from the words that say that all
 * went well to those that say that something is wrong. So words that stand in no list count by how
 * near they are to those that do (as SentProp and its kind do: Hamilton et al., EMNLP 2016).
 */
import type { WordIds } from '../glance/key-reader.ts';
import { troubleExamples, type TroubleExamples } from '../glance/trouble.ts';
import type { WordTable } from '../glance/word-table.ts';

/** How alarming wordpieces are: -1 to 1. */
export interface AlarmOfShape {
  readonly mean: number;
  /** Of the most alarming one; 0 or more. */
  readonly most: number;
}

export class Alarm {
  /** By wordpiece; NaN where nobody asked yet. */
  readonly #ofPiece: Float32Array;
  readonly #table: WordTable;
  readonly #axis: Float32Array;
  readonly #vector: Float32Array;

  /** @param examples - words that say that something is wrong, and that it went well */
  constructor(table: WordTable, wordIds: WordIds, examples: TroubleExamples = troubleExamples()) {
    this.#table = table;
    this.#ofPiece = new Float32Array(table.pieceCount).fill(NaN);
    this.#vector = new Float32Array(table.dimensions);
    const from = meanOf(table, wordIds, examples.well);
    this.#axis = meanOf(table, wordIds, examples.wrong).map((value, i) => value - from[i]!);
    normalise(this.#axis);
  }

  /** @param pieces - wordpieces of a shape */
  weigh(pieces: readonly number[]): AlarmOfShape {
    let sum = 0;
    let most = 0;
    for (const piece of pieces) {
      const alarm = this.#of(piece);
      sum += alarm;
      most = Math.max(most, alarm);
    }
    return { mean: sum / Math.max(1, pieces.length), most };
  }

  #of(piece: number): number {
    if (piece >= this.#ofPiece.length) return 0;
    const known = this.#ofPiece[piece]!;
    if (!Number.isNaN(known)) return known;
    const vector = this.#vector.fill(0);
    this.#table.addTo(vector, piece);
    let sum = 0;
    for (let i = 0; i < vector.length; i += 1) sum += vector[i]! * this.#axis[i]!;
    this.#ofPiece[piece] = sum;
    return sum;
  }
}

/** Of those words that are one wordpiece: the others are only parts of what they say. */
function meanOf(table: WordTable, wordIds: WordIds, words: readonly string[]): Float32Array {
  const sum = new Float32Array(table.dimensions);
  let count = 0;
  for (const word of words) {
    const ids = wordIds(word);
    if (ids.length !== 1) continue;
    table.addTo(sum, ids[0]!);
    count += 1;
  }
  return sum.map((value) => value / Math.max(count, 1));
}

function normalise(vector: Float32Array): void {
  const length = Math.hypot(...vector);
  for (let i = 0; i < vector.length; i += 1) vector[i]! /= length || 1;
}
