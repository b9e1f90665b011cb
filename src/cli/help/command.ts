/** `imesde help TOPIC`: the options of a live run, and a screen each on what many ask for. */
import { Command } from 'commander';
import { unknownTopic } from '../mistakes.ts';
import { formatOverview } from './overview.ts';
import { topicNames, type TopicName } from './topic-names.ts';

/** What a live run is called, which has no command of its own. */
const live = 'live';

/** Gives the program `--help` on one screen, and `help`. */
export function addHelpCommand(program: Command, onExit: (code: number) => void): void {
  program.helpCommand(false).configureHelp({ formatHelp: () => formatOverview(program) });
  program.addCommand(
    new Command('help')
      .summary(`${live}, ${topicNames.join(', ')}, or a command`)
      .description('Shows the help of a command, or a screen on what many ask for.')
      .usage(`[${[live, ...topicNames, 'COMMAND'].join('|')}]`)
      .argument('[topic]', 'what to tell about')
      .action(async (topic?: string) => {
        await tell(program, topic);
        onExit(0);
      }),
  );
}

async function tell(program: Command, topic: string | undefined): Promise<void> {
  const command = program.commands.find((each) => each.name() === topic);
  if (topic === undefined) program.outputHelp();
  else if (topic === live) showLive(program);
  else if (command !== undefined) command.outputHelp();
  else if (isTopic(topic)) {
    const { topics } = await import('./topics.ts');
    program.configureOutput().writeOut?.(topics[topic]);
  } else {
    throw unknownTopic(topic, helpTopics(program));
  }
}

/** All that `imesde help` knows. */
export function helpTopics(program: Command): string[] {
  return [live, ...topicNames, ...program.commands.map((each) => each.name())];
}

function isTopic(topic: string): topic is TopicName {
  return (topicNames as readonly string[]).includes(topic);
}

/** All its options, as commander lists those of any command. */
function showLive(program: Command): void {
  program
    .usage('-w PHRASE [options]')
    .description(
      'Reads standard input line by line, prints each line that answers a phrase as it arrives, and ' +
        'keeps the newest lines to be asked about. All options:',
    )
    .configureHelp({ visibleCommands: () => [] })
    .outputHelp();
}
