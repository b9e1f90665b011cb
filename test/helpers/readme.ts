/** Commands that README shows, and what they print. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { repository } from './run-imesde.ts';

export interface Shown {
  readonly command: string;
  readonly printed: readonly string[];
}

/** All that stand behind a `$`, in the order of README, of its section of that heading or of all. */
export function shownCommands(heading?: string): Shown[] {
  const readme = readFileSync(path.join(repository, 'README.md'), 'utf8');
  const sections = readme.split(/^## /m);
  const text =
    heading === undefined
      ? readme
      : (sections.find((section) => section.startsWith(`${heading}\n`)) ?? '');
  return Array.from(text.matchAll(/^```(\w*)\n([^]*?)^```$/gm))
    .filter(([, language]) => language === '')
    .flatMap(([, , block = '']) => block.split(/^\$ /m).slice(1))
    .map((part) => {
      const [command = '', ...printed] = part.trimEnd().split('\n');
      return { command, printed };
    });
}

/** `…` stands for what is left out: of a line, or of all that follows. */
export function patternOf(printed: readonly string[]): RegExp {
  const lines = printed.map((line) =>
    line
      .split('…')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*'),
  );
  const rest = printed.at(-1)?.endsWith('…') === true ? '[^]*' : '';
  return new RegExp(`^${lines.join('\n')}${rest}\n?$`);
}
