import type {
  ContextFlags,
  EngineFlags,
  FileNameFlags,
  OutputOptions,
  QuestionOptions,
} from '../common-options.ts';
import type { StateFlags } from '../state.ts';

export interface QueryOptions
  extends EngineFlags, QuestionOptions, OutputOptions, ContextFlags, FileNameFlags, StateFlags {
  readonly count?: boolean;
  readonly filesWithMatches?: boolean;
  readonly progress?: boolean;
}
