/** How an engine is doing. At any moment read = waiting + window + evicted + skipped. */
export interface EngineStats {
  readonly model: string;
  readonly read: number;
  readonly waiting: number;
  readonly window: number;
  readonly evicted: number;
  readonly skipped: Readonly<Record<'empty' | 'overload' | 'vector', number>> & {
    /** Left out before meaning; only where lines were. */
    readonly filtered?: number;
  };
  /** Lines in the window, or evicted, that passed unread: no watch could tell of them. */
  readonly screened: number;
  /** Lines whose shape was known when they were read. */
  readonly known: number;
  /** Shapes in the window, and readings made so far. */
  readonly shapes: number;
  readonly readings: number;
  /** Rows in use, those of waiting shapes among them, and the bound of --rows. */
  readonly rows: number;
  readonly rowsMax: number;
  readonly windowBytes: number;
  readonly workers: number;
  /** From arrival to commit. */
  readonly latencyMs: { readonly p50: number; readonly p99: number };
  readonly uptimeMs: number;
}

/** Of what needs no model: nothing waits for a reading, and there are none. */
export const withoutReadings = {
  screened: 0,
  readings: 0,
  rows: 0,
  rowsMax: 0,
  workers: 0,
} satisfies Partial<EngineStats>;
