/**
 * Ranks by what is meant: the phrase's words found in the shape (late interaction), the two texts as
 * wholes (cosine), and whether both speak of trouble. The sum T is turned into the chance that a
 * line answers. Constants were chosen on half of the labelled systems and checked on the other
 * (bench/quality/README.md).
 */
import type { PhraseEmbedding } from '../embed/phrase-embedding.ts';
import type { TokenStore } from '../ring/token-store.ts';
import type { VectorRing } from '../ring/vector-ring.ts';
import { CosineRanking } from './cosine.ts';
import { DocumentFrequencies } from '../glance/document-frequencies.ts';
import { LateInteraction, phraseTokens } from './late-interaction.ts';
import type { PhraseRanking, Ranking } from './ranking.ts';
import { saysWell, troubleOfPhrase, troubleOfShape } from '../glance/trouble.ts';
import { Yardstick } from './yardstick.ts';

/** The phrase as logs would say it: the sum of these vectors is the phrase as a whole. */
const prompts = ['{}', 'error: {}', 'log: {}', '{} event', 'warning {}'];

/** T = coverage + .4 · cosine − trouble that only one of the two speaks of. */
const cosineWeight = 0.4;
/** The phrase speaks of trouble, the shape does not. */
const unspokenPenalty = 0.15;
/** The shape speaks of trouble, the phrase does not, or says that all went well. */
const unaskedPenalty = 0.05;
const contraryPenalty = 0.15;

/** Chance = σ(a + b · T + c · (T − yardstick)): logistic regression on labelled lines. */
const a = -5.75;
const b = 8.5;
const c = 3.5;

export class MeaningRanking implements Ranking {
  readonly name = 'meaning';
  readonly watchMinScore = 0.5;
  readonly #tokens: TokenStore;
  readonly #frequencies = new DocumentFrequencies();
  readonly #interaction: LateInteraction;
  readonly #cosine: CosineRanking;
  /** By row. */
  readonly #trouble: Float32Array;

  constructor(ring: VectorRing, tokens: TokenStore) {
    this.#tokens = tokens;
    this.#interaction = new LateInteraction(tokens, this.#frequencies);
    this.#cosine = new CosineRanking(ring);
    this.#trouble = new Float32Array(ring.layout.rowCount);
  }

  textsOf(phrase: string): string[] {
    const words = wordsOf(phrase);
    return prompts.map((prompt) => prompt.replace('{}', () => words));
  }

  open(phrase: string, embeddings: readonly PhraseEmbedding[]): PhraseRanking {
    const [own] = embeddings;
    const whole = this.#cosine.openVector(phrase, sumOf(embeddings));
    const tokens = phraseTokens(own!);
    const trouble = troubleOfPhrase(phrase);
    const unasked = trouble === 0 && saysWell(phrase) ? contraryPenalty : unaskedPenalty;
    const yardstick = new Yardstick();
    return {
      phrase,
      vector: whole.vector,
      raw: (row) => {
        const gap = trouble - this.#trouble[row]!;
        const penalty = gap > 0 ? unspokenPenalty * gap : -unasked * gap;
        const coverage = this.#interaction.coverage(tokens, row);
        return coverage + cosineWeight * whole.raw(row) - penalty;
      },
      observe: (raw) => {
        yardstick.observe(raw);
      },
      score: (raw, best = yardstick.value) => chanceOf(raw, best),
    };
  }

  enter(row: number, key: string): void {
    this.#frequencies.add(this.#tokens.ids(row));
    this.#trouble[row] = troubleOfShape(key);
  }

  leave(row: number): void {
    this.#frequencies.remove(this.#tokens.ids(row));
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

/** @returns the sum of the pooled vectors */
function sumOf(embeddings: readonly PhraseEmbedding[]): Float32Array {
  const sum = new Float32Array(embeddings[0]!.vector.length);
  for (const { vector } of embeddings) {
    for (let i = 0; i < sum.length; i += 1) sum[i]! += vector[i]!;
  }
  return sum;
}
