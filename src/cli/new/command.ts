/** `imesde new [FILE…]`: lines whose event is new, as they come. */
import { Command, Option } from 'commander';
import { addFileNameOptions, addOutputOptions, addReadingOptions } from '../common-options.ts';
import { ImesdeError } from '../../shared/errors.ts';
import { assertInput } from '../hints.ts';
import { durationUpTo, integerBetween, score, texts } from '../option-values.ts';
import { addStateOption } from '../state.ts';
import type { NewOptions } from './options.ts';

const everyMsDefault = 60_000;
const everyMsMax = 86_400_000;

export function newCommand(onExit: (code: number) => void): Command {
  const command = new Command('new')
    .summary('lines that say what was not said before')
    .description(
      'Reads files, or standard input as it comes, and prints the first line of each event that was not ' +
        'seen before. Another host, user or number is not new; another error is.',
    )
    .usage('[options] [FILE...]')
    .argument('[file...]', 'what to read, gzip too; standard input where there is none, or for -')
    .optionsGroup('What was seen:')
    .addOption(
      new Option(
        '--baseline <file>',
        'learn from a log first; what it had and this has not is told at the end (repeatable)',
      ).argParser(texts),
    )
    .option('--seen <file>', 'remember in a file what was seen, for the next run')
    .addOption(
      new Option('--warm-up <n>', 'learn from the first n lines before telling any')
        .default(0)
        .argParser(integerBetween(0, Number.MAX_SAFE_INTEGER)),
    )
    .optionsGroup('Matching:')
    .addOption(
      new Option(
        '-s, --min-score <x>',
        'only what is so telling, 0 to 1: what speaks of trouble is',
      )
        .default(0)
        .argParser(score),
    )
    .addOption(
      new Option('-m, --max-count <n>', 'stop after n printed lines').argParser(
        integerBetween(1, Number.MAX_SAFE_INTEGER),
      ),
    )
    .option('-q, --quiet', 'no output, end at the first new line: the exit code tells')
    .addOption(
      new Option('--sort <by>', 'as the lines come, or at the end the most telling first')
        .choices(['score', 'time'])
        .default('time'),
    )
    .addOption(
      new Option('--every <time>', 'how often to tell how many more came, doubling up to an hour')
        .default(everyMsDefault, '1m')
        .argParser(durationUpTo(everyMsMax)),
    );
  addFileNameOptions(addReadingOptions(addStateOption(addOutputOptions(command))));
  return command
    .addHelpText(
      'after',
      `
Examples:
  tail -F app.log | imesde new --warm-up 10000
  imesde new --baseline app.log.1 --sort score app.log
  imesde new --seen /var/tmp/app.seen --state /var/tmp/app.state app.log

Exit codes: 0 something is new, 1 nothing is, 2 an error.`,
    )
    .action(async (files: string[], options: NewOptions) => {
      const readsStdin = files.length === 0 || files.includes('-');
      if (options.baseline?.includes('-') === true) {
        throw new ImesdeError(
          'ERR_IMESDE_USAGE',
          'a baseline is read before standard input: name a file for it',
        );
      }
      if (readsStdin && options.state !== undefined) {
        throw new ImesdeError(
          'ERR_IMESDE_USAGE',
          '--state keeps where reading of files ended, and standard input is none: name the files to read',
        );
      }
      if (readsStdin) assertInput(command);
      const { runNew } = await import('./run.ts');
      onExit(await runNew(files, options));
    });
}
