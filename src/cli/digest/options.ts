import type { ReadingFlags } from '../common-options.ts';

export interface DigestOptions extends ReadingFlags {
  readonly window: number;
  readonly windowBytes?: number;
  readonly groups?: number;
  readonly json?: boolean;
  readonly color: 'auto' | 'always' | 'never';
  readonly progress?: boolean;
}
