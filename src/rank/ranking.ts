/**
 * What a score is. A ranking scores shapes for a phrase in two steps: a raw score of phrase and row
 * alone, and the score that people see, which may depend on what else the window holds.
 */
import type { PhraseEmbedding } from '../embed/phrase-embedding.ts';

export type RankName = 'meaning' | 'cosine';

export interface Ranking {
  readonly name: RankName;
  /** The least score a watch prints unless told otherwise; chosen by bench/quality. */
  readonly watchMinScore: number;
  /** Texts to embed for a phrase, the phrase itself first. */
  textsOf(phrase: string): string[];
  /** @param embeddings - of textsOf(phrase), in that order */
  open(phrase: string, embeddings: readonly PhraseEmbedding[]): PhraseRanking;
  /** A row entered the window, before it is scored. `key` is the text of its shape. */
  enter(row: number, key: string): void;
  /** A row left the window; its tokens are still there. */
  leave(row: number): void;
}

/** A phrase, ready to be compared with rows. */
export interface PhraseRanking {
  readonly phrase: string;
  /** What the scan looks for: L2-normalised, shape [dimensions]. */
  readonly vector: Float32Array;
  /** Raw score of a row; higher is better. */
  raw(row: number): number;
  /** Tells a watched phrase that a row of this raw score entered the window. */
  observe(raw: number): void;
  /**
   * The score people see, rising with raw.
   * @param best - the largest raw score of the phrase over the window where that is known
   */
  score(raw: number, best?: number): number;
}
