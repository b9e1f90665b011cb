/** The script for fish, from 3.0 on. */
import type { Completed, CompletedCommand, CompletedOption } from './words.ts';

/** Options of `complete`. */
const completions = {
  nothing: '-x',
  files: '-r -F',
  folders: "-x -a '(__fish_complete_directories)'",
  programs: "-x -a '(__fish_complete_command)'",
  instances: "-r -F -a '(command imesde completion --instances 2> /dev/null)'",
} as const;

export function fishScript(commands: readonly CompletedCommand[]): string {
  const named = commands.filter(({ name }) => name !== '');
  const lines = [
    ...named.map(
      ({ name, summary }) =>
        `complete -c imesde -n __imesde_at_command -a ${name} -d ${quoted(summary)}`,
    ),
    ...commands.flatMap(commandLines),
  ];
  return `# Completes imesde's words in fish: imesde completion fish > ~/.config/fish/completions/imesde.fish

function __imesde_at_command
    test (count (commandline -opc)) -eq 1
end

# Whether this is the command; '' is a live run.
function __imesde_is
    set -l words (commandline -opc)
    set -l command ''
    if test (count $words) -gt 1; and contains -- $words[2] ${named.map(({ name }) => name).join(' ')}
        set command $words[2]
    end
    test "$command" = "$argv[1]"
end

# Whether the phrase is there: as an operand, or by one of the options (2) that make all operands files.
# Options that take a value: 1.
function __imesde_has_phrase
    set -l valued (string split ' ' -- $argv[1])
    set -l phrase_options (string split ' ' -- $argv[2])
    set -l words (commandline -opc)
    set -l is_value 0
    for word in $words[3..-1]
        if test $is_value -eq 1
            set is_value 0
        else if string match -q -- '-?*' $word
            contains -- (string replace -r '=.*' '' -- $word) $phrase_options; and return 0
            contains -- $word $valued; and set is_value 1
        else
            return 0
        end
    end
    return 1
end

complete -c imesde -f
${lines.join('\n')}
`;
}

function commandLines(command: CompletedCommand): string[] {
  const { name, options, operands, phraseOptions } = command;
  const isIt = `__imesde_is '${name}'`;
  const lines = options.map((option) => optionLine(isIt, option));
  if (operands === 'nothing') return lines;
  const valued = options.filter(({ value }) => value !== undefined).flatMap(({ names }) => names);
  const when =
    phraseOptions === undefined
      ? isIt
      : `${isIt}; and __imesde_has_phrase '${valued.join(' ')}' '${phraseOptions.join(' ')}'`;
  const what = typeof operands === 'object' ? `-a ${quoted(operands.words.join(' '))}` : '-F';
  return [...lines, `complete -c imesde -n ${quoted(when)} ${what}`];
}

function optionLine(condition: string, { names, description, value }: CompletedOption): string {
  const flags = names.map((name) =>
    name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name[1] ?? ''}`,
  );
  const completed = value === undefined ? [] : [completionOf(value.completed)];
  return [
    `complete -c imesde -n ${quoted(condition)}`,
    ...flags,
    ...completed,
    `-d ${quoted(description)}`,
  ].join(' ');
}

function completionOf(completed: Completed): string {
  return typeof completed === 'object'
    ? `-x -a ${quoted(completed.words.join(' '))}`
    : completions[completed];
}

function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
}
