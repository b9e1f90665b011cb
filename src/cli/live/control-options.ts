/** Options of those who ask a running instance. */
import { InvalidArgumentError, Option, type Command } from 'commander';

export interface AskerFlags {
  readonly fifo?: string;
  /** In milliseconds. */
  readonly timeout: number;
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, '': 1_000, s: 1_000, m: 60_000 };
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
        .argParser(duration),
    );
}

/** A time as 500ms, 5s, 2m or 5, in milliseconds. */
export function duration(text: string): number {
  const [, digits, unit = ''] = /^(\d{1,7}(?:\.\d{1,3})?)(ms|s|m)?$/.exec(text) ?? [];
  const ms = Number(digits) * (unitMs[unit] ?? NaN);
  if (ms > 0 && ms <= timeoutMsMax) return ms;
  throw new InvalidArgumentError('It must be a time up to an hour, like 500ms, 5s or 2m.');
}
