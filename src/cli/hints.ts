/** What is said on stderr to a person at a terminal, and what needs a person's attention first. */
import { fstatSync } from 'node:fs';
import type { Command } from 'commander';
import { ImesdeError } from '../shared/errors.ts';
import { complain } from './complain.ts';

/**
 * Where standard input is a terminal, prints the command's help on stderr: a person wants to know
 * what goes where.
 * @param fileAsPhrase - a file that was given where a phrase belongs
 * @throws {ImesdeError} ERR_IMESDE_USAGE where standard input is a terminal, ERR_IMESDE_INPUT where
 * it is a folder
 */
export function assertInput(command: Command, fileAsPhrase?: string): void {
  if (isFolder(0)) {
    throw new ImesdeError(
      'ERR_IMESDE_INPUT',
      "can't read standard input, it is a folder: pipe a file or a command into imesde",
    );
  }
  if (fileAsPhrase !== undefined && (process.stdin.isTTY || process.stderr.isTTY)) {
    const hint = `${fileAsPhrase} is taken for the phrase, but it is a file: say what to look for before it`;
    if (process.stdin.isTTY) throw new ImesdeError('ERR_IMESDE_USAGE', hint);
    complain(hint);
  }
  if (!process.stdin.isTTY) return;
  command.outputHelp({ error: true });
  throw new ImesdeError(
    'ERR_IMESDE_USAGE',
    'no input, standard input is a terminal: pipe lines into it',
  );
}

/** Node reads a folder as if it were empty. */
function isFolder(fd: number): boolean {
  try {
    return fstatSync(fd).isDirectory();
  } catch {
    return false; // Closed: nothing to read, which is no error.
  }
}

export function hintAtPhrases(phrases: readonly string[]): void {
  if (!process.stderr.isTTY) return;
  if (phrases.length > 1 && phrases.every((phrase) => !/\s/.test(phrase))) {
    process.stderr.write(
      `imesde: these are ${phrases.length} phrases: quote them to search for one, "${phrases.join(' ')}"\n`,
    );
  }
}
