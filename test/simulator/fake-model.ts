/** A sentence model made of arithmetic: its vectors depend on the token ids alone. */
import type { PhraseVectors } from '../../src/embed/phrase-embedding.ts';
import { Random } from './random.ts';
import { badId, pieceCount } from './vocabulary.ts';

export const dimensions = 6;
export const tokenDimensions = 16;

/** Uint8[pieces, tokenDimensions / 2]: 4-bit codes from 1 to 15, 8 for nought. */
export const tableBytes = makeTable();

/** The numbers of a wordpiece's row, -7 to 7. */
export function tableCodes(piece: number): number[] {
  const half = tokenDimensions / 2;
  const row = [...tableBytes.subarray(piece * half, (piece + 1) * half)];
  return row.flatMap((byte) => [(byte & 15) - 8, (byte >> 4) - 8]);
}

const known = new Map<string, PhraseVectors>();

/** @param ids - of a text, special tokens included */
export function vectorsOf(ids: readonly number[]): PhraseVectors {
  const name = ids.join();
  let vectors = known.get(name);
  if (vectors === undefined) {
    if (known.size > 20_000) known.clear();
    vectors = makeVectors(ids);
    known.set(name, vectors);
  }
  return vectors;
}

/** As a row holds it: in float32, of length 1. */
export function normalized(vector: ArrayLike<number>): Float32Array {
  const numbers = Array.from(vector);
  const inverse = 1 / Math.sqrt(numbers.reduce((sum, value) => sum + value * value, 0));
  return Float32Array.from(numbers, (value) => value * inverse);
}

/** In every text, besides what its words mean: so that readings lie above glances. */
const shared = 0.55;
/** What the text as a whole, and chance, make of a word. */
const context = 0.25;
const chance = 0.35;

function makeVectors(ids: readonly number[]): PhraseVectors {
  const text = new Random(ids.reduce((hash, id) => Math.imul(hash ^ id, 0x01000193), 0x811c9dc5));
  const direction = directionOf(text);
  const rows = ids.map((id) => {
    const word = normalized(tableCodes(id));
    const noise = directionOf(text);
    const sum = word.map(
      (value, i) =>
        value + shared / Math.sqrt(tokenDimensions) + context * direction[i]! + chance * noise[i]!,
    );
    return normalized(sum);
  });
  const whole = Array.from({ length: dimensions }, (_, i) =>
    rows.reduce((sum, row) => sum + row[i]!, direction[i]!),
  );
  const isBad = ids.includes(badId);
  const vector = isBad
    ? new Float32Array(dimensions).fill(ids.length % 2 === 0 ? NaN : 0)
    : normalized(whole);
  return { vector, tokenVectors: Float32Array.from(rows.flatMap((row) => [...row])) };
}

function directionOf(random: Random): Float32Array {
  return normalized(Array.from({ length: tokenDimensions }, () => random.next() - 0.5));
}

function makeTable(): Uint8Array {
  const random = new Random(1);
  const nibble = (): number => random.between(1, 15);
  const length = (pieceCount * tokenDimensions) / 2;
  return Uint8Array.from({ length }, () => nibble() + 16 * nibble());
}
