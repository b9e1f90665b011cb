/** `imesde --help`: one screen, examples first. */
import type { Command } from 'commander';
import { topicNames } from './topic-names.ts';

/** Of the longest name of a command, and what lies behind it. */
const nameColumns = 12;

/** @returns at most 24 lines, as long as there are no more than ten commands */
export function formatOverview(program: Command): string {
  const commands = program.commands.map(
    (command) => `  ${command.name().padEnd(nameColumns)}${command.summary()}`,
  );
  return `Usage: imesde -w PHRASE [options], or imesde COMMAND [options]
${program.description()}

Examples:
  tail -f app.log | imesde -w "security breach"   lines that mean it, live
  imesde query "db failure" app.log app.log.1.gz  what answers, best first
  tail -f app.log | imesde --fifo ctl & imesde ask "disk full" --fifo ctl

Commands:
${commands.join('\n')}
Matching: -w, --watch PHRASE  a phrase to watch for   -s X   the least score
          -e PHRASE, -f FILE  more phrases            -k N   the N nearest
Output:   --json  --scores  -n  -c  -q  -A -B -C N    as grep's: query --help
Exit codes: 0 something answers, 1 nothing does, 2 an error, 128+n signal n.
More: COMMAND --help, and imesde help ${['live', ...topicNames].join('|')}
`;
}
