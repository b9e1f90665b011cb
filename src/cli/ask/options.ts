import type { OutputOptions, QuestionOptions } from '../common-options.ts';
import type { FleetAskerFlags } from '../fleet-options.ts';
import type { AskerFlags } from '../live/control-options.ts';

export type AskOptions = AskerFlags &
  FleetAskerFlags &
  QuestionOptions &
  OutputOptions & { readonly since?: string };
