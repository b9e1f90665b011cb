import type { LineBatch } from './line-batch.ts';

/** What takes in what was read. */
export interface LineSink {
  /** Resolves when more may come. */
  ingestBatch(batch: LineBatch): Promise<void>;
  /** Resolves when all that was taken in is dealt with. */
  drained(): Promise<void>;
}
