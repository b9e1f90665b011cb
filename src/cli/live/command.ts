/** `imesde -w PHRASE…`: prints each line that answers a phrase as it arrives. */
import { Option, type Command } from 'commander';
import {
  addContextOptions,
  addEngineOptions,
  addMatchOptions,
  addOutputOptions,
  addTopOption,
} from '../common-options.ts';
import { ImesdeError } from '../../shared/errors.ts';
import { assertInput } from '../hints.ts';
import { followedLinesDefault, windowLinesMax } from '../../shared/limits.ts';
import { unknownCommand } from '../mistakes.ts';
import { durationUpTo, integerBetween, phrases, texts } from '../option-values.ts';
import { assertLiveOptions } from './check-options.ts';
import { commandWords } from './command-words.ts';
import { addFleetOptions, serverOption } from '../fleet-options.ts';
import { addLabelOptions, addMarkOptions } from '../phrases.ts';
import { addStateOption } from '../state.ts';
import type { LiveOptions } from './options.ts';

/** Options that give a live run something to do. */
const purposes = ['watch', 'phraseFile', 'like', 'fifo', 'fleet', 'interactive'];

function hasPurpose(program: Command): boolean {
  return purposes.some((name) => program.getOptionValue(name) !== undefined);
}

const everyMsMax = 86_400_000;

/** Makes the program itself, without a subcommand, the live command. */
export function addLiveCommand(program: Command, onExit: (code: number) => void): Command {
  program
    .optionsGroup('Matching:')
    .addOption(
      new Option('-w, --watch <phrase>', 'print lines that mean this (repeatable)').argParser(
        phrases,
      ),
    );
  addTopOption(addMatchOptions(addMarkOptions(addLabelOptions(program))))
    .option('--new', 'of what answers only the first line of each event that was not seen before')
    .option('--seen <file>', 'with --new, remember in a file what was seen, for the next run');
  addStateOption(
    program
      .optionsGroup('Input:')
      .addOption(
        new Option(
          '-F, --follow <file>',
          'read a file as tail -F does, through rotation, instead of standard input (repeatable)',
        ).argParser(texts),
      )
      .addOption(
        new Option(
          '--tail <n>',
          `lines of it that are there already (default: ${followedLinesDefault}; without -w as many as the window holds)`,
        )
          .env('IMESDE_TAIL')
          .argParser(integerBetween(0, windowLinesMax)),
      ),
  );
  program
    .optionsGroup('Alerts:')
    .addOption(
      new Option(
        '--exec <cmd>',
        'run a program for each line that answers, the line on its standard input; no shell',
      ).argParser(commandWords),
    )
    .addOption(
      new Option('--every <time>', 'once for each event in so long, the rest counted').argParser(
        durationUpTo(everyMsMax),
      ),
    )
    .optionsGroup('Asking it while it runs:')
    .addOption(
      new Option('--fifo <path>', 'make and serve a control FIFO there').env('IMESDE_FIFO'),
    )
    .option('--hold', 'go on answering after the end of input')
    .option('-i, --interactive', 'a prompt on the terminal: type a phrase, or /help');
  addFleetOptions(
    program.optionsGroup('As one of a fleet, over NATS:'),
    'join the fleet: imesde ask --fleet reaches all that have',
  )
    .option('--name <host>', 'what the fleet calls it (default: the name of this host)')
    .option(
      '--stream <name>',
      'read a JetStream stream instead of standard input, shared by all that do',
    )
    .option('--consumer <name>', 'the durable pull consumer to read it by')
    .addOption(serverOption());
  addEngineOptions(addContextOptions(addOutputOptions(program))).addOption(
    new Option(
      '--on-overload <how>',
      'when lines wait for the model: hold standard input back, let them pass unread, or drop them',
    )
      .choices(['block', 'screen', 'drop-oldest'])
      .default('block'),
  );
  return program.allowExcessArguments().action(async (options: LiveOptions) => {
    if (program.args.length > 0) throw unknownCommand(program, program.args);
    const isNamed = options.follow !== undefined || options.stream !== undefined;
    if (options.interactive !== true && !isNamed) assertInput(program);
    assertLiveOptions(options);
    if (!hasPurpose(program)) {
      program.outputHelp({ error: true });
      throw new ImesdeError(
        'ERR_IMESDE_USAGE',
        'nothing to do: say what to look for, imesde query "PHRASE" or imesde -w "PHRASE"',
      );
    }
    if (options.follow === undefined && program.getOptionValueSource('tail') === 'cli') {
      throw new ImesdeError(
        'ERR_IMESDE_USAGE',
        '--tail is of files that are followed: name one, -F FILE',
      );
    }
    const { runLive } = await import('./run.ts');
    onExit(await runLive(options));
  });
}
