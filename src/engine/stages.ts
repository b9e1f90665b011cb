/** The stages between a line and an answer, tied: everything of an engine that needs no thread. */
import assert from 'node:assert';
import type { ReadyMessage } from '../embed/messages.ts';
import type { Encoder, LoadedModel } from '../embed/model.ts';
import { Readings } from '../embed/readings.ts';
import { Events } from '../events/events.ts';
import { DocumentFrequencies } from '../glance/document-frequencies.ts';
import { noAntonyms } from '../glance/antonyms.ts';
import { KeyReader, type WordIds } from '../glance/key-reader.ts';
import { troubleOfShape } from '../glance/trouble.ts';
import { Background } from '../rank/background.ts';
import type { ReadShapes } from '../rank/centroid.ts';
import { CosineRanking } from '../rank/cosine.ts';
import { GlanceGate } from '../rank/glance-gate.ts';
import { GlanceSearcher } from '../rank/glance-searcher.ts';
import { Grouping } from '../rank/grouping.ts';
import { newnessFor } from '../news/by-model.ts';
import type { Newness } from '../news/newness.ts';
import { MeaningRanking } from '../rank/meaning.ts';
import type { Ranking } from '../rank/ranking.ts';
import { ReadingGate } from '../rank/reading-gate.ts';
import { RowSearcher } from '../rank/row-searcher.ts';
import type { Searcher } from '../rank/searcher.ts';
import { Watching } from '../rank/watching.ts';
import { RowSet } from '../ring/row-set.ts';
import { Rows } from '../ring/rows.ts';
import { TokenStore } from '../ring/token-store.ts';
import { VectorRing } from '../ring/vector-ring.ts';
import { Masker, wordless } from '../shape/masker.ts';
import { tellingText } from '../shape/telling-text.ts';
import { ImesdeError } from '../shared/errors.ts';
import * as limits from '../shared/limits.ts';
import { Committer } from '../window/committer.ts';
import { LineWindow } from '../window/line-window.ts';
import { ShapeTable, type ShapeFacts } from '../window/shape-table.ts';
import { timeOfLine } from '../shared/line-time.ts';
import { ShapeWindow } from '../window/shape-window.ts';
import type { Window, WindowLine } from '../window/window.ts';
import type { ResolvedOptions } from './options.ts';

/** Of a shape that is found by its row alone. */
const noFacts: ShapeFacts = { pieces: new Uint16Array(), count: 0, trouble: 0 };

export class Stages {
  readonly ring: VectorRing;
  readonly tokens: TokenStore | undefined;
  readonly rows: Rows;
  /** Readings kept, or shapes held where every shape is read. */
  readonly rowsMax: number;
  readonly readings: Readings;
  readonly table: ShapeTable;
  /** Undefined where each different line is to stand alone. */
  readonly events: Events | undefined;
  readonly window: Window;
  readonly committer: Committer;
  readonly ranking: Ranking;
  /** What the window's shapes have in common, as scores need it: their words, their vectors. */
  readonly frequencies: DocumentFrequencies;
  readonly background: Background;
  readonly grouping: Grouping;
  readonly searcher: Searcher;
  readonly watching: Watching;
  /** What is new; undefined where nobody wants to know. */
  readonly newness: Newness | undefined;
  /** Told of each line that entered the window, after its watches. */
  onLine: ((line: WindowLine) => void) | undefined;
  /** Whether every shape is read: there is no word table to glance by, or the cosine is asked for. */
  readonly #readsAll: boolean;
  readonly #options: ResolvedOptions;
  /** Rows that stand for shapes of the window: all, or those of vectors from outside. */
  readonly #inWindow: RowSet;
  readonly #shapeOfRow: Uint32Array;
  /** Of the line that commits. */
  #isNew = false;

