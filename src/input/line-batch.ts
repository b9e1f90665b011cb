/** What the reader of lines hands on, and what it knows of it. */

/**
 * Lines that arrived together. The text at index i has the line number numbers[i], or, where there
 * are no numbers since nothing was joined, firstNumber + i.
 */
export interface LineBatch {
  /** Without newline and without one CR before it; empty lines are here too, for their number. */
  readonly texts: readonly string[];
  /** 1-based number of the first line. */
  readonly firstNumber: number;
  /** Of each text the number of its first line; and, one more, of the line behind them all. */
  readonly numbers?: readonly number[];
  /** What is read of each text for its meaning; the whole where it is missing. */
  readonly told?: readonly string[];
  /** Lines that were read with these and are left out, see line-filter.ts. */
  readonly filtered?: number;
  /** Arrival, in milliseconds of the wall clock. */
  readonly time: number;
  /** Bytes that a character of these texts takes in memory: 1 where all are ASCII, else 2. */
  readonly bytesPerChar: 1 | 2;
}

/** What is known of a batch without looking at its texts. */
export interface BatchForms {
  /** A line of it may continue the line above, or open a block. */
  readonly mayJoin: boolean;
  /**
   * What is known of what follows its last line: it begins anew, for it is there in part; nothing
   * is there, and nobody shall wait in vain; or it is not known, and the last line is held back.
   */
  readonly next: 'anew' | 'nothing' | 'unknown';
}
