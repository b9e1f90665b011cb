/** `imesde ask PHRASE…`: sends the query to a running instance. */
import { Argument, Command } from 'commander';
import {
  addMatchOptions,
  addOutputOptions,
  addTopOption,
  type MatchOptions,
  type OutputOptions,
} from './common-options.ts';
import { addAskerOptions, type AskerFlags } from './control-options.ts';
import { phrases as parsePhrases } from './option-values.ts';

export interface AskOptions extends AskerFlags, MatchOptions, OutputOptions {
  readonly top: number;
  readonly all?: boolean;
}

export function askCommand(onExit: (code: number) => void): Command {
  const command = new Command('ask')
    .summary('send the query to a running instance')
    .description(
      'Asks a running instance for the K best matches of each phrase, best first, in the lines\n' +
        'that it holds now.',
    )
    .addArgument(
      new Argument('<phrase...>', 'what to look for, in your own words').argParser(parsePhrases),
    );
  addMatchOptions(addTopOption(command.optionsGroup('Matching:'))).option(
    '--all',
    'every line; without it each shape once, its newest line',
  );
  return addOutputOptions(addAskerOptions(command))
    .addHelpText(
      'after',
      `
Examples:
  tail -f app.log | imesde --fifo /run/user/1000/app &
  imesde ask "db failure" --fifo /run/user/1000/app
  imesde ask "disk full" "out of memory" -k 3 --json | jq .text`,
    )
    .action(async (phrases: string[], options: AskOptions) => {
      // Loaded only now, so that no command waits for what another one needs.
      const { runAsk } = await import('./ask-run.ts');
      onExit(await runAsk(phrases, options));
    });
}
