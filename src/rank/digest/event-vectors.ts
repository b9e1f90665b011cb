/**
 * What an event says as a vector, without the model: the vectors of its wordpieces, from the word
 * table, each weighted by how rare it is in this log, summed and normalised (as Arora, Liang and Ma
 * 2017, "A simple but tough-to-beat baseline for sentence embeddings", with Lucene's inverse document
 * frequency for their weights).
 */
import { idfOf, type Frequencies } from '../../glance/document-frequencies.ts';
import type { WordIds } from '../../glance/key-reader.ts';
import { shapeWords } from '../../glance/shape-words.ts';
import type { WordTable } from '../../glance/word-table.ts';

export interface EventWords {
  readonly table: WordTable;
  readonly wordIds: WordIds;
  readonly frequencies: Frequencies;
}

/**
 * @param words - those of the event's key that do not vary
 * @returns Float32[dimensions], of length 1; zeros where nothing is known of any word
 */
export function eventVector(
  words: readonly string[],
  { table, wordIds, frequencies }: EventWords,
): Float32Array {
  const sum = new Float32Array(table.dimensions);
  for (const word of new Set(words.flatMap(shapeWords))) {
    for (const piece of Array.from(wordIds(word))) {
      table.addTo(sum, piece, idfOf(frequencies, piece));
    }
  }
  let squares = 0;
  for (const value of sum) squares += value * value;
  if (squares > 0) {
    const scale = 1 / Math.sqrt(squares);
    for (let i = 0; i < sum.length; i += 1) sum[i]! *= scale;
  }
  return sum;
}
