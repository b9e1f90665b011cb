import type { MatchFormat } from '../output/match-format.ts';
import type { OutputOptions } from './common-options.ts';

/** How matches look, by the options and by where they go. */
export function matchFormat(
  options: OutputOptions,
  terminal: boolean = process.stdout.isTTY,
): MatchFormat {
  const wantsColor =
    options.color === 'auto'
      ? terminal && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb'
      : options.color === 'always';
  return {
    json: options.json ?? false,
    scores: options.scores ?? terminal,
    color: wantsColor,
    terminal,
    files: options.fileNames ?? false,
    numbers: options.lineNumber ?? false,
  };
}
