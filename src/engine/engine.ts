/**
 * Ties the stages: lines in, matches out. The commands and the library's users sit on this class.
 *
 *   ingest → Masker → ShapeTable → EmbedPool → VectorRing → Window → Watches → onMatch
 *                                                  └── search: Scanner → Ranking → matches
 */
import { performance } from 'node:perf_hooks';
import type { ReadyMessage } from '../embed/messages.ts';
import { loadModel } from '../embed/model.ts';
import { EmbedPool } from '../embed/pool.ts';
import { resolveOptions, type EngineOptions, type ResolvedOptions } from './options.ts';
import type { EngineStats } from './stats.ts';
import type { LineBatch } from '../input/line-reader.ts';
import { CosineRanking } from '../rank/cosine.ts';
import { matchesOf, type Match, type SearchOptions } from '../rank/match.ts';
import { MeaningRanking } from '../rank/meaning.ts';
import { Phrases } from '../rank/phrases.ts';
import type { Ranking, RankName } from '../rank/ranking.ts';
import { Searcher } from '../rank/searcher.ts';
import type { Watch } from '../rank/watches.ts';
import { Watching, type WatchedLine } from '../rank/watching.ts';
import { RowSet } from '../ring/row-set.ts';
import { Rows } from '../ring/rows.ts';
import { TokenStore } from '../ring/token-store.ts';
import { VectorRing } from '../ring/vector-ring.ts';
import { Masker } from '../shape/masker.ts';
import { ImesdeError } from '../shared/errors.ts';
import * as limits from '../shared/limits.ts';
import { Committer } from '../window/committer.ts';
import { LineWindow } from '../window/line-window.ts';
import { ShapeTable, type Shape } from '../window/shape-table.ts';
import { ShapeWindow } from '../window/shape-window.ts';
import type { Window, WindowOptions } from '../window/window.ts';

export class Engine {
  readonly #options: ResolvedOptions;
  readonly #modelName: string;
  readonly #pool: EmbedPool;
  readonly #rows: Rows;
  readonly #ring: VectorRing;
  readonly #table: ShapeTable;
  readonly #window: Window;
  readonly #inWindow: RowSet;
  readonly #shapeOfRow: (Shape | undefined)[];
  readonly #committer: Committer;
  readonly #ranking: Ranking;
  readonly #searcher: Searcher;
  readonly #phrases: Phrases;
  readonly #watching = new Watching();
  readonly #started = performance.now();
  #nextNumber = 1;
  /** Resolves when the ingestion under way has been accepted. */
  #turn: Promise<void> = Promise.resolve();

