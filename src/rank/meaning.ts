/**
 * Ranks by what is meant: the phrase's words found in the shape (late interaction), the two texts as
 * wholes (cosine), and whether both speak of trouble. The sum T is turned into the chance that a
 * line answers. Constants were chosen on half of the labelled systems and checked on the other
 * (bench/quality/README.md).
 */
import type { PhraseEmbedding } from '../embed/phrase-embedding.ts';
import { GlancePhrase } from '../glance/glance.ts';
import { PhraseLiterals } from '../glance/phrase-literals.ts';
import { phraseTokens } from '../glance/phrase-tokens.ts';
import { penaltyOf, troubleOfPhrase } from '../glance/trouble.ts';
import type { WordTable } from '../glance/word-table.ts';
import type { TokenStore } from '../ring/token-store.ts';
import type { VectorRing } from '../ring/vector-ring.ts';
import { CosineRanking } from './cosine.ts';
import { LateInteraction } from './late-interaction.ts';
import type { PhraseRanking, Ranking } from './ranking.ts';

/** The phrase as logs would say it: the sum of these vectors is the phrase as a whole. */
const prompts = ['{}', 'error: {}', 'log: {}', '{} event', 'warning {}'];

/** T = coverage + .4 · cosine − trouble that only one of the two speaks of. */
const cosineWeight = 0.4;
/** A line that holds the phrase's literals scores so much more than its shape. */
const literalsWeight = 0.1;

/** Chance = σ(a + b · T + c · (T − yardstick)): logistic regression on labelled lines. */
const a = -5.75;
const b = 8.5;
const c = 3.5;

export class MeaningRanking implements Ranking {
  readonly name = 'meaning';
  readonly watchMinScore = 0.5;
  readonly questionMinScore = 0.3;
  readonly #words: WordTable;
  readonly #interaction: LateInteraction;
  readonly #cosine: CosineRanking;

  constructor(ring: VectorRing, tokens: TokenStore, words: WordTable) {
    this.#words = words;
    this.#interaction = new LateInteraction(tokens);
    this.#cosine = new CosineRanking(ring);
  }

  textsOf(phrase: string): string[] {
    const words = wordsOf(phrase);
    return prompts.map((prompt) => prompt.replace('{}', () => words));
  }

  open(phrase: string, embeddings: readonly PhraseEmbedding[]): PhraseRanking {
    const whole = this.#cosine.openVector(phrase, sumOf(embeddings));
    const tokens = phraseTokens(embeddings[0]!);
    const trouble = troubleOfPhrase(phrase);
    return {
      phrase,
      vector: whole.vector,
      literals: PhraseLiterals.of(phrase),
      literalsWeight,
      glance: new GlancePhrase(this.#words, tokens, trouble),
      raw: (row, ofShape, frequencies) =>
        this.#interaction.coverage(tokens, row, frequencies) +
        cosineWeight * whole.raw(row) -
        penaltyOf(trouble, ofShape),
      score: chanceOf,
      rawOf,
    };
  }
}

/** A phrase as keys of shapes are written, but with its numbers: nothing of it is masked. */
function wordsOf(phrase: string): string {
  const words = phrase
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .replace(/n't\b/g, (_, at: number, text: string) => (text[at - 1] === 'a' ? 'n not' : ' not'))
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim();
  return words === '' ? phrase : words;
}

function chanceOf(raw: number, yardstick: number): number {
  return 1 / (1 + Math.exp(-(a + b * raw + c * (raw - yardstick))));
}

/** The T that gives this chance: (−a + c · yardstick + ln(p / (1 − p))) / (b + c). */
function rawOf(chance: number, yardstick: number): number {
  if (chance <= 0) return -Infinity;
  if (chance >= 1) return Infinity;
  return (-a + c * yardstick + Math.log(chance / (1 - chance))) / (b + c);
}

/** @returns the sum of the pooled vectors */
function sumOf(embeddings: readonly PhraseEmbedding[]): Float32Array {
  const sum = new Float32Array(embeddings[0]!.vector.length);
  for (const { vector } of embeddings) {
    for (let i = 0; i < sum.length; i += 1) sum[i]! += vector[i]!;
  }
  return sum;
}
