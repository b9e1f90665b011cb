/**
 * The stages of an engine, all real, over a language of a few words; the model is the test's hands.
 * Texts are words of small letters, each a wordpiece; every line is a shape of its own.
 */
import type { ShapeJob } from '../../src/embed/pool.ts';
import type { PhraseEmbedding } from '../../src/embed/phrase-embedding.ts';
import { resolveOptions, type EngineOptions } from '../../src/engine/options.ts';
import { Stages } from '../../src/engine/stages.ts';
import type { GlancePhrase } from '../../src/glance/glance.ts';
import type { LookedAt } from '../../src/glance/looked-at.ts';
import type { PhraseRanking } from '../../src/rank/ranking.ts';
import { seeded } from '../scan/vectors.ts';
import { randomRows, wordTableOf } from './word-tables.ts';

const dimensions = 8;
const pieceCount = 4_096;
const tableRows = randomRows(seeded(4_711), pieceCount, dimensions);
const table = wordTableOf(tableRows);

/** After so many shapes none of those that a test has will be sampled: see rank/background.ts. */
const farBeyondSamples = 2 ** 40;

export interface BenchOptions extends EngineOptions {
  /** Whether shapes are sampled for what the stream has in common, as of a stream that begins. */
  readonly samples?: boolean;
}

export class StagesBench {
  readonly stages: Stages;
  /** By row: what the model last read into it. */
  readonly textOfRow = new Map<number, string>();
  /** Texts that were read, in order. */
  readonly read: string[] = [];
  /** `number text` of each line that was told, with the phrases it answers. */
  readonly told: string[] = [];
  readonly #ids = new Map<string, number>();
  #nextNumber = 1;

  constructor({ samples = false, ...options }: BenchOptions = {}) {
    this.stages = new Stages(
      { ...resolveOptions({ rows: 16, exact: true, workers: 1, ...options }) },
      { words: table },
      { wordIds: (word) => [this.idOf(word)], token: (id) => this.wordOf(id) },
      { dimensions, tokenDimensions: dimensions },
      () => undefined,
    );
    if (!samples) this.stages.background.seen = farBeyondSamples;
    this.stages.watching.onMatch(({ hits, line, text }) => {
      this.told.push(`${line} ${text}: ${hits.map(({ watch }) => watch.phrase).join(', ')}`);
    });
  }

  idOf(word: string): number {
    const id = this.#ids.get(word) ?? this.#ids.size + 1;
    if (id >= pieceCount) throw new Error('too many words');
    this.#ids.set(word, id);
    return id;
  }

  wordOf(id: number): string {
    return [...this.#ids].find(([, one]) => one === id)?.[0] ?? '';
  }

  async ingest(...texts: string[]): Promise<void> {
    const batch = { texts, firstNumber: this.#nextNumber, time: 0, bytesPerChar: 1 as const };
    this.#nextNumber += texts.length;
    await this.stages.committer.ingest(batch);
  }

  /** A line with a vector from outside. @returns whether there was a row for it */
  ingestRaw(text: string, vector = Float32Array.of(1, 0, 0, 0, 0, 0, 0, 0)): boolean {
    const place = { text, number: this.#nextNumber, time: 0 };
    const isTaken = this.stages.ingestRaw(vector, 0, place);
    if (isTaken) this.#nextNumber += 1;
    return isTaken;
  }

  shapeOf(text: string): number {
    const shape = this.stages.table.get(text);
    if (shape === undefined) throw new Error(`no shape: ${text}`);
    return shape;
  }

  take(count = 32): readonly ShapeJob[] {
    return this.stages.readings.take(count);
  }

  /** What a worker does with these jobs. @param stored - 0 where the model gives no vector */
  done(jobs: readonly ShapeJob[], stored: 0 | 1 = 1): string[] {
    const { ring, tokens, readings } = this.stages;
    for (const { row, text } of jobs) {
      this.textOfRow.set(row, text);
      this.read.push(text);
      const { vector, tokenVectors, tokenIds } = this.embed(text);
      ring.write(row, vector, 0);
      tokens?.write(row, tokenVectors, 0, tokenIds);
    }
    readings.done(jobs, new Uint8Array(jobs.length).fill(stored));
    return jobs.map(({ text }) => text);
  }

  /** Reads all that is wanted, as long as anything is. @returns the texts */
  async readAll(): Promise<string[]> {
    const texts: string[] = [];
    for (let idle = 0; idle < 10; idle += 1) {
      await new Promise(setImmediate);
      const jobs = this.take();
      if (jobs.length === 0) continue;
      texts.push(...this.done(jobs));
      idle = 0;
    }
    return texts;
  }

  /** What the model says: of a word much what the table does, and something of the text around it. */
  embed(text: string): PhraseEmbedding {
    const words = text.split(' ').filter((word) => word !== '');
    const random = seeded(
      Array.from(words.join(' ')).reduce((h, c) => h * 31 + c.charCodeAt(0), 7),
    );
    const vectors = words.map((word) =>
      unit(tableRows[this.idOf(word)]!.map((code) => code + 6 * (random() - 0.5))),
    );
    const sum = Array.from({ length: dimensions }, (_, i) =>
      vectors.reduce((total, vector) => total + vector[i]!, 0),
    );
    return {
      vector: Float32Array.from(unit(sum)),
      tokens: words,
      tokenIds: Uint32Array.from(words, (word) => this.idOf(word)),
      tokenVectors: Float32Array.from(vectors.flat()),
    };
  }

  open(phrase: string): PhraseRanking {
    return this.stages.ranking.open(phrase, [this.embed(phrase)]);
  }
}

function unit(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/**
 * A phrase whose glances and readings the test says: by the first word of a text. Its scores are raw
 * scores, less a share of how good a match can be expected to get.
 */
export function toldPhrase(
  bench: StagesBench,
  options: {
    readonly phrase?: string;
    readonly glances: Readonly<Record<string, number>>;
    readonly readings: Readonly<Record<string, number>>;
    readonly yardstickShare?: number;
  },
): PhraseRanking & { readonly looked: string[]; readonly compared: string[] } {
  const { phrase = 'told', glances, readings, yardstickShare: share = 0 } = options;
  const looked: string[] = [];
  const compared: string[] = [];
  return {
    phrase,
    looked,
    compared,
    vector: Float32Array.of(1, 0, 0, 0, 0, 0, 0, 0),
    literals: undefined,
    literalsWeight: 0,
    glance: {
      ways: [],
      score: ({ pieces, count }: LookedAt): number => {
        const word = count === 0 ? '' : bench.wordOf(pieces[0]!);
        looked.push(word);
        return glances[word] ?? 0;
      },
    } as unknown as GlancePhrase,
    raw: (row) => {
      const [word = ''] = (bench.textOfRow.get(row) ?? '').split(' ');
      compared.push(word);
      return readings[word] ?? 0;
    },
    score: (raw, best) => raw - share * best,
    rawOf: (score, best) => score + share * best,
    explain: () => ({ words: [], whole: 0 }),
    yardstickOf: (best) => best,
  };
}
