/**
 * The command line as commander declares it; each command has a file of its own. What a command
 * does is in another, loaded when it is called: none waits for what only another one needs.
 */
import { Command } from 'commander';
import { ImesdeError } from '../shared/errors.ts';
import { askCommand } from './ask/command.ts';
import { completionCommand } from './completion/command.ts';
import { digestCommand } from './digest/command.ts';
import { doctorCommand } from './doctor/command.ts';
import { addHelpCommand } from './help/command.ts';
import { addLiveCommand } from './live/command.ts';
import { assertNoNumberOption } from './mistakes.ts';
import { newCommand } from './new/command.ts';
import { queryCommand } from './query/command.ts';
import { scoresCommand } from './scores/command.ts';
import { statusCommand } from './status/command.ts';
import { version } from './version.ts';

/**
 * @param words - of the command line
 * @param onExit - told the exit code of the command that ran
 */
export function createProgram(words: readonly string[], onExit: (code: number) => void): Command {
  const program = new Command('imesde')
    .description('Searches a stream by meaning while it flows.')
    .version(version, '-V, --version')
    .enablePositionalOptions()
    .showHelpAfterError(false);
  addLiveCommand(program, onExit);
  const commands = [
    queryCommand,
    newCommand,
    digestCommand,
    scoresCommand,
    askCommand,
    statusCommand,
    doctorCommand,
    completionCommand,
  ];
  for (const make of commands) program.addCommand(make(onExit));
  addHelpCommand(program, onExit);
  // What the environment says is the called command's matter, and must not fail another one.
  if (program.commands.some((command) => command.name() === words[0])) {
    for (const option of program.options) delete option.envVar;
  }
  // Each command has options of its own: what stands before its name would be left out of account.
  program.hook('preSubcommand', (_, command) => {
    const misplaced = program.options.find(
      (option) => program.getOptionValueSource(option.attributeName()) === 'cli',
    );
    if (misplaced === undefined) return;
    const option = misplaced.long ?? misplaced.flags;
    const name = command.name();
    throw new ImesdeError(
      'ERR_IMESDE_USAGE',
      `${option} stands before ${name}: options follow the command, as in imesde ${name} ${option}`,
    );
  });
  program.hook('preAction', (_, command) => {
    assertNoNumberOption(command, words);
  });
  // Set by commander on subcommands made with .command(), but not on those that are added.
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ outputError: () => undefined });
  }
  return program;
}
