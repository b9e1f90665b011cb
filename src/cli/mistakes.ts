/** What was probably meant by a command line that is none: each mistake gets what to type instead. */
import { existsSync, statSync } from 'node:fs';
import type { Command, CommanderError } from 'commander';
import { ImesdeError } from '../shared/errors.ts';

/** Words that other programs have taught, and what does that here. */
const taught: Readonly<Record<string, (rest: string) => string>> = {
  watch: (rest) => `to print lines as they come, imesde -w ${rest}`,
  follow: (rest) => `to print lines as they come, imesde -w ${rest}`,
  tail: () => 'tail -f FILE | imesde -w "PHRASE"',
  grep: (rest) => `to look for it, imesde query ${rest}`,
  search: (rest) => `to look for it, imesde query ${rest}`,
  version: () => 'imesde --version',
};

/** Options of grep that are none here. */
const grepOptions: Readonly<Record<string, string>> = {
  '-r': 'name the files, imesde query "PHRASE" DIR/*',
  '-R': 'name the files, imesde query "PHRASE" DIR/*',
  '-i': 'upper and lower case mean the same here: leave it out',
  '-E': 'a phrase is no pattern: say in words what to look for',
  '-P': 'a phrase is no pattern: say in words what to look for',
};

/** Letters that may be wrong in a word that was meant as another. */
const typosMax = 2;
const lettersMin = 4;

/**
 * A word where a command belongs.
 * @param words - it, and the operands behind it
 */
export function unknownCommand(program: Command, words: readonly string[]): ImesdeError {
  const [word = '', ...rest] = words;
  const names = program.commands.map((command) => command.name());
  const { phrase, files } = phraseAndFiles(words);
  if (phrase.length === 0) {
    return usage(
      `${word} is a file: say what to look for in it, imesde query "PHRASE" ${files.map(named).join(' ')}`,
    );
  }
  const what = `unknown command '${word}'`;
  const hint = Object.hasOwn(taught, word.toLowerCase()) ? taught[word.toLowerCase()] : undefined;
  if (hint !== undefined) return usage(`${what}: ${hint(asTyped(rest) || '"PHRASE"')}`);
  const near = nearest(word, names);
  if (near !== undefined) {
    return usage(`${what}: did you mean imesde ${`${near} ${asTyped(rest)}`.trim()}?`);
  }
  const where = files.length > 0 ? files.join(' ') : 'standard input';
  return usage(`${what}: to look for it in ${where}, imesde query ${asTyped(words)}`);
}

/** @param names - that `imesde help` knows */
export function unknownTopic(topic: string, names: readonly string[]): ImesdeError {
  const near = nearest(topic, names);
  const remedy = near === undefined ? `there is ${names.join(', ')}` : `did you mean ${near}?`;
  return usage(`no help on '${topic}': ${remedy}`);
}

/** @returns the line that tells what is wrong, and what to type instead */
export function explain(error: CommanderError, program: Command, words: readonly string[]): string {
  const [first = ''] = words;
  const called = program.commands.find((command) => command.name() === first);
  const message = error.message.replace(/^error: /, '').replace(/\.$/, '');
  const help = `see imesde ${called === undefined ? '' : `${first} `}--help`;
  if (error.code !== 'commander.unknownOption') return `${message}: ${help}`;
  if (called === undefined && !first.startsWith('-')) {
    return unknownCommand(
      program,
      words.filter((word) => !word.startsWith('-')),
    ).message;
  }
  const [, option = ''] = /unknown option '(.*?)'(?: |\n|$)/s.exec(message) ?? [];
  const remedy = remedyFor(option, program, called, words);
  return remedy === undefined ? `${message}: ${help}` : `unknown option '${option}': ${remedy}`;
}

