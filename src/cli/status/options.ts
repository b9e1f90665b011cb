import type { FleetAskerFlags } from '../fleet-options.ts';
import type { AskerFlags } from '../live/control-options.ts';

export interface StatusOptions extends AskerFlags, FleetAskerFlags {
  readonly json?: boolean;
}
