/**
 * Lines in, a digest out: what an engine does up to the window, without the model. Lines commit as
 * they come, since nothing waits for a reading.
 *
 *   ingestBatch → Masker → ShapeTable → Committer → ShapeWindow, Sightings, Events
 *   digest      → rank/digest
 */
import { performance } from 'node:perf_hooks';
import { loadModel, type Encoder } from '../embed/model.ts';
import { embeddedModelFolder } from '../embed/manifest.ts';
import { Events } from '../events/events.ts';
import { DocumentFrequencies } from '../glance/document-frequencies.ts';
import { KeyReader, type WordIds } from '../glance/key-reader.ts';
import type { WordTable } from '../glance/word-table.ts';
import { batchOf, numberBehind } from '../input/batch-of.ts';
import type { LineBatch } from '../input/line-batch.ts';
import { digestOf, type Digest } from '../rank/digest/digest.ts';
import { Masker } from '../shape/masker.ts';
import { tellingText } from '../shape/telling-text.ts';
import { Committer } from '../window/committer.ts';
import { ShapeTable } from '../window/shape-table.ts';
import { ShapeWindow } from '../window/shape-window.ts';
import { Sightings } from '../window/sightings.ts';
import { resolveOptions, type EngineOptions } from './options.ts';
import { withoutReadings, type EngineStats } from './stats.ts';

/**
 * See EngineOptions: `window` bounds the shapes that are held. Of the model only the word table is
 * read; without one each event is a group.
 */
export type LogDigestOptions = Pick<EngineOptions, 'model' | 'window' | 'windowBytes' | 'exact'>;

/** Groups of a digest, unless another number is asked for. */
export const digestGroupsDefault = 20;

/** Counts the lines that it takes in, and makes a digest of them; it loads no model. */
export class LogDigest {
  readonly #table: ShapeTable;
  readonly #frequencies: DocumentFrequencies;
  readonly #events: Events | undefined;
  readonly #sightings = new Sightings();
  readonly #window: ShapeWindow;
  readonly #committer: Committer;
  readonly #words: WordTable | undefined;
  readonly #wordIds: WordIds;
  readonly #started = performance.now();
  #nextNumber = 1;

  private constructor(
    options: LogDigestOptions,
    { words, encoder }: { words: WordTable | undefined; encoder: Pick<Encoder, 'wordIds'> },
  ) {
    const { window, windowBytes, exact } = resolveOptions(options);
    this.#words = words;
    this.#wordIds = (word) => encoder.wordIds(word);
    this.#frequencies = new DocumentFrequencies();
    this.#events = exact ? undefined : new Events({ shapesMax: window });
    const table = new ShapeTable({ onForget: () => undefined });
    this.#table = table;
    this.#window = new ShapeWindow(table, {
      maxLines: window,
      maxShapes: window,
      maxRows: window,
      takesRow: () => false,
      maxBytes: windowBytes,
      onEnter: (shape) => {
        this.#events?.add(shape, table.keys[shape] ?? '');
        table.countIn(this.#frequencies, shape);
      },
      onLeave: (shape) => {
        this.#events?.remove(shape, table.keys[shape] ?? '');
        table.countOut(this.#frequencies, shape);
        this.#sightings.forget(shape);
        table.forgetIfUnused(shape);
      },
    });
    const reader = new KeyReader(this.#wordIds);
    this.#committer = new Committer({
      masker: new Masker({ exact }),
      tellingText: exact ? undefined : tellingText,
      table,
      window: this.#window,
      factsOf: (key) => {
        reader.read(key);
        return reader;
      },
      gate: {
        verdict: () => 'commit',
        foresee: () => undefined,
        leave: () => undefined,
        judge: (shape, text, number, time) => {
          this.#sightings.note(shape, text, number, time);
        },
      },
      onOverload: 'block',
    });
  }

  /**
   * Loads the word table and the tokenizer, but not the model.
   * @throws {ImesdeError} ERR_IMESDE_USAGE, ERR_IMESDE_MODEL
   */
  static async open(options: LogDigestOptions = {}): Promise<LogDigest> {
    const { words, createEncoder } = await loadModel(options.model ?? embeddedModelFolder);
    return new LogDigest(options, { words, encoder: await createEncoder() });
  }

  /** Takes in lines: an array of texts, or what a LineReader read. */
  async ingestBatch(lines: readonly string[] | LineBatch): Promise<void> {
    const batch = batchOf(lines, this.#nextNumber);
    this.#nextNumber = numberBehind(batch, batch.texts.length);
    await this.#committer.ingest(batch);
  }

  /** Resolves when all that was ingested is counted. */
  drained(): Promise<void> {
    return this.#committer.committedAll();
  }

  /**
   * What is in the lines that were taken in: groups of events, those that an operator needs first.
   * @param groupsMax - 1 and more
   */
  async digest(groupsMax = digestGroupsDefault): Promise<Digest> {
    const log = {
      table: this.#table,
      window: this.#window,
      sightings: this.#sightings,
      events: this.#events,
    };
    const [table, wordIds, frequencies] = [this.#words, this.#wordIds, this.#frequencies];
    this.#committer.keepStill();
    try {
      return await digestOf(log, table && { table, wordIds, frequencies }, groupsMax);
    } finally {
      this.#committer.letGo();
    }
  }

  /** How it is doing: nothing is read by the model. */
  stats(): EngineStats {
    const [committer, window] = [this.#committer, this.#window];
    return {
      ...withoutReadings,
      model: 'none',
      read: committer.readCount,
      waiting: committer.waitingCount,
      window: window.lineCount,
      evicted: window.evictedCount,
      skipped: { ...committer.skipped },
      known: committer.knownCount,
      shapes: window.shapeCount,
      windowBytes: window.byteCount,
      latencyMs: { p50: committer.latency.quantile(0.5), p99: committer.latency.quantile(0.99) },
      uptimeMs: performance.now() - this.#started,
    };
  }

  /** Gives up what waits. */
  close(): Promise<void> {
    this.#committer.stop();
    return Promise.resolve();
  }
}
