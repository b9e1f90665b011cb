/**
 * What a score is. A ranking scores readings for a phrase in two steps: a raw score of phrase and
 * reading alone, and the score that people see, which may depend on what else there is.
 */
import type { PhraseEmbedding } from '../embed/phrase-embedding.ts';
import { noFrequencies, type Frequencies } from '../glance/document-frequencies.ts';
import type { GlancePhrase } from '../glance/glance.ts';
import type { PhraseLiterals } from '../glance/phrase-literals.ts';
import type { Asked } from './asked.ts';
import { noMean, type Mean } from './background.ts';
import type { Parts } from './parts.ts';

/** The stream at one moment, as far as scores depend on it. */
export interface Stream {
  readonly frequencies: Frequencies;
  readonly background: Mean;
}

/** Of nothing: for a ranking that looks at readings alone. */
export const noStream: Stream = { frequencies: noFrequencies, background: noMean };

/** What is known of a shape beside its reading. */
export interface ShapeSaid {
  /** Undefined of a vector from outside. */
  readonly key: string | undefined;
  /** See glance/trouble.ts. */
  readonly trouble: number;
}

/** Of a shape of which a ranking by readings alone asks nothing. */
export const noWords: ShapeSaid = { key: undefined, trouble: 0 };

/** How scores are made: by word, reading and stream, or by the cosine of the whole texts alone. */
export type RankName = 'meaning' | 'cosine';

export interface Ranking {
  readonly name: RankName;
  /** The least score a watch prints unless told otherwise; chosen by bench/quality. */
  readonly watchMinScore: number;
  /** The least score that answers a question unless told otherwise; chosen by bench/quality. */
  readonly questionMinScore: number;
  /** Texts to embed for a question, the phrase itself first. */
  textsOf(asked: string | Asked): string[];
  /** @param embeddings - of textsOf(asked), in that order */
  open(asked: string | Asked, embeddings: readonly PhraseEmbedding[]): PhraseRanking;
}

/** A phrase, ready to be compared with readings. */
export interface PhraseRanking {
  /** What the question is called, see asked.ts. */
  readonly phrase: string;
  /** What the scan looks for: L2-normalised, shape [dimensions]. */
  readonly vector: Float32Array;
  /** What of the phrase must be found as it stands, for which lines are looked at; undefined where it has none. */
  readonly literals: PhraseLiterals | undefined;
  /** What all of them are worth in a line, as raw score. */
  readonly literalsWeight: number;
  /** What is known without a reading, on the scale of the raw score; undefined where nothing is. */
  readonly glance: GlancePhrase | undefined;
  /** Raw score of a reading; higher is better. */
  raw(row: number, shape: ShapeSaid, stream: Stream): number;
  /**
   * Whether a reading is nearer to what is not meant than to all that is asked for: then no line of
   * its shape is told. Undefined where nothing was named.
   * @param raw - its raw score
   */
  isUnlike?: ((row: number, shape: ShapeSaid, stream: Stream, raw: number) => boolean) | undefined;
  /**
   * The score people see, rising with raw.
   * @param best - how good a match of this phrase can be expected to get here, as a raw score
   * @param prose - 0 where the stream is logs to 1 where it is prose
   */
  score(raw: number, best: number, prose: number): number;
  /** The raw score that gives this score: -Infinity where all do, Infinity where none does. */
  rawOf(score: number, best: number, prose: number): number;
  /** What the raw score of a reading is made of. */
  explain(row: number, shape: ShapeSaid, stream: Stream): Parts;
  /** What raw scores are measured by, of what `score` is told; undefined where by nothing. */
  yardstickOf(best: number, prose: number): number | undefined;
}
