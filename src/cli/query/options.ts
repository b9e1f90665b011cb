import type {
  ContextFlags,
  EngineFlags,
  OutputOptions,
  QuestionOptions,
} from '../common-options.ts';
import type { StateFlags } from '../state.ts';

export interface QueryOptions
  extends EngineFlags, QuestionOptions, OutputOptions, ContextFlags, StateFlags {
  readonly count?: boolean;
  readonly filesWithMatches?: boolean;
  readonly withFilename?: boolean;
  /** False where --no-filename is given. */
  readonly filename: boolean;
  readonly progress?: boolean;
  readonly state?: string;
}
