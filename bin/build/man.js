/**
 * Makes dist/imesde.1, the manual page, of imesde.1.in and of the declarations that --help shows.
 * Run by `npm run build`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { topicNames } from '../../dist/cli/help/topic-names.js';
import { createWholeProgram } from '../../dist/cli/program.js';
import { version } from '../../dist/cli/version.js';

const program = await createWholeProgram([], () => undefined);
const help = program.createHelp();
const live = { name: 'live', command: program, synopsis: 'imesde -w PHRASE [options]' };
const commands = [
  live,
  ...program.commands.map((command) => ({
    name: command.name(),
    command,
    synopsis: `imesde ${command.name()} ${command.usage()}`,
  })),
];

/** As roff has it: nothing in it is a request, every character is itself. */
function escaped(text) {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('"', '\\(dq')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replaceAll('`', '\\(ga')
    .replaceAll(/[\u0080-\u{10ffff}]/gu, (char) => {
      const code = char.codePointAt(0).toString(16).toUpperCase();
      return `\\[u${code.padStart(4, '0')}]`;
    })
    .replaceAll(/^(?=\.)/gm, '\\&');
}

/** Flags bold, what they take in italics. */
function flagsOf({ flags }) {
  return flags
    .split(/(<[^>]*>)/)
    .filter((part) => part !== '')
    .map((part) =>
      part.startsWith('<') ? `\\fI${escaped(part.slice(1, -1))}\\fP` : `\\fB${escaped(part)}\\fP`,
    )
    .join('');
}

/** Each option once, with the commands that have it, in the groups of --help. */
function options() {
  const groups = new Map();
  for (const { name, command } of commands) {
    for (const option of help.visibleOptions(command)) {
      const description = help.optionDescription(option);
      const key = `${option.flags}\n${description}`;
      const group = option.helpGroupHeading?.replace(/:$/, '') ?? 'Others';
      const known = [...groups.values()].find((entries) => entries.has(key))?.get(key);
      if (known !== undefined) {
        known.names.push(name);
        continue;
      }
      if (!groups.has(group)) groups.set(group, new Map());
      groups.get(group).set(key, { option, description, names: [name] });
    }
  }
  const others = groups.get('Others');
  groups.delete('Others');
  return [...groups, ...(others === undefined ? [] : [['Others', others]])]
    .map(
      ([group, entries]) =>
        `.SS ${escaped(group)}\n${[...entries.values()].map(entryOf).join('\n')}`,
    )
    .join('\n');
}

function entryOf({ option, description, names }) {
  const text = description.replace(/^./, (letter) => letter.toUpperCase()).replace(/[^.)]$/, '$&.');
  const whose = names.length === commands.length ? 'all commands' : names.join(', ');
  return `.TP\n${flagsOf(option)}\n${escaped(text)}\n.br\n\\fI${escaped(whose)}\\fP`;
}

function commandList() {
  return commands
    .filter((each) => each !== live)
    .map(
      ({ name, command }) =>
        `.TP\n.B ${escaped(name)}\n${escaped(help.commandDescription(command))}`,
    )
    .join('\n');
}

function synopsis() {
  return commands
    .map(
      (each) =>
        `.B ${escaped(each.synopsis.replace(/^(imesde \S+) .*/, '$1'))}\n${escaped(restOf(each))}`,
    )
    .join('\n.br\n');
}

function restOf({ synopsis: text }) {
  return text.replace(/^imesde \S+ ?/, '');
}

/** Variables of options, each once. */
function environment() {
  const names = commands.flatMap(({ command }) => command.options.map(({ envVar }) => envVar));
  return [...new Set(names)].filter((name) => name !== undefined).join(', ');
}

/** What stands under "Examples" in the help of the program and of each command. */
function examples() {
  const blocks = [program, ...program.commands].map((command) => {
    let text = '';
    command.configureOutput({ writeOut: (part) => (text += part) });
    command.outputHelp();
    const [, block = ''] = /^Examples:\n((?: {2}.*\n)+)/m.exec(text) ?? [];
    return block.replaceAll(/^ {2}/gm, '').trimEnd();
  });
  return blocks
    .filter((block) => block !== '')
    .map(escaped)
    .join('\n\n');
}

const parts = {
  VERSION: escaped(version),
  SYNOPSIS: synopsis(),
  COMMANDS: commandList(),
  OPTIONS: options(),
  ENVIRONMENT: environment(),
  EXAMPLES: examples(),
  TOPICS: topicNames.map((name) => `.B imesde help ${name}`).join(',\n'),
};

const template = readFileSync(new URL('imesde.1.in', import.meta.url), 'utf8');
const page = template.replaceAll(/@([A-Z]+)@/g, (_, name) => parts[name]);
writeFileSync(new URL('../../dist/imesde.1', import.meta.url), page);
