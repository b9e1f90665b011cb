/** `imesde status`: how a running instance is doing. */
import { Command } from 'commander';
import { addAskerOptions, type AskerFlags } from '../live/control-options.ts';

export interface StatusOptions extends AskerFlags {
  readonly json?: boolean;
}

export function statusCommand(onExit: (code: number) => void): Command {
  const command = new Command('status')
    .summary('how a running instance is doing')
    .description('Tells how a running instance is doing.');
  return addAskerOptions(command)
    .optionsGroup('Output:')
    .option('--json', 'one JSON object')
    .action(async (options: StatusOptions) => {
      const { runStatus } = await import('./run.ts');
      onExit(await runStatus(options));
    });
}
