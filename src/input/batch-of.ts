import type { LineBatch } from './line-batch.ts';

/** Lines as a batch: what was read is one; texts that somebody has come now. */
export function batchOf(lines: readonly string[] | LineBatch, firstNumber: number): LineBatch {
  if ('texts' in lines) return lines;
  return { texts: lines, firstNumber, time: Date.now(), bytesPerChar: 2 };
}

/** Number of the line behind the first so many texts of a batch. */
export function numberBehind({ numbers, firstNumber }: LineBatch, count: number): number {
  return numbers?.[count] ?? firstNumber + count;
}
