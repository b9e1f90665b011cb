/** The real parts, tied as the engine ties them, with a fake thread under the pool. */
import type { Encoder, LoadedModel } from '../../src/embed/model.ts';
import { EmbedPool } from '../../src/embed/pool.ts';
import { workerUrl } from '../../src/embed/prestart.ts';
import type { ReadingListener } from '../../src/embed/readings.ts';
import { Stages } from '../../src/engine/stages.ts';
import { WordTable } from '../../src/glance/word-table.ts';
import { Phrases } from '../../src/rank/phrases.ts';
import type { PhraseRanking } from '../../src/rank/ranking.ts';
import type { Watch, WatchedPhrase } from '../../src/rank/watches.ts';
import type { CommitGate } from '../../src/window/committer.ts';
import { dimensions, tableBytes, tokenDimensions } from './fake-model.ts';
import { Ledger } from './ledger.ts';
import { ReadingsBeside } from './readings-beside.ts';
import type { Heard, InputLine, PlainHit } from './heard.ts';
import type { Scenario } from './scenario.ts';
import { small } from './small.ts';
import { createEncoder } from './vocabulary.ts';

interface SystemHost {
  readonly now: () => number;
  /** The next line to commit waits for this shape's reading. */
  readonly onWant: (key: string | undefined) => void;
  /** A line waits behind others: with what promise its reading was foreseen, if it was. */
  readonly onForesee: (text: string, promise: number | undefined) => void;
  readonly onWrong: (error: unknown) => void;
}

export class System {
  readonly stages: Stages;
  readonly pool: EmbedPool;
  readonly phrases: Phrases;
  readonly ledger: Ledger;
  readonly hits: PlainHit[] = [];
  /** Vectors of the caller's own, by shape. */
  readonly rawVectors = new Map<number, Float32Array>();
  /** Keys of the shapes that each question listens for. */
  readonly listened = new Map<ReadingListener, Set<string | undefined>>();
  failure: Error | undefined;
  hasHung = false;
  readonly beside: ReadingsBeside;
  /** A question keeps the window still from now on. */
  onStill: () => void = () => undefined;
  readonly #host: SystemHost;
  /** What happened since somebody asked. */
  #events: Heard[] = [];
  readonly #watches = new Map<number, Watch>();

  constructor(scenario: Scenario, host: SystemHost) {
    this.#host = host;
    const { mode, bounds, workersMax, limits } = scenario;
    const model = {
      spec: {},
      words: mode === 'glance' ? new WordTable(tableBytes, tokenDimensions) : undefined,
      createEncoder,
    } as LoadedModel;
    small.limits = scenario.limits;
    small.firstGeneration = scenario.firstGeneration;
    small.committer = (options) => ({ ...options, bounds, gate: this.#hear(options.gate) });
    this.stages = new Stages(
      {
        ...{
          ...scenario,
          model: '',
          workers: workersMax,
          exact: false,
          explain: false,
          news: false,
          rank: 'meaning',
        },
        ...{ workerUrl, waitsForModel: true, onFatal: () => undefined, onHang: () => undefined },
      },
      model,
      createEncoder() as Encoder,
      { dimensions, tokenDimensions },
      () => {
        this.pool.wake();
      },
    );
    const { ring, tokens, ranking, table, readings, committer, watching, searcher } = this.stages;
    this.ledger = new Ledger(table, readings, (key) => {
      this.#events.push({ what: 'forgot', key });
    });
    const { onWrong } = host;
    const reading = { rowCount: this.stages.rows.rowCount, urgentRows: limits.urgentRows };
    this.beside = new ReadingsBeside(readings, reading, {
      onWrong,
      onWant: (shape) => {
        host.onWant(table.keys[shape]);
      },
    });
    this.pool = new EmbedPool({
      model: Promise.resolve(model),
      workersMax,
      source: readings,
      onShapes: (jobs, stored) => {
        readings.done(jobs, stored);
      },
      onFatal: (error) => {
        this.failure = error;
        searcher.fail(error);
      },
      onHang: () => {
        this.hasHung = true;
      },
    });
    this.pool.attach(ring.handle, tokens?.handle);
    this.phrases = new Phrases(ranking, this.pool);
    const listen = readings.listen.bind(readings);
    readings.listen = (shape, listener) => {
      const keys = this.listened.get(listener) ?? new Set();
      this.listened.set(listener, keys.add(table.keys[shape]));
      listen(shape, listener);
    };
    const keepStill = committer.keepStill.bind(committer);
    committer.keepStill = () => {
      keepStill();
      this.onStill();
    };
    watching.onMatch(({ hits, ...line }) => {
      const numbered = hits.map(({ watch, score }) => ({ watch: this.#numberOf(watch), score }));
      this.hits.push({ ...line, hits: numbered });
    });
  }

  takeEvents(): Heard[] {
    return this.#events.splice(0);
  }

  addWatch(id: number, ranking: PhraseRanking, minScore: number): void {
    this.#watches.set(id, this.stages.watching.watches.add(ranking, minScore));
  }

  /** Whether its phrase is ready. */
  hasWatch(id: number): boolean {
    return this.#watches.has(id);
  }

  /** By watch: the glance from which on a reading is looked at now. */
  promising(): Map<number, number> {
    return new Map([...this.#watches].map(([id, watch]) => [id, watch.promising]));
  }

  removeWatch(id: number): void {
    this.stages.watching.watches.remove(this.#watches.get(id)!);
    this.#watches.delete(id);
  }

  /** @returns whether there was a row for it */
  ingestRaw(line: InputLine, vector: Float32Array): boolean {
    if (!this.stages.ingestRaw(vector, 0, line)) return false;
    this.rawVectors.set(this.ledger.lastCreated, vector);
    return true;
  }

  #numberOf(watch: WatchedPhrase): number {
    const [id = -1] = [...this.#watches].find(([, other]) => other === watch) ?? [];
    return id;
  }

  /** Tells of each line that leaves the queue, or never came into it, and how. */
  #hear(gate: CommitGate): CommitGate {
    let isDecided = false;
    let waits = false;
    let queued = 0;
    const leaves = (event: Heard): void => {
      this.#events.push(event);
      isDecided = true;
    };
    const isRead = (shape: number): boolean => {
      const { readings } = this.stages;
      return readings.rowOf(shape) !== undefined || readings.isRejected(shape);
    };
    return {
      verdict: (shape, text) => {
        queued = this.stages.committer.waitingCount;
        const verdict = gate.verdict(shape, text);
        isDecided = false;
        waits = verdict === 'wait';
        if (verdict === 'skip') leaves({ what: 'skipped' });
        return verdict;
      },
      foresee: (shape, text) => {
        const { readings } = this.stages;
        // Once for all lines of a shape that wait at the same time.
        const isNext = !readings.isKept(shape) && !readings.isKnown(shape);
        this.beside.foreseen = undefined;
        gate.foresee(shape, text);
        if (isNext) this.#host.onForesee(text, this.beside.foreseen);
      },
      judge: (shape, text, number, time) => {
        if (waits) leaves({ what: 'unread', number, queued, at: this.#host.now() });
        else leaves({ what: 'committed', number, isRead: isRead(shape) });
        gate.judge(shape, text, number, time);
      },
      leave: (shape) => {
        if (!isDecided) leaves({ what: 'dropped', queued, at: this.#host.now() });
        gate.leave(shape);
      },
    };
  }
}
