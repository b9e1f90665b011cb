import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createWholeProgram } from '../../src/cli/program.ts';
import { version } from '../../src/cli/version.ts';
import { repository } from '../helpers/run-imesde.ts';

const file = path.join(repository, 'dist/imesde.1');
const page = readFileSync(file, 'utf8');
const program = await createWholeProgram([], () => undefined);

/** The page as a person reads it in a terminal of 80 columns, by whatever renders it here. */
function rendered(): string | undefined {
  const tries: (readonly [string, readonly string[]])[] = [
    ['mandoc', ['-Tutf8', '-Owidth=78', file]],
    ['groff', ['-man', '-Tutf8', '-P-cbou', '-rLL=78n', file]],
  ];
  for (const [command, args] of tries) {
    const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
    if (status === 0) return stdout.replaceAll(/.\x08/g, '');
  }
  return undefined;
}

/** Without what roff needs: words alone. */
const plain = page
  .replaceAll(/\\f[BIP]/g, '')
  .replaceAll('\\-', '-')
  .replaceAll('\\(aq', "'")
  .replaceAll('\\(dq', '"');

describe('the manual page', () => {
  it('is of this version, and has the sections that people look for', () => {
    expect(page).toContain(`"imesde ${version}"`);
    expect(page.match(/^\.SH .*$/gm)?.map((line) => line.slice(4))).toEqual([
      ...['NAME', 'SYNOPSIS', 'DESCRIPTION', 'COMMANDS', 'OPTIONS', 'OUTPUT', 'EXIT STATUS'],
      ...['REQUESTS', 'ENVIRONMENT', 'FILES', 'EXAMPLES', 'SEE ALSO'],
    ]);
    expect(page).not.toMatch(/@[A-Z]+@|undefined/);
  });

  it('has every command, every option with the commands that have it, and every variable', () => {
    for (const command of program.commands) {
      expect(plain).toContain(`.B ${command.name()}\n`);
      expect(plain).toContain(`.B imesde ${command.name()}\n`);
    }
    for (const command of [program, ...program.commands]) {
      const name = command === program ? 'live' : command.name();
      for (const { flags, envVar } of command.options) {
        const entries = plain.split('.TP\n').filter((entry) => {
          const [first] = entry.split('\n');
          return first === flags.replaceAll(/[<>]/g, '');
        });
        const has = entries.some((entry) => {
          const whose = /\.br\n(.*)/.exec(entry)?.[1] ?? '';
          return whose === 'all commands' || whose.split(', ').includes(name);
        });
        expect(has, `${flags} of ${name}`).toBe(true);
        if (envVar !== undefined) expect(plain).toContain(envVar);
      }
    }
  });

  it('has the examples of the help', () => {
    for (const example of ['imesde query -C 2 "someone tries', "jq -r 'select(.trouble == 1)"]) {
      expect(plain).toContain(example);
    }
  });

  it('is read in a terminal of 80 columns', ({ skip }) => {
    const text = rendered();
    if (text === undefined) {
      skip('neither mandoc nor groff is installed');
      return;
    }
    expect(text).toMatch(/^NAME\n +imesde - search a stream by meaning while it flows$/m);
    expect(text).toMatch(/^ +-w, --watch phrase\n +Print lines that mean this/m);
    const wide = text.split('\n').filter((line) => Array.from(line).length > 80);
    expect(wide).toEqual([]);
  });

  it('gives those who render it nothing to complain of', ({ skip }) => {
    const { status, stdout } = spawnSync('mandoc', ['-Tlint', '-Wwarning', file], {
      encoding: 'utf8',
    });
    if (status === null) {
      skip('mandoc is not installed');
      return;
    }
    const complaints = stdout.split('\n').filter((line) => /WARNING|ERROR|UNSUPP/.test(line));
    // A date would make each build another one.
    expect(complaints.filter((line) => !line.includes('missing date'))).toEqual([]);
  });

  it('is the same from each build', () => {
    execFileSync(process.execPath, [path.join(repository, 'bin/build/man.js')]);
    expect(readFileSync(file, 'utf8')).toBe(page);
  });
});
