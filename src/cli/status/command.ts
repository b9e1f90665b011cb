/** `imesde status`: how a running instance is doing. */
import { Command } from 'commander';
import { addFleetAskerOptions, assertFleetAsker } from '../fleet-options.ts';
import { addAskerOptions } from '../live/control-options.ts';
import type { StatusOptions } from './options.ts';

export function statusCommand(onExit: (code: number) => void): Command {
  const command = new Command('status')
    .summary('how a running instance is doing, or a fleet')
    .description('Tells how a running instance is doing, or all of a fleet, a line each.');
  return addFleetAskerOptions(addAskerOptions(command))
    .optionsGroup('Output:')
    .option('--json', 'one JSON object, or one for each instance of a fleet')
    .action(async (options: StatusOptions) => {
      assertFleetAsker(command);
      const { runStatus } = await import('./run.ts');
      onExit(await runStatus(options));
    });
}
