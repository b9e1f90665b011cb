import type { MatchFormat } from '../output/match-format.ts';
import type { OutputOptions } from './common-options.ts';

/** Of a terminal that does not tell. */
const columnsDefault = 80;

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
    explain: options.explain ?? false,
    columns: () => (terminal ? terminalColumns() : undefined),
    chop: options.chopLongLines ?? false,
    unicode: isUtf8(),
  };
}

/** One that does not say has none, or 0. */
export function terminalColumns(): number {
  const { columns } = process.stdout as { readonly columns?: number };
  return columns === undefined || columns === 0 ? columnsDefault : columns;
}

/** Whether the locale is one of UTF-8. */
export function isUtf8(): boolean {
  const { LC_ALL, LC_CTYPE, LANG } = process.env;
  const locale = [LC_ALL, LC_CTYPE, LANG].find((name) => name !== undefined && name !== '');
  return /utf-?8/i.test(locale ?? '');
}