  constructor(
    options: ResolvedOptions,
    {
      words,
      antonyms = noAntonyms,
    }: Pick<LoadedModel, 'words'> & Partial<Pick<LoadedModel, 'antonyms'>>,
    encoder: Pick<Encoder, 'wordIds' | 'token'>,
    { dimensions, tokenDimensions }: Pick<ReadyMessage, 'dimensions' | 'tokenDimensions'>,
    onWanted: () => void,
  ) {
    this.#options = options;
    const pieceOf = (id: number): string => encoder.token(id);
    this.frequencies = new DocumentFrequencies({ pieceOf });
    this.watching = new Watching({
      frequencies: this.frequencies,
      eventOf: (shape) => this.#eventOf(shape),
      isNew: () => this.#isNew,
      explains: options.explain,
    });
    const glanceWords = options.rank === 'cosine' ? undefined : words;
    this.#readsAll = glanceWords === undefined;
    if (this.#readsAll && options.onOverload === 'screen') {
      throw new ImesdeError(
        'ERR_IMESDE_USAGE',
        'where every shape is read none can pass unread: --on-overload block or drop-oldest',
      );
    }
    this.rowsMax = options.rows ?? (this.#readsAll ? limits.rowsDefault : limits.readingsDefault);
    const rowCount = this.rowsMax + limits.leasedRowsMax;
    this.rows = new Rows({ rowCount });
    this.ring = VectorRing.create({ rowCount, dimensions });
    this.background = new Background(this.ring.layout.stride);
    this.#inWindow = new RowSet(rowCount);
    this.#shapeOfRow = new Uint32Array(rowCount);
    const masker = new Masker({ exact: options.exact });
    this.table = new ShapeTable({
      onForget: (shape) => {
        this.readings.forget(shape);
        this.watching.watches.forget(shape);
      },
    });
    this.readings = new Readings({
      rows: this.rows,
      urgentRows: limits.urgentRows,
      textOf: (shape) => masker.modelText(this.table.keys[shape] ?? ''),
      onWanted,
      onRead: () => {
        this.committer.drain();
      },
      hold: (shape) => {
        this.table.hold(shape);
      },
      unhold: (shape) => {
        this.table.unhold(shape);
      },
    });
    this.events = options.exact ? undefined : new Events({ shapesMax: options.window });
    this.window = this.#makeWindow();
    // An example is read as lines are.
    const exampleText = (line: string): string | undefined => {
      const key = masker.key(options.exact ? line : tellingText(line));
      return key === undefined || key === wordless ? undefined : masker.modelText(key);
    };
    if (glanceWords === undefined) {
      this.ranking = new CosineRanking(this.ring, exampleText);
    } else {
      this.tokens = TokenStore.create({ rowCount, tokenDimensions });
      const data = { table: glanceWords, antonyms, pieceOf };
      this.ranking = new MeaningRanking(this.ring, this.tokens, data, exampleText);
    }
    const wordIds: WordIds = (word) => encoder.wordIds(word);
    this.newness = options.news === false ? undefined : newnessFor(words, encoder, options.model);
    this.committer = this.#makeCommitter(masker, wordIds);
    this.grouping = this.#makeGrouping(this.#readsAll ? undefined : wordIds);
    this.searcher = this.#makeSearcher();
  }

  /**
   * A line with a vector of the caller's own, which is a shape of its own.
   * @returns false where there is no row for it before others have committed
   */
  ingestRaw(vectors: Float32Array, offset: number, { text, number, time }: WindowLine): boolean {
    const { table, readings, ring, committer } = this;
    // Only the last line that waits may have a row that it can't give up: see Readings.
    if (committer.waitingCount > 0) return false;
    const shape = table.create(undefined, { ...noFacts, trouble: troubleOfShape(text) });
    const row = readings.leaseRaw(shape);
    if (row === undefined) {
      table.forgetIfUnused(shape);
      return false;
    }
    this.tokens?.clear(row);
    if (!ring.write(row, vectors, offset)) readings.reject(shape);
    committer.ingestReady(shape, text, number, time);
    return true;
  }

  /** Names the event of a shape: by what is known now, or by its words where it is alone. */
  #eventOf(shape: number): string {
    const key = this.table.keys[shape];
    if (key === undefined) return `shape ${shape}`; // A vector from outside is never one of several.
    const event = this.events?.eventOf(key);
    return event === undefined || this.events?.isOpen !== true ? key : `event ${event}`;
  }

