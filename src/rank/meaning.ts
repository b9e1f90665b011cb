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
import { together, unlikeAllowance } from '../glance/together.ts';
import { troubleOfExample, troubleOfPhrase } from '../glance/trouble.ts';
import type { WordTable } from '../glance/word-table.ts';
import type { TokenStore } from '../ring/token-store.ts';
import type { VectorRing } from '../ring/vector-ring.ts';
import { asQuestion, nameOf, type Asked } from './asked.ts';
import { along } from './background.ts';
import { chanceOf, rawOf, yardstickOf } from './chance.ts';
import { CosineRanking } from './cosine.ts';
import { LateInteraction } from './late-interaction.ts';
import { MeaningWay, type Compared } from './meaning-way.ts';
import type { PhraseRanking, Ranking, ShapeSaid, Stream } from './ranking.ts';

/** A line that holds the phrase's literals scores so much more than its shape. */
const literalsWeight = 0.1;

/** What words are, beside the model. */
export interface WordData {
  readonly table: WordTable;
  readonly antonyms: Antonyms;
  /** The text of a wordpiece. */
  readonly pieceOf: (id: number) => string;
}

type Kind = 'phrase' | 'like' | 'unlike';

/** What is embedded for a question. */
interface Texts {
  readonly phrases: readonly string[];
  readonly like: readonly string[];
  readonly unlike: readonly string[];
}

/** One thing a phrase asks for, or an example of it: by glance, and by reading. */
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
  readonly #exampleText: (line: string) => string | undefined;

  /** @param exampleText - what the model reads of a line; undefined where nothing is left of it */
  constructor(
    ring: VectorRing,
    tokens: TokenStore,
    words: WordData,
    exampleText: (line: string) => string | undefined = wordsOf,
  ) {
    this.#ring = ring;
    this.#exampleText = exampleText;
    this.#words = words;
    this.#interaction = new LateInteraction(tokens);
    this.#cosine = new CosineRanking(ring);
  }

  textsOf(asked: string | Asked): string[] {
    const { phrases, like, unlike } = this.#texts(asQuestion(asked));
    return [...phrases.map(wordsOf), ...like, ...unlike];
  }

  open(asked: string | Asked, embeddings: readonly PhraseEmbedding[]): PhraseRanking {
    const question = asQuestion(asked);
    const { phrases, like, unlike } = this.#texts(question);
    const texts = [...phrases, ...like, ...unlike];
    const [likeFirst, unlikeFirst] = [phrases.length, phrases.length + like.length];
    const ways = embeddings.map((embedding, index) => {
      const kind = index < likeFirst ? 'phrase' : index < unlikeFirst ? 'like' : 'unlike';
      return this.#way(texts[index]!, embedding, kind, index === 0);
    });
    const ofPhrase = ways.slice(0, likeFirst);
    const examples = ways.slice(likeFirst, unlikeFirst);
    const unlikes = ways.slice(unlikeFirst).map((way, index) => ({
      way,
      text: unlike[index]!,
      allowance: unlikeAllowance(embeddings[unlikeFirst + index]!.tokenIds.length),
    }));
    const { vectors, layout } = this.#ring;
    const compared = (row: number, { key = '', trouble }: ShapeSaid, stream: Stream): Compared => ({
      row,
      trouble,
      words: shapeWords(key),
      along: along(stream.background, vectors, row * layout.stride),
    });
    return {
      phrase: nameOf(question),
      vector: this.#cosine.openVector('', embeddings[0]!.vector).vector,
      literals: question.phrase === undefined ? undefined : PhraseLiterals.of(question.phrase),
      literalsWeight,
      glance: new GlancePhrase(
        ofPhrase.map(({ glance }) => glance),
        examples.map(({ glance }) => glance),
        unlikes.map(({ way, allowance }) => ({ way: way.glance, allowance })),
      ),
      raw: (row, said, stream) => {
        const shape = compared(row, said, stream);
        return together(bestOf(ofPhrase, shape, stream), bestOf(examples, shape, stream));
      },
      isUnlike:
        unlikes.length === 0
          ? undefined
          : (row, said, stream, raw) => {
              const shape = compared(row, said, stream);
              return unlikes.some(
                ({ way, text, allowance }) =>
                  said.key === text || way.reading.raw(shape, stream) - allowance > raw,
              );
            },
      score: chanceOf,
      rawOf,
      explain: (row, said, stream) => {
        const shape = compared(row, said, stream);
        const own = ofPhrase.length > 0 ? ofPhrase : examples;
        const raws = own.map(({ reading }) => reading.raw(shape, stream));
        const best = Math.max(...raws);
        const parts = own[raws.indexOf(best)]!.reading.explain(shape, stream);
        if (examples.length === 0) return parts;
        const example = bestOf(examples, shape, stream);
        const raw = together(own === examples ? -Infinity : best, example);
        return { ...parts, examples: raw - best };
      },
      yardstickOf,
    };
  }

  /** The phrase with its parts, as they were written; examples as keys of shapes are. */
  #texts({ phrase, like, unlike }: Asked): Texts {
    const keyOf = (line: string): string => this.#exampleText(line) ?? wordsOf(line);
    return {
      phrases: phrase === undefined ? [] : [phrase, ...partsOf(phrase)],
      like: like.map(keyOf),
      unlike: unlike.map(keyOf),
    };
  }

  #way(text: string, embedding: PhraseEmbedding, kind: Kind, isWhole: boolean): Way {
    const { table, antonyms, pieceOf } = this.#words;
    const tokens = phraseTokens(embedding);
    const trouble = kind === 'phrase' ? troubleOfPhrase(text) : troubleOfExample(text);
    // Of a line's many words one is contrary to something nearly everywhere.
    const own = kind === 'like' ? [] : embedding.tokens.slice(0, tokens.count);
    const opposites = new Opposites(own, tokens.isIdle, trouble.trouble > 0, antonyms);
    const reading = new MeaningWay({
      part: isWhole ? undefined : text,
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

function bestOf(ways: readonly Way[], shape: Compared, stream: Stream): number {
  let best = -Infinity;
  for (const way of ways) best = Math.max(best, way.reading.raw(shape, stream));
  return best;
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
