/** `imesde ask PHRASE…`: sends the query to a running instance. */
import { Command } from 'commander';
import { addOutputOptions, addQuestion } from '../common-options.ts';
import { ImesdeError } from '../../shared/errors.ts';
import { sinceOption } from '../filter-options.ts';
import { phrase } from '../option-values.ts';
import { namedPhrases } from '../phrases.ts';
import { addFleetAskerOptions, assertFleetAsker } from '../fleet-options.ts';
import { addAskerOptions } from '../live/control-options.ts';
import type { AskOptions } from './options.ts';

export function askCommand(onExit: (code: number) => void): Command {
  const command = new Command('ask')
    .summary('send the query to a running instance, or to a fleet')
    .description(
      'Asks a running instance, or all of a fleet, what answers each phrase in the lines that it holds now, best first: ' +
        'up to five events, or with -k the nearest, whatever they score.',
    )
    .usage('[options] PHRASE...')
    .argument('[phrase...]', 'what to look for, in your own words');
  addQuestion(command).addOption(sinceOption());
  return addOutputOptions(addFleetAskerOptions(addAskerOptions(command)))
    .addHelpText(
      'after',
      `
Examples:
  tail -f app.log | imesde --fifo /run/user/1000/app &
  imesde ask "db failure" --fifo /run/user/1000/app
  imesde ask "disk full" "out of memory" -k 3 --json | jq .text
  imesde ask "db failure" --fleet --server nats1:4222

Exit codes: 0 something answers, 1 nothing does, 2 an error.`,
    )
    .action(async (phrases: string[], options: AskOptions) => {
      assertFleetAsker(command);
      const given = [...phrases.map(phrase), ...(options.phrase ?? [])];
      if (given.length === 0 && (options.phraseFile ?? options.like) === undefined) {
        throw new ImesdeError(
          'ERR_IMESDE_USAGE',
          'missing required argument \'phrase\': say what to look for, as in imesde ask "db failure"',
        );
      }
      const { runAsk } = await import('./run.ts');
      onExit(await runAsk(namedPhrases(given, options), options));
    });
}