  #makeCommitter(masker: Masker, wordIds: WordIds): Committer {
    const { table, frequencies, background, readings, watching, window } = this;
    const { onOverload } = this.#options;
    const reader = new KeyReader(wordIds);
    const read = (key: string): ShapeFacts => {
      reader.read(key);
      return reader;
    };
    const byPromise = onOverload === 'screen';
    const gate = this.#readsAll
      ? new ReadingGate({ readings, watching })
      : new GlanceGate({ table, frequencies, background, readings, watching, byPromise });
    const factsOf = this.#readsAll ? () => noFacts : read;
    return new Committer({
      masker,
      tellingText: this.#options.exact ? undefined : tellingText,
      table,
      window,
      gate,
      factsOf,
      onOverload,
      onCommit: (text, number, time) => {
        this.#isNew = false;
        this.onLine?.({ text, number, time });
      },
    });
  }

  /** @param wordIds - undefined where shapes have no wordpieces */
  #makeGrouping(wordIds: WordIds | undefined): Grouping {
    const { table, events, window } = this;
    return new Grouping({
      table,
      events,
      wordIds,
      newestTimeOf: (shape) => {
        const { text, time } = window.newestOf(shape);
        return timeOfLine(text, time);
      },
    });
  }

  /** Undefined where few shapes are read. */
  get readShapes(): ReadShapes | undefined {
    const { ring, table, window } = this;
    const [inWindow, shapeOfRow] = [this.#inWindow, this.#shapeOfRow];
    return this.#readsAll ? { ring, table, window, inWindow, shapeOfRow } : undefined;
  }

  #makeSearcher(): Searcher {
    const { ring, rows, table, window, frequencies, background, readings } = this;
    const { committer, grouping } = this;
    const [inWindow, shapeOfRow] = [this.#inWindow, this.#shapeOfRow];
    const parts = { window, committer, grouping };
    const rawSearcher = new RowSearcher({ ...parts, ring, rows, inWindow, shapeOfRow });
    if (this.#readsAll) return rawSearcher;
    return new GlanceSearcher({ ...parts, table, frequencies, background, readings, rawSearcher });
  }

  #makeWindow(): Window {
    const { window, windowBytes, keep } = this.#options;
    const options = {
      maxLines: window,
      maxShapes: window,
      maxRows: this.rowsMax,
      takesRow: (shape: number) => this.#hasOwnRow(shape),
      maxBytes: windowBytes,
      onEnter: (shape: number) => {
        this.#enter(shape);
      },
      onLeave: (shape: number) => {
        this.#leave(shape);
        // Here and not where its number goes: that may be later, and depends on the workers' speed.
        this.watching.watches.forget(shape);
        this.table.forgetIfUnused(shape);
      },
    };
    return keep === 'lines'
      ? new LineWindow(this.table, options)
      : new ShapeWindow(this.table, options);
  }

  #enter(shape: number): void {
    const { table, readings } = this;
    const key = table.keys[shape];
    if (key !== undefined) {
      this.events?.add(shape, key);
      this.#isNew = this.newness?.take(key)?.isNew === true;
    }
    if (!this.#hasOwnRow(shape)) {
      table.countIn(this.frequencies, shape);
      const { vectors, layout } = this.ring;
      const read = readings.rowOf(shape);
      this.background.see(vectors, read === undefined ? undefined : read * layout.stride);
      return;
    }
    const row = readings.rowOf(shape);
    assert(row !== undefined);
    readings.pin(shape);
    this.#inWindow.add(row);
    this.#shapeOfRow[row] = shape;
  }

  #leave(shape: number): void {
    const { table, readings } = this;
    const key = table.keys[shape];
    if (key !== undefined) this.events?.remove(shape, key);
    if (!this.#hasOwnRow(shape)) {
      table.countOut(this.frequencies, shape);
      return;
    }
    const row = readings.rowOf(shape);
    assert(row !== undefined);
    this.#inWindow.delete(row);
    this.rows.outdate(row); // A scan under way leaves it out.
    readings.unpin(shape);
  }

  /** Keeps its row as long as it is in the window. */
  #hasOwnRow(shape: number): boolean {
    return this.#readsAll || this.table.keys[shape] === undefined;
  }
}
