/**
 * The command line as commander declares it; each command has a file of its own. What a command
 * does is in another, loaded when it is called: none waits for what only another one needs.
 */
import { Command } from 'commander';
import { ImesdeError } from '../shared/errors.ts';
import { assertNoNumberOption } from './mistakes.ts';
import { version } from './version.ts';

type OnExit = (code: number) => void;

/** In the order in which help tells of them. */
const commands = {
  query: async () => (await import('./query/command.ts')).queryCommand,
  new: async () => (await import('./new/command.ts')).newCommand,
  digest: async () => (await import('./digest/command.ts')).digestCommand,
  scores: async () => (await import('./scores/command.ts')).scoresCommand,
  ask: async () => (await import('./ask/command.ts')).askCommand,
  status: async () => (await import('./status/command.ts')).statusCommand,
  doctor: async () => (await import('./doctor/command.ts')).doctorCommand,
  completion: async () => (await import('./completion/command.ts')).completionCommand,
} satisfies Record<string, () => Promise<(onExit: OnExit) => Command>>;

/** Writes of all the others. */
const completion = 'completion';

/**
 * Where one command is called, that one alone: the others would only have to be loaded.
 * @param words - of the command line
 * @param onExit - told the exit code of the command that ran
 */
export async function createProgram(words: readonly string[], onExit: OnExit): Promise<Command> {
  const [name = ''] = words;
  if (!isCommand(name) || name === completion) return await createWholeProgram(words, onExit);
  const program = emptyProgram();
  program.addCommand((await commands[name]())(onExit));
  return settled(program, words);
}

/** All commands, for who tells of them. Takes what createProgram takes. */
export async function createWholeProgram(
  words: readonly string[],
  onExit: OnExit,
): Promise<Command> {
  const [{ addLiveCommand }, { addHelpCommand }, ...others] = await Promise.all([
    import('./live/command.ts'),
    import('./help/command.ts'),
    ...Object.values(commands).map(async (load) => await load()),
  ]);
  const program = emptyProgram();
  addLiveCommand(program, onExit);
  for (const make of others) program.addCommand(make(onExit));
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
  return settled(program, words);
}

function isCommand(name: string): name is keyof typeof commands {
  return Object.hasOwn(commands, name);
}

function emptyProgram(): Command {
  return new Command('imesde')
    .description('Searches a stream by meaning while it flows.')
    .version(version, '-V, --version')
    .enablePositionalOptions()
    .showHelpAfterError(false);
}

function settled(program: Command, words: readonly string[]): Command {
  program.hook('preAction', (_, command) => {
    assertNoNumberOption(command, words);
  });
  // Set by commander on subcommands made with .command(), but not on those that are added.
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ outputError: () => undefined });
  }
  return program;
}
