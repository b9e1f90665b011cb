/** The real parts, tied as the engine ties them, with a fake thread under the pool. */
import assert from 'node:assert';
import { characterEncoder } from '../helpers/character-encoder.ts';
import type { LoadedModel } from '../../src/embed/model.ts';
import { EmbedPool } from '../../src/embed/pool.ts';
import { RowSet } from '../../src/ring/row-set.ts';
import { Rows } from '../../src/ring/rows.ts';
import { VectorRing } from '../../src/ring/vector-ring.ts';
import { Scanner } from '../../src/scan/scanner.ts';
import { Committer, type CommitterBounds } from '../../src/window/committer.ts';
import { LineWindow } from '../../src/window/line-window.ts';
import { ShapeTable, type Shape } from '../../src/window/shape-table.ts';
import { ShapeWindow } from '../../src/window/shape-window.ts';
import type { Window } from '../../src/window/window.ts';
import { dimensions } from './fake-worker.ts';
import { keyOf } from './plain-model.ts';
import type { WindowBounds } from './plain-window.ts';

export interface SystemOptions extends WindowBounds {
  readonly keep: 'lines' | 'shapes';
  readonly rowCount: number;
  readonly firstGeneration: number;
  readonly workersMax: number;
  readonly dropsOldest: boolean;
  readonly bounds: CommitterBounds;
  readonly onLook: (text: string) => void;
  readonly onCommit: (number: number) => void;
}

export class System {
  readonly rows: Rows;
  readonly ring: VectorRing;
  readonly window: Window;
  readonly inWindow: RowSet;
  readonly shapeOfRow: (Shape | undefined)[];
  readonly committer: Committer;
  readonly pool: EmbedPool;
  readonly scanner: Scanner;
  hasFailed = false;
  hasHung = false;
  readonly #table: ShapeTable;

  constructor(options: SystemOptions) {
    const { rowCount } = options;
    this.rows = new Rows({ rowCount, firstGeneration: options.firstGeneration });
    this.ring = VectorRing.create({ rowCount, dimensions });
    this.inWindow = new RowSet(rowCount);
    this.shapeOfRow = new Array<Shape | undefined>(rowCount).fill(undefined);
    this.scanner = new Scanner({ ring: this.ring, generations: this.rows.generations });
    this.#table = new ShapeTable(this.rows);
    this.pool = new EmbedPool({
      model: Promise.resolve({ spec: {}, createEncoder: characterEncoder } as LoadedModel),
      workersMax: options.workersMax,
      onShapes: (jobs, stored) => {
        this.committer.shapesDone(jobs, stored);
      },
      onFatal: () => {
        this.hasFailed = true;
      },
      onHang: () => {
        this.hasHung = true;
      },
    });
    this.pool.attach(this.ring.handle, undefined);
    const windowOptions = {
      ...options,
      onEnter: (shape: Shape) => {
        assert.equal(this.shapeOfRow[shape.row], undefined, 'a row stands for two shapes');
        this.inWindow.add(shape.row);
        this.shapeOfRow[shape.row] = shape;
      },
      onLeave: (shape: Shape) => {
        this.inWindow.delete(shape.row);
        this.shapeOfRow[shape.row] = undefined;
        this.#table.releaseIfUnused(shape);
      },
    };
    this.window =
      options.keep === 'lines' ? new LineWindow(windowOptions) : new ShapeWindow(windowOptions);
    this.committer = new Committer({
      // Keys that the model can foresee; the real masker has tests of its own.
      masker: {
        key: (text) => {
          options.onLook(text);
          return keyOf(text);
        },
        modelText: (key) => key,
      },
      table: this.#table,
      window: this.window,
      pool: this.pool,
      onOverload: options.dropsOldest ? 'drop-oldest' : 'block',
      bounds: options.bounds,
      onCommit: (_shape, _text, number) => {
        options.onCommit(number);
      },
    });
  }

  /** A line with a vector of the caller's own; there must be a free row. */
  ingestRaw(vector: Float32Array, text: string, number: number): number {
    const shape = this.#table.create(undefined);
    assert(shape !== undefined, 'there was a free row');
    const isStored = this.ring.write(shape.row, vector, 0);
    this.committer.ingestReady(shape, isStored, text, number, number);
    return shape.row;
  }
}
