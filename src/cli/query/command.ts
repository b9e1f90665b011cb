/** `imesde query PHRASE…`: reads stdin to its end, then prints the best matches of each phrase. */
import { Command } from 'commander';
import {
  addEngineOptions,
  addOutputOptions,
  addQuestion,
  type EngineFlags,
  type OutputOptions,
  type QuestionOptions,
} from '../common-options.ts';
import { assertInput } from '../hints.ts';

export interface QueryOptions extends EngineFlags, QuestionOptions, OutputOptions {
  readonly progress?: boolean;
}

export function queryCommand(onExit: (code: number) => void): Command {
  const command = new Command('query')
    .summary('read to the end, then print the best matches of each phrase')
    .description(
      'Reads standard input to its end and prints the K best matches of each phrase, best first.',
    );
  addEngineOptions(addOutputOptions(addQuestion(command)))
    .option('--progress', 'tell on stderr how far reading is (on where only stderr is a terminal)')
    .option('--no-progress', 'never do');
  return command
    .addHelpText(
      'after',
      `
Examples:
  imesde query "db failure" < app.log
  journalctl -b | imesde query "out of memory" "disk is full" -k 3
  imesde query "someone tries to break in" --json < auth.log | jq .text`,
    )
    .action(async (phrases: string[], options: QueryOptions) => {
      assertInput(command);
      const { runQuery } = await import('./run.ts');
      onExit(await runQuery(phrases, options));
    });
}