function remedyFor(
  option: string,
  program: Command,
  called: Command | undefined,
  words: readonly string[],
): string | undefined {
  const [number] = /^-\d+$/.exec(option) ?? [];
  if (number !== undefined) return nearestOf(number, called);
  const dashed = words.find((word) => /^-\S*\s/.test(word) && !word.includes('='));
  const before = called === undefined ? '-w' : `-- before it: imesde ${called.name()} --`;
  if (dashed !== undefined) {
    return `for a phrase that begins with a dash, ${before} ${quoted(dashed)}`;
  }
  const has = (command: Command): boolean =>
    command.options.some(({ short, long }) => short === option || long === option);
  const other = program.commands.find((command) => command !== called && has(command));
  const value = valueBehind(option, words);
  if (called !== undefined && has(program)) {
    return `${called.name()} has none, but a live run does, imesde ${option}${value}`;
  }
  if (called === undefined && other !== undefined) {
    return `${other.name()} has it, imesde ${other.name()} ${option}${value}`;
  }
  if (Object.hasOwn(grepOptions, option)) return grepOptions[option];
  const word = words.find((each) => /^-[^-]{3}/.test(each) && each.includes(option.slice(1)));
  if (word === undefined) return undefined;
  return `for a phrase that begins with a dash, ${before} ${quoted(word)}`;
}

/** @throws {ImesdeError} ERR_IMESDE_USAGE where a number is given as `head -5` takes it */
export function assertNoNumberOption(command: Command, words: readonly string[]): void {
  if (words.includes('--')) return;
  const number = command.args.find((word) => /^-\d+$/.test(word) && !existsSync(word));
  if (number === undefined) return;
  throw usage(`unknown option '${number}': ${nearestOf(number, command)}`);
}

function nearestOf(number: string, command: Command | undefined): string {
  const name = command?.name() ?? 'query';
  const count = number.slice(1);
  return `for the ${count} nearest, -k ${count}, as in imesde ${name} "PHRASE" -k ${count}`;
}

function valueBehind(option: string, words: readonly string[]): string {
  const value = words[words.indexOf(option) + 1];
  return value === undefined || value.startsWith('-') ? '' : ` ${quoted(value)}`;
}

/** Files stand behind the phrase. */
function phraseAndFiles(words: readonly string[]): {
  readonly phrase: readonly string[];
  readonly files: readonly string[];
} {
  const isFile = (word: string): boolean =>
    statSync(word, { throwIfNoEntry: false })?.isFile() === true;
  let at = words.length;
  while (at > 0 && isFile(words[at - 1] ?? '')) at -= 1;
  return { phrase: words.slice(0, at), files: words.slice(at) };
}

function asTyped(words: readonly string[]): string {
  const { phrase, files } = phraseAndFiles(words);
  return [...(phrase.length > 0 ? [quoted(phrase.join(' '))] : []), ...files.map(named)].join(' ');
}

function named(file: string): string {
  return /^[\w./:@%+=-]+$/.test(file) ? file : quoted(file);
}

/** So that a shell takes it as it is. */
function quoted(text: string): string {
  return /["$`\\!]/.test(text) ? `'${text.replaceAll("'", "'\\''")}'` : `"${text}"`;
}

function nearest(word: string, names: readonly string[]): string | undefined {
  if (word.length < lettersMin) return undefined;
  const typos = (name: string): number => editDistance(word.toLowerCase(), name);
  const [best] = [...names].sort((one, other) => typos(one) - typos(other));
  return best !== undefined && typos(best) <= typosMax ? best : undefined;
}

/** Letters to add, to leave out or to change; two that stand the wrong way round count as one. */
function editDistance(one: string, other: string): number {
  let before: number[] = [];
  let above: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let i = 1; i <= one.length; i += 1) {
    [before, above, row] = [above, row, [i]];
    for (let j = 1; j <= other.length; j += 1) {
      const isSame = one[i - 1] === other[j - 1];
      const isSwapped =
        i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      row[j] = Math.min(
        (above[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (above[j - 1] ?? 0) + (isSame ? 0 : 1),
        isSwapped ? (before[j - 2] ?? 0) + 1 : Infinity,
      );
    }
  }
  return row[other.length] ?? Infinity;
}

function usage(message: string): ImesdeError {
  return new ImesdeError('ERR_IMESDE_USAGE', message);
}
