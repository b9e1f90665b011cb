/** What can stand where on the command line, as commander has it declared: what every script is made of. */
import type { Command, Option } from 'commander';
import { helpTopics } from '../help/command.ts';

/** What completes a value or an operand. `nothing`: it is the user's own words. */
export type Completed =
  | 'nothing'
  | 'files'
  | 'folders'
  | 'programs'
  | 'instances'
  | { readonly words: readonly string[] };

export interface CompletedOption {
  /** As they are typed: the short one, the long one, or both. */
  readonly names: readonly string[];
  readonly description: string;
  readonly isRepeatable: boolean;
  /** Undefined where it takes none. */
  readonly value: { readonly name: string; readonly completed: Completed } | undefined;
}

export interface CompletedCommand {
  /** Empty for a live run. */
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  /** Of the operands, unless the first is a phrase. */
  readonly operands: Completed;
  /** Options with one of which the first operand is no phrase. Undefined where it never is one. */
  readonly phraseOptions: readonly string[] | undefined;
}

/** By what a value is called in the declarations. */
const completedByName: Readonly<Record<string, Completed>> = {
  file: 'files',
  path: 'files',
  dir: 'folders',
  cmd: 'programs',
};

/** @returns a live run, and then the commands */
export function completedCommands(program: Command): readonly CompletedCommand[] {
  return [program, ...program.commands].map((command) => completedCommand(command, program));
}

function completedCommand(command: Command, program: Command): CompletedCommand {
  const isLive = command === program;
  const help = command.createHelp();
  const options = help.visibleOptions(command).map((option) => completedOption(option, isLive));
  const [first] = command.registeredArguments;
  const hasFiles = command.registeredArguments.some((argument) => argument.name() === 'file');
  const words = command.name() === 'help' ? helpTopics(program) : first?.argChoices;
  const phraseOptions = command.options
    .filter((option) => ['phrase', 'phraseFile', 'like'].includes(option.attributeName()))
    .flatMap(namesOf);
  return {
    name: isLive ? '' : command.name(),
    summary: command.summary(),
    options,
    operands: words === undefined ? (hasFiles ? 'files' : 'nothing') : { words },
    phraseOptions: hasFiles && first?.name() === 'phrase' ? phraseOptions : undefined,
  };
}

function completedOption(option: Option, isLive: boolean): CompletedOption {
  const { flags, description, argChoices, required, optional } = option;
  const name = /[<[]([^>\]]+)[>\]]/.exec(flags)?.[1] ?? '';
  const byName = completedByName[name] ?? 'nothing';
  // A live run makes its FIFO; who asks names one that is there.
  const isInstance = option.long === '--fifo' && !isLive;
  const completed = isInstance ? 'instances' : byName;
  return {
    names: namesOf(option),
    description,
    isRepeatable: /\brepeatable\b/.test(description),
    value:
      required || optional
        ? { name, completed: argChoices === undefined ? completed : { words: argChoices } }
        : undefined,
  };
}

function namesOf({ short, long }: Option): string[] {
  return [short, long].filter((name) => typeof name === 'string');
}

export function typeOf(completed: Completed): string {
  return typeof completed === 'object' ? 'words' : completed;
}

/** Options that take a value, those together whose value is completed alike. */
export function valuesByCompleted(
  options: readonly CompletedOption[],
): readonly (readonly [Completed, readonly CompletedOption[]])[] {
  const groups = new Map<string, [Completed, CompletedOption[]]>();
  for (const option of options) {
    if (option.value === undefined) continue;
    const { completed } = option.value;
    const key = JSON.stringify(completed);
    const group = groups.get(key) ?? [completed, []];
    group[1].push(option);
    groups.set(key, group);
  }
  return [...groups.values()];
}
