/**
 * Ranks by what is meant: the phrase's words found in the shape (late interaction), the two texts as
 * wholes (cosine), whether both speak of trouble, and whether one says the contrary of the other. The
 * sum T is turned into the chance that a line answers. Constants were chosen on half of the labelled
 * systems and phrases and checked on the other (bench/quality/README.md).
 */
import type { PhraseEmbedding } from '../embed/phrase-embedding.ts';
import type { Antonyms } from '../glance/antonyms.ts';
import { GlancePhrase } from '../glance/glance.ts';
import { GlanceWay } from '../glance/glance-way.ts';
import { Opposites } from '../glance/opposites.ts';
import { partsOf } from '../glance/parts.ts';
import { PhraseLiterals } from '../glance/phrase-literals.ts';
import { phraseTokens } from '../glance/phrase-tokens.ts';
import { shapeWords } from '../glance/shape-words.ts';
import { troubleOfPhrase } from '../glance/trouble.ts';
import type { WordTable } from '../glance/word-table.ts';
import type { TokenStore } from '../ring/token-store.ts';
import type { VectorRing } from '../ring/vector-ring.ts';
import { along, type Mean } from './background.ts';
import { CosineRanking } from './cosine.ts';
import { LateInteraction } from './late-interaction.ts';
import { MeaningWay, type Compared } from './meaning-way.ts';
import type { PhraseRanking, Ranking, ShapeSaid } from './ranking.ts';

/** A line that holds the phrase's literals scores so much more than its shape. */
const literalsWeight = 0.1;

/** Chance = σ(a + b · T + c · (T − yardstick)): logistic regression on labelled lines. */
const a = -5.5;
const b = 8.8;
const c = 3.4;
/** The yardstick of prose, where the best line says little about the others. */
const proseYardstick = 0.74;

/** What words are, beside the model. */
export interface WordData {
  readonly table: WordTable;
  readonly antonyms: Antonyms;
  /** The text of a wordpiece. */
  readonly pieceOf: (id: number) => string;
}

/** One thing a phrase asks for: by glance, and by reading. */
interface Way {
  readonly glance: GlanceWay;
  readonly reading: MeaningWay;
}

export class MeaningRanking implements Ranking {
  readonly name = 'meaning';
  readonly watchMinScore = 0.5;
  readonly questionMinScore = 0.35;
  readonly #ring: VectorRing;
  readonly #words: WordData;
  readonly #interaction: LateInteraction;
  readonly #cosine: CosineRanking;

  constructor(ring: VectorRing, tokens: TokenStore, words: WordData) {
    this.#ring = ring;
    this.#words = words;
    this.#interaction = new LateInteraction(tokens);
    this.#cosine = new CosineRanking(ring);
  }

  textsOf(phrase: string): string[] {
    return [phrase, ...partsOf(phrase)].map(wordsOf);
  }

  open(phrase: string, embeddings: readonly PhraseEmbedding[]): PhraseRanking {
    const texts = [phrase, ...partsOf(phrase)];
    const ways = embeddings.map((embedding, index) => this.#way(texts, index, embedding));
    const readings = ways.map(({ reading }) => reading);
    const { vectors, layout } = this.#ring;
    const compared = (row: number, { key = '', trouble }: ShapeSaid, mean: Mean): Compared => {
      return {
        row,
        trouble,
        words: shapeWords(key),
        along: along(mean, vectors, row * layout.stride),
      };
    };
    return {
      phrase,
      vector: this.#cosine.openVector(phrase, embeddings[0]!.vector).vector,
      literals: PhraseLiterals.of(phrase),
      literalsWeight,
      glance: new GlancePhrase(ways.map(({ glance }) => glance)),
      raw: (row, said, stream) => {
        const shape = compared(row, said, stream.background);
        let best = -Infinity;
        for (const reading of readings) best = Math.max(best, reading.raw(shape, stream));
        return best;
      },
      score: chanceOf,
      rawOf,
      explain: (row, said, stream) => {
        const shape = compared(row, said, stream.background);
        const raws = readings.map((reading) => reading.raw(shape, stream));
        return readings[raws.indexOf(Math.max(...raws))]!.explain(shape, stream);
      },
      yardstickOf,
    };
  }

  /** @param texts - the phrase, and its parts */
  #way(texts: readonly string[], index: number, embedding: PhraseEmbedding): Way {
    const { table, antonyms, pieceOf } = this.#words;
    const text = texts[index]!;
    const tokens = phraseTokens(embedding);
    const trouble = troubleOfPhrase(text);
    const own = embedding.tokens.slice(0, tokens.count);
    const opposites = new Opposites(own, tokens.isIdle, trouble.trouble > 0, antonyms);
    const reading = new MeaningWay({
      part: index === 0 ? undefined : text,
      embedding,
      tokens,
      trouble,
      opposites,
      whole: this.#cosine.openVector(text, embedding.vector),
      interaction: this.#interaction,
      stride: this.#ring.layout.stride,
      pieceOf,
    });
    return { glance: new GlanceWay(table, { tokens, trouble, opposites }, pieceOf), reading };
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

/** What a score is measured by: in logs the best line, in prose always the same. */
function yardstickOf(best: number, prose: number): number {
  return best + prose * (proseYardstick - best);
}

function chanceOf(raw: number, best: number, prose: number): number {
  return 1 / (1 + Math.exp(-(a + b * raw + c * (raw - yardstickOf(best, prose)))));
}

/** The T that gives this chance: (−a + c · yardstick + ln(p / (1 − p))) / (b + c). */
function rawOf(chance: number, best: number, prose: number): number {
  if (chance <= 0) return -Infinity;
  if (chance >= 1) return Infinity;
  return (-a + c * yardstickOf(best, prose) + Math.log(chance / (1 - chance))) / (b + c);
}
