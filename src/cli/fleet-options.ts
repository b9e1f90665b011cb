/** Options of a fleet: instances that are asked together, over NATS. None of them has a variable of its own. */
import { Option, type Command } from 'commander';
import { ImesdeError } from '../shared/errors.ts';
import { integerBetween } from './option-values.ts';

export interface BusFlags {
  /** Of the NATS server; by default as the nats CLI has it. */
  readonly server?: string;
}

export interface FleetFlags extends BusFlags {
  readonly fleet?: boolean;
  readonly group?: string;
}

export interface FleetAskerFlags extends FleetFlags {
  readonly expect?: number;
}

const hostsMax = 100_000;

/** @param description - of `--fleet` */
export function addFleetOptions(command: Command, description: string): Command {
  return command
    .option('--fleet', description)
    .option('--group <name>', 'of the fleet only these, as in web or eu.web');
}

export function serverOption(): Option {
  return new Option(
    '--server <url>',
    'the NATS server (default: NATS_URL, or the context of the nats CLI)',
  );
}

/** Of those who ask. */
export function addFleetAskerOptions(command: Command): Command {
  return addFleetOptions(command, 'ask all instances of the fleet, and merge what they answer')
    .addOption(
      new Option(
        '--expect <n>',
        'so many must answer, and are enough (default: all that the server lists)',
      ).argParser(integerBetween(1, hostsMax)),
    )
    .addOption(serverOption());
}

/** @throws {ImesdeError} ERR_IMESDE_USAGE for options that ask two things, or nothing */
export function assertFleetAsker(command: Command): void {
  const isGiven = (name: string): boolean => command.getOptionValueSource(name) === 'cli';
  const refuse = (isSenseless: boolean, message: string): void => {
    if (isSenseless) throw new ImesdeError('ERR_IMESDE_USAGE', message);
  };
  refuse(
    isGiven('fleet') && isGiven('fifo'),
    '--fleet asks all instances and --fifo one: leave one of them out',
  );
  for (const name of ['group', 'expect', 'server']) {
    refuse(
      isGiven(name) && !isGiven('fleet'),
      `--${name} is of a fleet: add --fleet to ask all instances that have joined it`,
    );
  }
}
