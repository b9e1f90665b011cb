import type { EngineFlags, OutputOptions } from '../common-options.ts';
import type { PhraseFlags } from '../phrases.ts';

export interface ScoresOptions extends EngineFlags, PhraseFlags, OutputOptions {
  readonly minScore?: number;
}
