/**
 * Ties the stages: lines in, matches out. The commands and the library's users sit on this class.
 *
 *   ingest → Masker → ShapeTable → Committer → Window → Watching → onMatch
 *                                      │  Readings ⇄ EmbedPool → VectorRing, TokenStore
 *                                      └── search: Searcher → matches
 */
import { performance } from 'node:perf_hooks';
import type { EmbedPool } from '../embed/pool.ts';
import { PhraseLiterals } from '../glance/phrase-literals.ts';
import type { LineBatch } from '../input/line-batch.ts';
import type { SeenFile } from '../news/seen-file.ts';
import { questionsOf, type Asked, type Marks } from '../rank/asked.ts';
import { centroidOf, scoresFromCentroid, type ReadShapes } from '../rank/centroid.ts';
import { CosineRanking } from '../rank/cosine.ts';
import { matchesOf, type Match, type SearchOptions } from '../rank/match.ts';
import { Phrases } from '../rank/phrases.ts';
import type { PhraseRanking, RankName } from '../rank/ranking.ts';
import { ReadAhead } from '../rank/read-ahead.ts';
import type { WatchedPhrase } from '../rank/watches.ts';
import type { Watching, WatchListener } from '../rank/watching.ts';
import { windowEvents, type WindowEvent } from '../rank/window-events.ts';
import { ImesdeError } from '../shared/errors.ts';
import * as limits from '../shared/limits.ts';
import { untilAborted, type Waiting } from '../shared/until-aborted.ts';
import type { WindowLine } from '../window/window.ts';
import { Intake } from './intake.ts';
import { linesAround, type Around } from './lines-around.ts';
import { openParts, type EngineParts } from './open-parts.ts';
import type { EngineOptions } from './options.ts';
import { Questions, type Answer, type QuestionOptions } from './question.ts';
import type { Stages } from './stages.ts';
import type { EngineStats } from './stats.ts';

/**
 * A window of lines that can be asked by meaning, and watches over the lines that come in. Whatever
 * waits takes a signal, and rejects with its reason once it aborts.
 */
export class Engine {
  readonly #modelName: string;
  readonly #pool: EmbedPool;
  readonly #ready: Promise<unknown>;
  readonly #stages: Stages;
  readonly #phrases: Phrases;
  readonly #watching: Watching;
  readonly #readAhead: ReadAhead;
  readonly #questions: Questions;
  readonly #intake: Intake;
  readonly #seen: SeenFile | undefined;
  readonly #started = performance.now();

