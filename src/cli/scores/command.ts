/** `imesde scores PHRASE [FILE…]`: a histogram of scores, to choose a threshold by. */
import { Command, Option } from 'commander';
import { addEngineOptions } from '../common-options.ts';
import { assertInput } from '../hints.ts';
import { score } from '../option-values.ts';
import { addLabelOptions, addMarkOptions, addPhraseOption } from '../phrases.ts';
import { askedOf, fileAsPhrase } from '../query/operands.ts';
import type { ScoresOptions } from './options.ts';

export function scoresCommand(onExit: (code: number) => void): Command {
  const command = new Command('scores')
    .summary('a histogram of scores, to choose a threshold by')
    .description(
      'Reads files, or standard input, to the end and prints how the events score that come nearest to ' +
        'the phrase: how many in each range, with one of them, and where the threshold lies.',
    )
    .usage('[options] PHRASE [FILE...]')
    .argument('[phrase]', 'what to look for, in your own words (with -e or -f a file, too)')
    .argument('[file...]', 'what to read, gzip too; standard input where there is none, or for -');
  addMarkOptions(addLabelOptions(addPhraseOption(command.optionsGroup('Matching:')))).addOption(
    new Option('-s, --min-score <x>', 'the threshold to be shown (default: what a query takes)')
      .env('IMESDE_MIN_SCORE')
      .argParser(score),
  );
  command
    .optionsGroup('Output:')
    .option('--json', 'NDJSON, one object a range')
    .addOption(
      new Option('--color <when>', 'colour by the threshold')
        .choices(['auto', 'always', 'never'])
        .default('auto'),
    );
  return addEngineOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  imesde scores "db failure" app.log
  imesde scores -e "disk full" -e "out of memory" -s 0.5 app.log.1.gz

Exit codes: 0 something answers, 1 nothing does, 2 an error.`,
    )
    .action(async (phrase: string | undefined, files: string[], options: ScoresOptions) => {
      const asked = askedOf(phrase === undefined ? [] : [phrase, ...files], options);
      if (asked.files.length === 0 || asked.files.includes('-')) {
        assertInput(command, fileAsPhrase(asked, options));
      }
      const { runScores } = await import('./run.ts');
      onExit(await runScores(asked, options));
    });
}
