import type { FileNameFlags, OutputOptions, ReadingFlags } from '../common-options.ts';
import type { StateFlags } from '../state.ts';

export interface NewOptions extends ReadingFlags, OutputOptions, FileNameFlags, StateFlags {
  readonly baseline?: readonly string[];
  readonly seen?: string;
  readonly warmUp: number;
  readonly minScore: number;
  readonly maxCount?: number;
  readonly quiet?: boolean;
  readonly sort: 'score' | 'time';
  /** In milliseconds. */
  readonly every: number;
}
