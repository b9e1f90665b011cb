import type { OverloadPolicy } from '../../window/committer.ts';
import type { ContextFlags, EngineFlags, MatchOptions, OutputOptions } from '../common-options.ts';
import type { FleetFlags } from '../fleet-options.ts';
import type { LabelFlags } from '../phrases.ts';
import type { StateFlags } from '../state.ts';

export interface LiveOptions
  extends
    EngineFlags,
    MatchOptions,
    OutputOptions,
    ContextFlags,
    LabelFlags,
    StateFlags,
    FleetFlags {
  readonly watch?: readonly string[];
  readonly top?: number;
  readonly onOverload: OverloadPolicy;
  readonly fifo?: string;
  /** What the fleet calls it. */
  readonly name?: string;
  readonly hold?: boolean;
  readonly interactive?: boolean;
  readonly follow?: readonly string[];
  readonly tail?: number;
  /** Of JetStream: in place of standard input. */
  readonly stream?: string;
  readonly consumer?: string;
  readonly exec?: readonly string[];
  /** In milliseconds. */
  readonly every?: number;
  readonly new?: boolean;
  readonly seen?: string;
}
