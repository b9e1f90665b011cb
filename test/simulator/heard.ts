/** Lines on their way, and what the real parts did with them, as the plain model is told. */

/** A line that was handed over. */
export interface InputLine {
  readonly number: number;
  readonly time: number;
  readonly text: string;
  readonly bytes: number;
  /** Of the caller's own. */
  readonly vector?: Float32Array;
}

/** One that has not left yet. */
export interface WaitingLine extends InputLine {
  readonly handedAt: number;
}

/** Why a line was given up: so many waited, and it was so late. */
export interface GivenUp {
  readonly queued: number;
  readonly at: number;
}

/** What the real parts did. */
export type Heard =
  /** Whether there was a reading, or it was known that there is none. */
  | { readonly what: 'committed'; readonly number: number; readonly isRead: boolean }
  | ({ readonly what: 'unread'; readonly number: number } & GivenUp)
  | ({ readonly what: 'dropped' } & GivenUp)
  | { readonly what: 'skipped' }
  /** Nothing knows of this shape any more. */
  | { readonly what: 'forgot'; readonly key: string | undefined };

/** A line that answers watched phrases, best first. */
export interface PlainHit {
  readonly line: number;
  readonly time: number;
  readonly text: string;
  readonly hits: readonly { readonly watch: number; readonly score: number }[];
}
