import type { MatchFormat } from '../output/printed-match.ts';
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
    explain: options.explain ?? false,
    columns: () => (terminal ? terminalColumns() : undefined),
    chop: options.chopLongLines ?? false,
    unicode: isUtf8(),
  };
}

/** Undefined where there is none, or one that does not say. */
export function terminalColumns(): number | undefined {
  const { columns } = process.stdout as { readonly columns?: number };
  return columns === 0 ? undefined : columns;
}

/** Of what is no terminal, or one that does not say. */
export const columnsDefault = 80;

/** Undefined where there is no terminal, or one that does not say. */
export function terminalRows(): number | undefined {
  const { rows } = process.stdout as { readonly rows?: number };
  return rows === 0 ? undefined : rows;
}

/** Whether the locale is one of UTF-8. */
export function isUtf8(): boolean {
  const { LC_ALL, LC_CTYPE, LANG } = process.env;
  const locale = [LC_ALL, LC_CTYPE, LANG].find((name) => name !== undefined && name !== '');
  return /utf-?8/i.test(locale ?? '');
}
