/** `imesde digest [FILE…]`: what is in a log, on one screen. */
import { Command, Option } from 'commander';
import { addReadingOptions, windowBytesOption, windowOption } from '../common-options.ts';
import { assertInput } from '../hints.ts';
import { integerBetween } from '../option-values.ts';
import type { DigestOptions } from './options.ts';

/** More rows than anybody reads. */
const groupsMax = 10_000;

export function digestCommand(onExit: (code: number) => void): Command {
  const command = new Command('digest')
    .summary('what is in a log, on one screen')
    .description(
      'Reads files, or standard input, to the end and prints what is in them: events grouped by what ' +
        'they say, how many lines each has, when they came, and a typical line with … for what varies. ' +
        'What is trouble stands first, what is new is marked.',
    )
    .usage('[options] [FILE...]')
    .argument('[file...]', 'what to read, gzip too; standard input where there is none, or for -')
    .optionsGroup('Output:')
    .addOption(
      new Option('--groups <n>', 'at most so many (default: what the terminal has rows for, or 20)')
        .env('IMESDE_GROUPS')
        .argParser(integerBetween(1, groupsMax)),
    )
    .option('--json', 'NDJSON, one object a group, and one that says what is left out')
    .addOption(
      new Option('--color <when>', 'colour what is trouble, and what is new')
        .choices(['auto', 'always', 'never'])
        .default('auto'),
    )
    .option('--progress', 'tell on stderr how far reading is (on where it is a terminal)')
    .option('--no-progress', 'never do');
  return addReadingOptions(command)
    .optionsGroup('Memory:')
    .addOption(windowOption('shapes held'))
    .addOption(windowBytesOption())
    .addHelpText(
      'after',
      `
Order: trouble first, then the rest, each by its lines; plain trouble (!!)
weighs as much as 1,000 times the lines, and what is new as 30 times. Half of
the rows are for plain trouble, a quarter for the rest, if there is so much.
new: no event of the group was seen before the last tenth of the lines, and it
is trouble or has three lines.

Examples:
  imesde digest app.log
  journalctl -b | imesde digest --groups 10
  imesde digest --since 1h /var/log/syslog /var/log/syslog.1
  imesde digest --json app.log | jq -r 'select(.trouble == 1) | .template'

Exit codes: 0 lines were read, 1 there were none, 2 an error.`,
    )
    .action(async (files: string[], options: DigestOptions) => {
      if (files.length === 0 || files.includes('-')) assertInput(command);
      const { runDigest } = await import('./run.ts');
      onExit(await runDigest(files, options));
    });
}
