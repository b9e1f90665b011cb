/** Options of those who ask a running instance. */
import { Option, type Command } from 'commander';
import { durationUpTo } from '../option-values.ts';

export interface AskerFlags {
  readonly fifo?: string;
  /** In milliseconds. */
  readonly timeout: number;
}

const timeoutMsMax = 3_600_000;

export function addAskerOptions(command: Command): Command {
  return command
    .optionsGroup('Instance:')
    .addOption(
      new Option('--fifo <path>', 'its control FIFO (default: of the one that runs)').env(
        'IMESDE_FIFO',
      ),
    )
    .addOption(
      new Option('--timeout <time>', 'how long to wait for it and its answer')
        .default(5_000, '5s')
        .argParser(durationUpTo(timeoutMsMax)),
    );
}