  private constructor({ modelName, pool, stages, ready, seen }: EngineParts) {
    this.#ready = ready;
    this.#seen = seen;
    this.#modelName = modelName;
    this.#pool = pool;
    this.#stages = stages;
    this.#watching = stages.watching;
    this.#intake = new Intake(stages);
    this.#phrases = new Phrases(stages.ranking, pool);
    this.#readAhead = new ReadAhead({
      table: stages.table,
      frequencies: stages.frequencies,
      readings: stages.readings,
      lineCount: () => stages.window.lineCount + stages.window.evictedCount,
    });
    this.#questions = new Questions({
      open: (asked) => this.#open(asked),
      committer: stages.committer,
      searcher: stages.searcher,
      minScore: stages.ranking.questionMinScore,
    });
  }

  /**
   * Loads the model and starts the first embedding worker.
   * @throws {ImesdeError} ERR_IMESDE_USAGE, ERR_IMESDE_MODEL, ERR_IMESDE_MEMORY, ERR_IMESDE_WORKER
   */
  static async open(options: EngineOptions = {}): Promise<Engine> {
    const { signal } = options;
    signal?.throwIfAborted();
    const opening = openParts(options).then((parts) => new Engine(parts));
    try {
      return await untilAborted(signal, () => opening);
    } catch (error) {
      // Where nobody waits for it any more. Else it failed, and that is the error.
      opening.then((engine) => engine.close()).catch(() => undefined);
      throw error;
    }
  }

  /**
   * Resolves when the model is loaded and fits its tokenizer; at once unless it was not waited for.
   * @throws {ImesdeError} ERR_IMESDE_MODEL, ERR_IMESDE_WORKER
   */
  async ready(): Promise<void> {
    await this.#ready;
  }

  /**
   * Takes in one line. Resolves when it was accepted, later where too many wait; it can be found
   * once it is committed, see `drained`.
   */
  async ingest(text: string, options: Waiting = {}): Promise<void> {
    await this.ingestBatch([text], options);
  }

  /**
   * Takes in lines: an array of texts, or what a LineReader read. Given up, it has taken in those
   * that `stats().read` counts.
   */
  async ingestBatch(lines: readonly string[] | LineBatch, { signal }: Waiting = {}): Promise<void> {
    await untilAborted(signal, () => this.#intake.take(lines, signal));
  }

  /**
   * Takes in texts with vectors of the caller's own: each is a shape of its own. Waits for what was
   * ingested before it.
   * @param vectors - shape [texts.length, dimensions], row after row; normalised here
   * @throws {ImesdeError} ERR_IMESDE_DIMENSIONS where the vectors are not that long
   */
  ingestRaw(vectors: Float32Array, texts: readonly string[]): Promise<void> {
    return this.#intake.takeRaw(vectors, texts);
  }

  /** Resolves when all that was ingested is committed: searches see it, watches have judged it. */
  drained({ signal }: Waiting = {}): Promise<void> {
    return untilAborted(signal, () => this.#stages.committer.committedAll());
  }

  /**
   * The k best matches of a phrase in the window, best first.
   * @param phrase - empty where examples (`like`) stand in its place: then matches bear the first
   * @param k - 1 to 10,000
   * @throws {ImesdeError} ERR_IMESDE_K_RANGE, ERR_IMESDE_USAGE for an empty phrase,
   * ERR_IMESDE_WORKER, ERR_IMESDE_CLOSED
   */
  async search(
    phrase: string,
    k = limits.topDefault,
    options: SearchOptions = {},
  ): Promise<Match[]> {
    const isByExample = phrase === '' && options.like !== undefined && options.like.length > 0;
    const [matches] = await this.searchAll(isByExample ? [] : [phrase], k, options);
    return matches ?? [];
  }

  /** The same for several phrases, in one pass over the window. */
  async searchAll(
    phrases: readonly string[],
    k = limits.topDefault,
    options: SearchOptions = {},
  ): Promise<Match[][]> {
    return (await this.ask(phrases, k, options)).matches;
  }

  /** The same, with the number of the last line that the answer knows of. */
  async ask(
    phrases: readonly string[],
    k: number,
    options: SearchOptions,
  ): Promise<{ readonly matches: Match[][]; readonly line: number }> {
    assertTop(k);
    return untilAborted(options.signal, () => this.#questions.nearest(phrases, k, options));
  }

  /**
   * What answers phrases, and what is told of it: see QuestionOptions.
   * @returns in the order of the phrases, then of examples that stand beside none of them (see
   * questionsOf); the last line that the answers know of
   * @throws {ImesdeError} what search throws
   */
  async question(
    phrases: readonly string[],
    options: QuestionOptions = {},
  ): Promise<{ readonly answers: Answer[]; readonly line: number }> {
    assertTop(options.top ?? limits.topDefault);
    return untilAborted(options.signal, () => this.#questions.answers(phrases, options));
  }

  /**
   * The lines that answer any of the phrases, by their numbers.
   * @returns for how many lines each stands: more than one where not all are kept
   */
  async linesAnswering(
    phrases: readonly string[],
    minScore?: number,
    wait?: boolean,
    marks?: Marks,
  ): Promise<Map<number, number>> {
    return this.#questions.lines(phrases, { minScore, wait, ...marks });
  }

  /**
   * The events nearest to each phrase, best first, with why: all that answer, those that come near,
   * and more.
   * @throws {ImesdeError} what search throws
   */
  async nearestEvents(
    phrases: readonly string[],
    minScore?: number,
    wait?: boolean,
    marks?: Marks,
  ): Promise<Match[][]> {
    return this.#questions.events(phrases, minScore, wait, marks);
  }

  /** All events of the window, each with its newest line; those with most lines first. */
  async events(): Promise<WindowEvent[]> {
    const { committer, table, window, grouping } = this.#stages;
    await committer.committedAll();
    committer.keepStill();
    try {
      return await windowEvents(table, window, grouping);
    } finally {
      committer.letGo();
    }
  }

  /**
   * What the lines of the window have in common: the mean of their vectors, shape [dimensions].
   * @throws {ImesdeError} ERR_IMESDE_USAGE where not every shape is read
   */
  async centroid(): Promise<Float32Array> {
    return centroidOf(await this.#readShapes());
  }

  /**
   * The shapes of the window by their cosine to the centroid, the farthest first.
   * @throws {ImesdeError} ERR_IMESDE_USAGE where not every shape is read
   */
  async scoresFromCentroid(): Promise<Omit<Match, 'query'>[]> {
    return scoresFromCentroid(await this.#readShapes());
  }

  /**
   * Those of them that are farther from it than that: of a smaller cosine.
   * @param threshold - -1 to 1
   * @throws {ImesdeError} ERR_IMESDE_USAGE where not every shape is read
   */
  async outliers(threshold: number): Promise<Omit<Match, 'query'>[]> {
    return (await this.scoresFromCentroid()).filter(({ score }) => score < threshold);
  }

  async #readShapes(): Promise<ReadShapes> {
    const { readShapes, committer } = this.#stages;
    if (readShapes === undefined) {
      throw new ImesdeError(
        'ERR_IMESDE_USAGE',
        "there is a centroid only where every shape is read: open the engine with rank: 'cosine'",
      );
    }
    await committer.committedAll();
    return readShapes;
  }

  /**
   * The k nearest shapes by cosine to a vector of the caller's own.
   * @param vector - shape [dimensions]; normalised here
   * @throws {ImesdeError} ERR_IMESDE_K_RANGE, ERR_IMESDE_DIMENSIONS, ERR_IMESDE_VECTOR, and
   * ERR_IMESDE_USAGE where not every shape is read
   */
  async searchRaw(
    vector: Float32Array,
    k = limits.topDefault,
    options: SearchOptions = {},
  ): Promise<Match[]> {
    assertTop(k);
    if (this.rank !== 'cosine') {
      throw new ImesdeError(
        'ERR_IMESDE_USAGE',
        "a vector can only be compared with shapes where each is read: open the engine with rank: 'cosine'",
      );
    }
    return untilAborted(options.signal, () => this.#searchRaw(vector, k, options));
  }

  async #searchRaw(vector: Float32Array, k: number, options: SearchOptions): Promise<Match[]> {
    if (options.wait !== false) await this.#stages.committer.committedAll();
    const ranking = new CosineRanking(this.#stages.ring).openVector('', vector);
    const [found] = await this.#stages.searcher.find([ranking], k, options.all === true);
    return matchesOf('', found ?? [], k, options);
  }

  /**
   * Embeds phrases ahead of a search for them, and keeps lines that hold their literals: best before
   * any line is ingested.
   */
  async prepare(phrases: readonly string[], marks?: Marks): Promise<void> {
    for (const phrase of phrases) {
      const literals = PhraseLiterals.of(phrase);
      if (literals !== undefined) this.#stages.window.keepFor?.(literals);
    }
    await this.#open(questionsOf(phrases, marks));
  }

  async #open(asked: readonly Asked[]): Promise<PhraseRanking[]> {
    const rankings = await Promise.all(asked.map((one) => this.#phrases.open(one)));
    for (const ranking of rankings) this.#readAhead.open(ranking);
    return rankings;
  }

  /** The vector of a text: L2-normalised, shape [dimensions]. */
  async embedQuery(text: string, { signal }: Waiting = {}): Promise<Float32Array> {
    const [embedding] = await untilAborted(signal, () => this.#pool.embedPhrases([text]));
    return embedding?.vector ?? new Float32Array();
  }

  /**
   * Watches for a phrase from the next committed line on.
   * @param phrase - undefined where examples stand in its place: then the watch bears the first
   * @param minScore - the least score that answers; by default the ranking's own
   * @param marks - examples of what the phrase means, and what it does not
   */
  async addWatch(
    phrase: string | undefined,
    minScore = this.watchMinScore,
    { like = [], unlike = [] }: Marks = {},
  ): Promise<WatchedPhrase> {
    const ranking = await this.#phrases.open({ phrase, like, unlike });
    return this.#watching.watches.add(ranking, minScore);
  }

  /**
   * The lines that answer a phrase, from the next ingested line on, until the loop is left or the
   * engine closes; once the signal aborts the loop throws its reason. They wait here without a bound:
   * read them as they come.
   * @param minScore - the least score that answers; by default the ranking's own
   * @param options - examples, see addWatch
   */
  watch(
    phrase: string,
    minScore?: number,
    options: Marks & Waiting = {},
  ): AsyncGenerator<Match, void, undefined> {
    return this.#watching.loop(phrase, this.addWatch(phrase, minScore, options), options.signal);
  }

  /** Ends a watch: from now on no line is told for it. */
  removeWatch(watch: WatchedPhrase): void {
    this.#watching.watches.remove(watch);
    this.#stages.committer.drain(); // The oldest line may have waited for this watch alone.
  }

  /** What is watched for now. */
  get watches(): readonly WatchedPhrase[] {
    return this.#watching.watches.all;
  }

  /**
   * Calls back for each line that answers a watched phrase, in input order.
   * @returns ends the calls
   */
  onMatch(listener: WatchListener): () => void {
    return this.#watching.onMatch(listener);
  }

  /** Calls back for each line that enters the window, in input order, after onMatch. */
  onLine(listener: (line: WindowLine) => void): void {
    this.#stages.onLine = listener;
  }

  /**
   * Lines of the window that stand beside some of them. Where only the newest line of each shape is
   * kept, those.
   * @returns by number
   */
  linesAround(
    numbers: ReadonlySet<number>,
    context: { readonly before: number; readonly after: number },
  ): Map<number, Around> {
    return linesAround(this.#stages.window.linesOf({ has: () => true }), numbers, context);
  }

  /**
   * Writes which events were seen, where that is to be kept.
   * @throws {ImesdeError} ERR_IMESDE_OUTPUT
   */
  async saveSeen(): Promise<void> {
    const { newness } = this.#stages;
    if (newness !== undefined) await this.#seen?.save(newness);
  }

  /** How it is doing. */
  stats(): EngineStats {
    const { committer, window, readings, rows } = this.#stages;
    return {
      model: this.#modelName,
      read: committer.readCount,
      waiting: committer.waitingCount,
      window: window.lineCount,
      evicted: window.evictedCount,
      skipped: { ...committer.skipped },
      screened: committer.screenedCount,
      known: committer.knownCount,
      shapes: window.shapeCount,
      readings: readings.madeCount,
      rows: rows.leasedCount,
      rowsMax: this.#stages.rowsMax,
      windowBytes: window.byteCount,
      workers: this.#pool.workerCount,
      latencyMs: { p50: committer.latency.quantile(0.5), p99: committer.latency.quantile(0.99) },
      uptimeMs: performance.now() - this.#started,
    };
  }

  /** How it ranks: by cosine too where the model has nothing to rank by meaning with. */
  get rank(): RankName {
    return this.#stages.ranking.name;
  }

  /** The least score a watch answers with unless told otherwise. */
  get watchMinScore(): number {
    return this.#stages.ranking.watchMinScore;
  }

  /** The least score a question is answered with unless told otherwise. */
  get questionMinScore(): number {
    return this.#stages.ranking.questionMinScore;
  }

  /** Number of the last line that a search sees. */
  get lastLine(): number {
    return this.#stages.committer.lastNumber;
  }

  /** Number of the newest line that searches no longer find; 0 if none. */
  get evictedThrough(): number {
    return this.#stages.window.evictedThrough;
  }

  /** Lets the workers end their batches and leave. What waits is given up. */
  async close(): Promise<void> {
    this.#watching.end();
    this.#readAhead.stop();
    this.#stages.committer.stop();
    this.#stages.searcher.fail(new ImesdeError('ERR_IMESDE_CLOSED', 'the engine is closed'));
    await this.#pool.stop();
  }

  /** For `await using`: the same as close. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function assertTop(k: number): void {
  if (Number.isSafeInteger(k) && k >= 1 && k <= limits.topMax) return;
  throw new ImesdeError(
    'ERR_IMESDE_K_RANGE',
    `k is ${k}: it must be a whole number from 1 to ${limits.topMax}`,
  );
}
