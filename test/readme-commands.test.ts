import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { logsFolder, repository, runShell } from './helpers/run-imesde.ts';

/** A command that README shows, and what it prints. */
interface Shown {
  readonly command: string;
  readonly printed: readonly string[];
}

/** Those that begin with `imesde`, need no server and look the same into a pipe. */
function shownCommands(readme: string): Shown[] {
  const blocks = Array.from(readme.matchAll(/^```(\w*)\n([^]*?)^```$/gm));
  return blocks
    .filter(([, language]) => language === '')
    .flatMap(([, , block = '']) => block.split(/^\$ /m).slice(1))
    .map((part) => {
      const [command = '', ...printed] = part.trimEnd().split('\n');
      return { command, printed };
    })
    .filter(({ command }) => command.startsWith('imesde ') && !/--fleet|penguins/.test(command));
}

/** `…` stands for what is left out: of a line, or of all that follows. */
function patternOf(printed: readonly string[]): RegExp {
  const lines = printed.map((line) =>
    line
      .split('…')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*'),
  );
  const rest = printed.at(-1)?.endsWith('…') === true ? '[^]*' : '';
  return new RegExp(`^${lines.join('\n')}${rest}\n?$`);
}

const readme = readFileSync(path.join(repository, 'README.md'), 'utf8');

describe('what README shows', () => {
  const shown = shownCommands(readme);

  it('is many commands', () => {
    expect(shown.length).toBeGreaterThan(8);
  });

  it.each(shown)('is what it prints: $command', async ({ command, printed }) => {
    const isInLogs = !command.includes('test/fixtures');
    const { stdout } = await runShell(`${command} 2>&1`, {
      cwd: isInLogs ? logsFolder : repository,
      env: { COLUMNS: undefined },
    });
    expect(stdout).toMatch(patternOf(printed));
  });
});