  private constructor(
    options: ResolvedOptions,
    modelName: string,
    pool: EmbedPool,
    ready: ReadyMessage,
  ) {
    const { dimensions, tokenDimensions } = ready;
    const rowCount = options.rows + limits.leasedRowsMax;
    this.#options = options;
    this.#modelName = modelName;
    this.#pool = pool;
    this.#rows = new Rows({ rowCount });
    this.#ring = VectorRing.create({ rowCount, dimensions });
    const tokens =
      tokenDimensions === 0 ? undefined : TokenStore.create({ rowCount, tokenDimensions });
    pool.attach(this.#ring.handle, tokens?.handle);
    this.#inWindow = new RowSet(rowCount);
    this.#shapeOfRow = new Array<Shape | undefined>(rowCount).fill(undefined);
    this.#table = new ShapeTable(this.#rows);
    this.#ranking =
      tokens === undefined || options.rank === 'cosine'
        ? new CosineRanking(this.#ring)
        : new MeaningRanking(this.#ring, tokens);
    this.#phrases = new Phrases(this.#ranking, pool);
    this.#window = this.#makeWindow();
    this.#committer = new Committer({
      masker: new Masker({ exact: options.exact }),
      table: this.#table,
      window: this.#window,
      pool,
      onOverload: options.onOverload,
      onCommit: (shape, text, number, time) => {
        this.#watching.judge(shape, text, number, time);
      },
    });
    this.#searcher = new Searcher({
      ring: this.#ring,
      rows: this.#rows,
      inWindow: this.#inWindow,
      shapeOfRow: this.#shapeOfRow,
    });
  }

  /**
   * Loads the model and starts the first embedding worker.
   * @throws {ImesdeError} ERR_IMESDE_USAGE, ERR_IMESDE_MODEL, ERR_IMESDE_MEMORY, ERR_IMESDE_WORKER
   */
  static async open(options: EngineOptions = {}): Promise<Engine> {
    const resolved = resolveOptions(options);
    const model = loadModel(resolved.model);
    let engine: Engine | undefined;
    const pool = new EmbedPool({
      model,
      workersMax: resolved.workers,
      workerUrl: resolved.workerUrl,
      onShapes: (jobs, stored) => {
        if (engine !== undefined) engine.#committer.shapesDone(jobs, stored);
      },
      onFatal: (error) => {
        if (engine !== undefined) resolved.onFatal(error); // Before that, open() throws it.
      },
      onHang: resolved.onHang,
    });
    try {
      const ready = await pool.ready();
      engine = new Engine(resolved, (await model).spec.name, pool, ready);
      return engine;
    } catch (error) {
      await pool.stop();
      throw error;
    }
  }

  /**
   * Takes in one line. Resolves when it was accepted, later where too many wait; it can be found
   * once it is committed, see `drained`.
   */
  async ingest(text: string): Promise<void> {
    await this.ingestBatch([text]);
  }

  /** Takes in lines: an array of texts, or what a LineReader read. */
  async ingestBatch(lines: readonly string[] | LineBatch): Promise<void> {
    await this.#inTurn(async () => {
      const batch = isLineBatch(lines)
        ? lines
        : {
            texts: lines,
            firstNumber: this.#nextNumber,
            time: Date.now(),
            bytesPerChar: 2 as const,
          };
      this.#nextNumber = batch.firstNumber + batch.texts.length;
      await this.#committer.ingest(batch);
    });
  }

  /**
   * Takes in texts with vectors of the caller's own: each is a shape of its own. Waits for what was
   * ingested before it.
   * @param vectors - shape [texts.length, dimensions], row after row; normalised here
   * @throws {ImesdeError} ERR_IMESDE_DIMENSIONS where the vectors are not that long
   */
  async ingestRaw(vectors: Float32Array, texts: readonly string[]): Promise<void> {
    const { dimensions } = this.#ring.layout;
    if (vectors.length !== texts.length * dimensions) {
      throw new ImesdeError(
        'ERR_IMESDE_DIMENSIONS',
        `${vectors.length} numbers are not ${texts.length} vectors of ${dimensions} dimensions`,
      );
    }
    await this.#inTurn(async () => {
      for (const [index, text] of texts.entries()) {
        let shape = this.#table.create(undefined);
        while (shape === undefined) {
          await this.#committer.progress();
          shape = this.#table.create(undefined);
        }
        const stored = this.#ring.write(shape.row, vectors, index * dimensions);
        this.#committer.ingestReady(shape, stored, text, this.#nextNumber, Date.now());
        this.#nextNumber += 1;
      }
    });
  }

  /** One ingestion after the other, so that lines are numbered and commit as they were given. */
  async #inTurn(ingest: () => Promise<void>): Promise<void> {
    const before = this.#turn;
    let end: () => void = () => undefined;
    this.#turn = new Promise((resolve) => {
      end = resolve;
    });
    await before;
    try {
      await this.#watching.opened();
      await ingest();
    } finally {
      end();
    }
  }

  /** Resolves when all that was ingested is committed: searches see it, watches have judged it. */
  drained(): Promise<void> {
    return this.#committer.committedAll();
  }

  /**
   * The k best matches of a phrase in the window, best first.
   * @param k - 1 to 10,000
   * @throws {ImesdeError} ERR_IMESDE_K_RANGE, ERR_IMESDE_USAGE for an empty phrase,
   * ERR_IMESDE_WORKER, ERR_IMESDE_CLOSED
   */
  async search(
    phrase: string,
    k = limits.topDefault,
    options: SearchOptions = {},
  ): Promise<Match[]> {
    const [matches] = await this.searchAll([phrase], k, options);
    return matches ?? [];
  }

  /** The same for several phrases, in one pass over the window. */
  async searchAll(
    phrases: readonly string[],
    k = limits.topDefault,
    options: SearchOptions = {},
  ): Promise<Match[][]> {
    assertTop(k);
    const rankings = await Promise.all(phrases.map((phrase) => this.#phrases.open(phrase)));
    if (options.wait !== false) await this.#committer.committedAll();
    const found = await this.#searcher.find(rankings, k);
    return found.map((shapes, index) =>
      matchesOf(phrases[index] ?? '', shapes, k, this.#window, options),
    );
  }

  /**
   * The k nearest shapes by cosine to a vector of the caller's own.
   * @param vector - shape [dimensions]; normalised here
   * @throws {ImesdeError} ERR_IMESDE_K_RANGE, ERR_IMESDE_DIMENSIONS, ERR_IMESDE_VECTOR
   */
  async searchRaw(
    vector: Float32Array,
    k = limits.topDefault,
    options: SearchOptions = {},
  ): Promise<Match[]> {
    assertTop(k);
    if (options.wait !== false) await this.#committer.committedAll();
    const ranking = new CosineRanking(this.#ring).openVector('', vector);
    const [found] = await this.#searcher.find([ranking], k);
    return matchesOf('', found ?? [], k, this.#window, options);
  }

  /** Embeds phrases ahead of a search for them. */
  async prepare(phrases: readonly string[]): Promise<void> {
    await Promise.all(phrases.map((phrase) => this.#phrases.open(phrase)));
  }

  /** The vector of a text: L2-normalised, shape [dimensions]. */
  async embedQuery(text: string): Promise<Float32Array> {
    const [embedding] = await this.#pool.embedPhrases([text]);
    return embedding?.vector ?? new Float32Array();
  }

  /**
   * Watches for a phrase from the next committed line on.
   * @param minScore - the least score that answers; by default the ranking's own
   */
  async addWatch(phrase: string, minScore = this.#ranking.watchMinScore): Promise<Watch> {
    return this.#watching.watches.add(await this.#phrases.open(phrase), minScore);
  }

  /**
   * The lines that answer a phrase, from the next ingested line on, until the loop is left or the
   * engine closes. They wait here without a bound: read them as they come.
   * @param minScore - the least score that answers; by default the ranking's own
   */
  watch(phrase: string, minScore?: number): AsyncGenerator<Match, void, undefined> {
    return this.#watching.loop(phrase, this.addWatch(phrase, minScore));
  }

  removeWatch(watch: Watch): void {
    this.#watching.watches.remove(watch);
  }

  get watches(): readonly Watch[] {
    return this.#watching.watches.all;
  }

  /**
   * Calls back for each line that answers a watched phrase, in input order.
   * @returns ends the calls
   */
  onMatch(listener: (line: WatchedLine) => void): () => void {
    return this.#watching.onMatch(listener);
  }

  stats(): EngineStats {
    const committer = this.#committer;
    return {
      model: this.#modelName,
      read: committer.readCount,
      waiting: committer.waitingCount,
      window: this.#window.lineCount,
      evicted: this.#window.evictedCount,
      skipped: { ...committer.skipped },
      known: committer.knownCount,
      shapes: this.#window.shapeCount,
      embedded: committer.embeddedCount,
      rows: this.#rows.leasedCount,
      rowsMax: this.#options.rows,
      windowBytes: this.#window.byteCount,
      workers: this.#pool.workerCount,
      latencyMs: { p50: committer.latency.quantile(0.5), p99: committer.latency.quantile(0.99) },
      uptimeMs: performance.now() - this.#started,
    };
  }

  /** How it ranks: by cosine too where the model has no token output to rank by meaning. */
  get rank(): RankName {
    return this.#ranking.name;
  }

  /** The least score a watch answers with unless told otherwise. */
  get watchMinScore(): number {
    return this.#ranking.watchMinScore;
  }

  /** Number of the last line that a search sees. */
  get lastLine(): number {
    return this.#committer.lastNumber;
  }

  /** Number of the newest line that searches no longer find; 0 if none. */
  get evictedThrough(): number {
    return this.#window.evictedThrough;
  }

  /** Lets the workers end their batches and leave. What waits is given up. */
  async close(): Promise<void> {
    this.#watching.end();
    await this.#pool.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #makeWindow(): Window {
    const { window, rows, windowBytes, keep } = this.#options;
    const options: WindowOptions = {
      maxLines: window,
      maxShapes: rows,
      maxBytes: windowBytes,
      onEnter: (shape) => {
        this.#inWindow.add(shape.row);
        this.#shapeOfRow[shape.row] = shape;
        this.#ranking.enter(shape.row, shape.key ?? shape.newestText);
      },
      onLeave: (shape) => {
        this.#ranking.leave(shape.row);
        this.#inWindow.delete(shape.row);
        this.#shapeOfRow[shape.row] = undefined;
        this.#table.releaseIfUnused(shape);
      },
    };
    return keep === 'lines' ? new LineWindow(options) : new ShapeWindow(options);
  }
}

function isLineBatch(lines: readonly string[] | LineBatch): lines is LineBatch {
  return !Array.isArray(lines);
}

function assertTop(k: number): void {
  if (Number.isSafeInteger(k) && k >= 1 && k <= limits.topMax) return;
  throw new ImesdeError(
    'ERR_IMESDE_K_RANGE',
    `k is ${k}: it must be a whole number from 1 to ${limits.topMax}`,
  );
}
