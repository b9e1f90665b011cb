/** One thing that a phrase asks for, compared with readings: what T is made of (meaning.ts). */
import type { PhraseEmbedding } from '../embed/phrase-embedding.ts';
import { contradictionPenalty, type Opposites } from '../glance/opposites.ts';
import type { PhraseTokens } from '../glance/phrase-tokens.ts';
import { metSimilarity } from '../glance/token-found.ts';
import { penaltyOf, type PhraseTrouble } from '../glance/trouble.ts';
import { along, cosineBeyond, type Mean } from './background.ts';
import type { CosinePhrase } from './cosine.ts';
import type { LateInteraction } from './late-interaction.ts';
import type { Stream } from './ranking.ts';
import type { Parts, WordMet } from './parts.ts';

/** T = coverage + .6 · cosine − trouble that only one of the two speaks of − contradiction. */
const cosineWeight = 0.6;

/** A shape, with what all ways of a phrase need of it. */
export interface Compared {
  readonly row: number;
  readonly trouble: number;
  readonly words: readonly string[];
  /** The mean along its vector. */
  readonly along: number;
}

export interface MeaningWayOptions {
  /** The part of the phrase; undefined of all of it. */
  readonly part: string | undefined;
  readonly embedding: PhraseEmbedding;
  readonly tokens: PhraseTokens;
  readonly trouble: PhraseTrouble;
  readonly opposites: Opposites;
  readonly whole: CosinePhrase;
  readonly interaction: LateInteraction;
  /** Numbers of a vector, as rows have them. */
  readonly stride: number;
  /** The text of a wordpiece. */
  readonly pieceOf: (id: number) => string;
}

/** What T is made of. */
interface Sum {
  readonly coverage: number;
  readonly cosine: number;
  readonly troublePenalty: number;
  readonly isOpposed: boolean;
}

export class MeaningWay {
  readonly #options: MeaningWayOptions;
  readonly #along: (mean: Mean) => number;

  constructor(options: MeaningWayOptions) {
    this.#options = options;
    this.#along = alongOf(options.whole.vector, options.stride);
  }

  /** T */
  raw(shape: Compared, stream: Stream): number {
    const { coverage, cosine, troublePenalty, isOpposed } = this.#compare(shape, stream);
    const contradiction = isOpposed ? contradictionPenalty : 0;
    return coverage + cosineWeight * cosine - troublePenalty - contradiction;
  }

  /** What T is made of, for people. */
  explain(shape: Compared, stream: Stream): Parts {
    const { part, trouble } = this.#options;
    const { coverage, cosine, troublePenalty, isOpposed } = this.#compare(shape, stream);
    return {
      part,
      words: this.#wordsMet(shape.row, isOpposed),
      coverage,
      whole: cosine,
      trouble: { phrase: trouble.trouble, line: shape.trouble },
      troublePenalty,
      contradictionPenalty: isOpposed ? contradictionPenalty : 0,
    };
  }

  #compare({ row, words, trouble, along: alongRow }: Compared, stream: Stream): Sum {
    const { opposites, interaction, tokens, whole, trouble: phraseTrouble } = this.#options;
    const { frequencies, background } = stream;
    const isOpposed = opposites.look(words);
    const contradicted = isOpposed ? opposites.contradicted : undefined;
    const product = whole.raw(row);
    return {
      coverage: interaction.coverage(tokens, row, frequencies, contradicted),
      cosine: cosineBeyond(background, product, this.#along(background), alongRow),
      troublePenalty: penaltyOf(phraseTrouble, trouble, frequencies.proseDegree),
      isOpposed,
    };
  }

  /** Of the row that was compared last. */
  #wordsMet(row: number, isOpposed: boolean): WordMet[] {
    const { embedding, tokens, interaction, opposites, pieceOf } = this.#options;
    const { weights, best, bestAt } = interaction;
    const shape = joinPieces(Array.from(interaction.idsOf(row), pieceOf));
    const met: WordMet[] = [];
    for (const { text, first, end } of joinPieces(embedding.tokens.slice(0, tokens.count))) {
      let weight = 0;
      let found = 0;
      let strongest = first;
      for (let i = first; i < end; i += 1) {
        weight += weights[i]!;
        found += weights[i]! * Math.max(0, Math.min(metSimilarity, best[i]!));
        if (weights[i]! * best[i]! > weights[strongest]! * best[strongest]!) strongest = i;
      }
      if (weight === 0) continue;
      const at = bestAt[strongest]!;
      met.push({
        word: text,
        weight,
        met: shape.find((word) => at >= word.first && at < word.end)?.text,
        strength: found / weight / metSimilarity,
        contradicted: isOpposed && opposites.contradicted[first] === 1 ? true : undefined,
      });
    }
    return met;
  }
}

/** A word, with its wordpieces from first up to end. */
interface JoinedWord {
  readonly text: string;
  readonly first: number;
  readonly end: number;
}

function joinPieces(pieces: readonly string[]): JoinedWord[] {
  const words: JoinedWord[] = [];
  for (let first = 0; first < pieces.length;) {
    let text = pieces[first]!;
    let end = first + 1;
    for (; pieces[end]?.startsWith('##') === true; end += 1) text += pieces[end]!.slice(2);
    words.push({ text, first, end });
    first = end;
  }
  return words;
}

/** The mean along a phrase, computed once for each mean. */
function alongOf(phrase: Float32Array, stride: number): (mean: Mean) => number {
  const vector = new Float32Array(stride);
  vector.set(phrase);
  let last: Mean | undefined;
  let version = 0;
  let value = 0;
  return (mean) => {
    if (mean !== last || mean.version !== version) value = along(mean, vector, 0);
    last = mean;
    ({ version } = mean);
    return value;
  };
}
