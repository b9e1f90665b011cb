/** Phrases of a command line: -e, -f and what they are called. */
import { readFileSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { nameOf, questionsOf, type Asked, type Marks } from '../rank/asked.ts';
import { ImesdeError } from '../shared/errors.ts';
import { phrase, phrases, texts } from './option-values.ts';

export interface LabelFlags extends Marks {
  readonly phraseFile?: readonly string[];
  readonly label?: readonly string[];
}

export interface PhraseFlags extends LabelFlags {
  readonly phrase?: readonly string[];
}

/** A phrase, or the first of the examples that stand in its place, and what the person calls it. */
export interface NamedPhrase {
  readonly phrase: string;
  readonly asked: Asked;
  readonly label: string | undefined;
}

export function addPhraseOption(command: Command): Command {
  return command.addOption(
    new Option('-e, --phrase <phrase>', 'a phrase to look for (repeatable)').argParser(phrases),
  );
}

export function addLabelOptions(command: Command): Command {
  return command
    .addOption(
      new Option('-f, --phrase-file <file>', 'more of them, one a line (repeatable)').argParser(
        texts,
      ),
    )
    .addOption(
      new Option(
        '--label <name>',
        'what to call a phrase, in front of its lines: the first names the first (repeatable)',
      ).argParser(texts),
    );
}

export function addMarkOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--like <text>',
        'a line as an example of what is meant, beside the phrase or in its place (repeatable)',
      ).argParser(phrases),
    )
    .addOption(
      new Option(
        '--unlike <phrase>',
        'leave out what is nearer to this than to all that is asked for (repeatable)',
      ).argParser(phrases),
    );
}

/**
 * @param given - on the command line
 * @throws {ImesdeError} ERR_IMESDE_USAGE for a label too many, ERR_IMESDE_INPUT for a file that
 * can't be read or has no phrase
 */
export function namedPhrases(given: readonly string[], flags: LabelFlags): NamedPhrase[] {
  const { phraseFile = [], label: labels = [] } = flags;
  const all = questionsOf([...given, ...phraseFile.flatMap(phrasesOf)], flags);
  const extra = labels[all.length];
  if (extra !== undefined) {
    throw new ImesdeError(
      'ERR_IMESDE_USAGE',
      `--label ${extra} names no phrase: give as many labels as phrases, or fewer`,
    );
  }
  return all.map((asked, index) => ({ phrase: nameOf(asked), asked, label: labels[index] }));
}

/** Without the examples. */
export function phrasesIn(named: readonly NamedPhrase[]): string[] {
  return named.flatMap(({ asked: { phrase: said } }) => (said === undefined ? [] : [said]));
}

/** A phrase a line; empty lines say nothing. */
function phrasesOf(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ImesdeError(
      'ERR_IMESDE_INPUT',
      `can't read the phrases in ${file} (${code ?? String(error)}): check its name`,
      { cause: error },
    );
  }
  const found = text.split('\n').map((line) => line.trim());
  const said = found.filter((line) => line !== '').map(phrase);
  if (said.length > 0) return said;
  throw new ImesdeError('ERR_IMESDE_INPUT', `${file} has no phrase: write one a line`);
}
