/** `imesde ask PHRASE…`: sends the query to a running instance. */
import { Command } from 'commander';
import {
  addOutputOptions,
  addQuestion,
  type OutputOptions,
  type QuestionOptions,
} from '../common-options.ts';
import { addAskerOptions, type AskerFlags } from '../live/control-options.ts';

export type AskOptions = AskerFlags & QuestionOptions & OutputOptions;

export function askCommand(onExit: (code: number) => void): Command {
  const command = new Command('ask')
    .summary('send the query to a running instance')
    .description(
      'Asks a running instance for the K best matches of each phrase, best first, in the lines ' +
        'that it holds now.',
    );
  return addOutputOptions(addAskerOptions(addQuestion(command)))
    .addHelpText(
      'after',
      `
Examples:
  tail -f app.log | imesde --fifo /run/user/1000/app &
  imesde ask "db failure" --fifo /run/user/1000/app
  imesde ask "disk full" "out of memory" -k 3 --json | jq .text`,
    )
    .action(async (phrases: string[], options: AskOptions) => {
      const { runAsk } = await import('./run.ts');
      onExit(await runAsk(phrases, options));
    });
}
