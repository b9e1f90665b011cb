/** `imesde query PHRASE [FILE…]`: reads to the end, then prints what answers, best first. */
import { Command } from 'commander';
import {
  addFileNameOptions,
  addContextOptions,
  addEngineOptions,
  addOutputOptions,
  addQuestion,
} from '../common-options.ts';
import { ImesdeError } from '../../shared/errors.ts';
import { assertInput } from '../hints.ts';
import { addStateOption } from '../state.ts';
import { askedOf, fileAsPhrase } from './operands.ts';
import type { QueryOptions } from './options.ts';

export function queryCommand(onExit: (code: number) => void): Command {
  const command = new Command('query')
    .summary('read to the end, then print what answers, best first')
    .description(
      'Reads files, or standard input, to the end and prints what answers the phrase, best first: up ' +
        'to five events, or with -k the nearest, whatever they score.',
    )
    .usage('[options] PHRASE [FILE...]')
    .argument('[phrase]', 'what to look for, in your own words (with -e, -f or --like a file, too)')
    .argument('[file...]', 'what to read, gzip too; standard input where there is none, or for -');
  addQuestion(command)
    .option('-c, --count', 'only how many lines answer, of each file')
    .option('-l, --files-with-matches', 'only the names of files in which something answers');
  addEngineOptions(addContextOptions(addOutputOptions(command)));
  addFileNameOptions(addStateOption(command))
    .option('--progress', 'tell on stderr how far reading is (on where it is a terminal)')
    .option('--no-progress', 'never do');
  return command
    .addHelpText(
      'after',
      `
Examples:
  imesde query "db failure" app.log app.log.1.gz
  journalctl -b | imesde query -e "out of memory" -e "disk is full" -k 3
  imesde query -C 2 "someone tries to break in" auth.log
  imesde query "payment refused" --where level=error --since 1h api.jsonl
  imesde query "disk about to fail" kern.log --state /var/tmp/kern.state
  if imesde query -q "disk about to fail" /var/log/kern.log; then …; fi

Exit codes: 0 something answers, 1 nothing does, 2 an error.`,
    )
    .action(async (phrase: string | undefined, files: string[], options: QueryOptions) => {
      const asked = askedOf(phrase === undefined ? [] : [phrase, ...files], options);
      if (asked.files.length === 0 || asked.files.includes('-')) {
        if (options.state !== undefined) {
          throw new ImesdeError(
            'ERR_IMESDE_USAGE',
            '--state keeps where reading of files ended, and standard input is none: name the files to read',
          );
        }
        if (options.phraseFile?.includes('-') === true) {
          throw new ImesdeError(
            'ERR_IMESDE_USAGE',
            'standard input is the file of phrases: name the files to read',
          );
        }
        assertInput(command, fileAsPhrase(asked, options));
      }
      const { runQuery } = await import('./run.ts');
      onExit(await runQuery(asked, options));
    });
}
