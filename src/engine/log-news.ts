/**
 * What is new in a log, without the model: the word table and the tokenizer are enough. The library's
 * users and the command sit on this class.
 */
import { embeddedModelFolder } from '../embed/manifest.ts';
import { loadModel } from '../embed/model.ts';
import { batchOf, numberBehind } from '../input/batch-of.ts';
import type { LineBatch } from '../input/line-batch.ts';
import type { LineSink } from '../input/line-sink.ts';
import { withoutReadings, type EngineStats } from './stats.ts';
import { changesOf, type Change } from '../news/changes.ts';
import { newnessFor, seenFileAt } from '../news/by-model.ts';
import type { Newness } from '../news/newness.ts';
import { NewsReader, type News } from '../news/news-reader.ts';
import type { SeenFile } from '../news/seen-file.ts';
import { Tally, type GroupCount } from '../news/tally.ts';

/** How to look for news. */
export interface LogNewsOptions {
  /** A folder with a manifest and a word table; the embedded model by default. */
  readonly model?: string | undefined;
  /** No masking: each different line is a shape. */
  readonly exact?: boolean | undefined;
  /** So many lines are learned before any is told. */
  readonly warmUp?: number | undefined;
  /** A file of what was seen before, read when it is there; `save` writes it. */
  readonly seen?: string | undefined;
  /** Told of the first line of each new event, in input order, before `ingestBatch` resolves. */
  readonly onNews: (news: News) => void;
}

/** Tells the first line of each event that it has not seen before; it loads no model. */
export class LogNews implements LineSink {
  /** Shapes that were seen before this run. */
  readonly restoredCount: number;
  readonly #modelName: string;
  readonly #newness: Newness;
  readonly #tally: Tally;
  readonly #reader: NewsReader;
  readonly #seen: SeenFile | undefined;
  readonly #started = performance.now();
  #nextNumber = 1;

  private constructor(
    modelName: string,
    parts: { newness: Newness; tally: Tally; reader: NewsReader; seen: SeenFile | undefined },
    restoredCount: number,
  ) {
    this.#modelName = modelName;
    this.#newness = parts.newness;
    this.#tally = parts.tally;
    this.#reader = parts.reader;
    this.#seen = parts.seen;
    this.restoredCount = restoredCount;
  }

  /**
   * Loads the word table and the tokenizer, and what was seen before.
   * @throws {ImesdeError} ERR_IMESDE_MODEL where the model has no word table, ERR_IMESDE_INPUT where
   * the file of what was seen can't be used
   */
  static async open(options: LogNewsOptions): Promise<LogNews> {
    const { model = embeddedModelFolder, exact, warmUp, onNews } = options;
    const { spec, words, createEncoder } = await loadModel(model);
    const encoder = await createEncoder();
    const newness = newnessFor(words, encoder, model);
    const tally = new Tally();
    const reader = new NewsReader({ newness, tally, exact, warmUp, onNews });
    const seen = seenFileAt(options.seen, spec, encoder);
    const restoredCount = (await seen?.restore(newness)) ?? 0;
    return new LogNews(spec.name, { newness, tally, reader, seen }, restoredCount);
  }

  /** While it is true, what is taken in is the baseline: learned, counted apart, never told. */
  get isBaseline(): boolean {
    return this.#reader.isBaseline;
  }

  set isBaseline(value: boolean) {
    this.#reader.isBaseline = value;
  }

  /** Takes in lines: an array of texts, or what a LineReader read. */
  async ingestBatch(lines: readonly string[] | LineBatch): Promise<void> {
    const batch = batchOf(lines, this.#nextNumber);
    this.#nextNumber = numberBehind(batch, batch.texts.length);
    await this.#reader.ingestBatch(batch);
  }

  /** Resolves when all that was ingested is judged. */
  drained(): Promise<void> {
    return this.#reader.drained();
  }

  /** Lines of a group so far. */
  countOf(group: number): GroupCount | undefined {
    return this.#tally.get(group);
  }

  /** What the baseline had and this has not, and what has grown far beyond its rate. */
  changes(): Change[] {
    return changesOf(this.#tally);
  }

  /**
   * Writes what was seen, where it is to be kept.
   * @throws {ImesdeError} ERR_IMESDE_OUTPUT
   */
  async save(): Promise<void> {
    await this.#seen?.save(this.#newness);
  }

  /** Nothing is held: what was read was told, or was not new. The baseline is not counted. */
  stats(): EngineStats {
    const { readCount, emptyCount, filteredCount, knownCount } = this.#reader;
    return {
      ...withoutReadings,
      model: this.#modelName,
      read: readCount,
      waiting: 0,
      window: 0,
      evicted: readCount - emptyCount - filteredCount,
      skipped: {
        empty: emptyCount,
        overload: 0,
        vector: 0,
        ...(filteredCount > 0 && { filtered: filteredCount }),
      },
      known: knownCount,
      shapes: this.#newness.shapeCount,
      windowBytes: 0,
      latencyMs: { p50: 0, p99: 0 },
      uptimeMs: performance.now() - this.#started,
    };
  }
}
