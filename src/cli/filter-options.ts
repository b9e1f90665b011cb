/** Options that say which lines go on to be understood, and how a filter is made of them. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { LineFilter } from '../input/line-filter.ts';
import { ImesdeError } from '../shared/errors.ts';
import { texts } from './option-values.ts';

export interface FilterFlags {
  readonly grep?: readonly string[];
  readonly grepNot?: readonly string[];
  readonly field?: readonly string[];
  readonly where?: readonly WhereFlag[];
  readonly since?: string;
  readonly until?: string;
}

export interface WhereFlag {
  readonly path: string;
  readonly value: string;
  readonly wanted: boolean;
}

export function sinceOption(): Option {
  return new Option(
    '--since <time>',
    'only lines from then on, by the time they carry: 10m, 2h or 1d ago, 10:30, "2026-11-25 10:30"',
  ).env('IMESDE_SINCE');
}

export function addFilterOptions(command: Command): Command {
  return command
    .optionsGroup('Before meaning:')
    .addOption(
      new Option('--grep <re>', 'only lines that hold this (RE2; repeatable: all of them)')
        .env('IMESDE_GREP')
        .argParser(texts),
    )
    .addOption(
      new Option('--grep-not <re>', 'no line that holds this (repeatable)')
        .env('IMESDE_GREP_NOT')
        .argParser(texts),
    )
    .addOption(
      new Option(
        '--where <path=value>',
        'only lines of JSON or logfmt with this value, or with != without it (repeatable)',
      )
        .env('IMESDE_WHERE')
        .argParser(where),
    )
    .addOption(
      new Option(
        '--field <path,...>',
        'of JSON and logfmt read these fields alone, as in msg,error.message',
      )
        .env('IMESDE_FIELD')
        .argParser(names),
    )
    .addOption(sinceOption())
    .addOption(new Option('--until <time>', 'only lines up to then').env('IMESDE_UNTIL'));
}

function where(text: string, previous: readonly WhereFlag[] | undefined): WhereFlag[] {
  const [, path, not, value] = /^([^=]*?)(!?)=([^]*)$/.exec(text) ?? [];
  if (path !== undefined && path.trim() !== '' && value !== undefined) {
    return [...(previous ?? []), { path, value, wanted: not === '' }];
  }
  throw new InvalidArgumentError(
    'It must be a field and its value, like level=error or status!=200.',
  );
}

function names(text: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), ...text.split(',').map((name) => name.trim())];
}

/**
 * @returns nothing where no line is to be left out, and all of each is read
 * @throws {ImesdeError} ERR_IMESDE_USAGE for a pattern, path or time that is none
 */
export async function filterOf(flags: FilterFlags): Promise<LineFilter | undefined> {
  const { grep = [], grepNot = [], field = [], where = [], since, until } = flags;
  const count = grep.length + grepNot.length + field.length + where.length;
  if (count === 0 && since === undefined && until === undefined) return undefined;
  const { LineFilter } = await import('../input/line-filter.ts');
  const { fieldPath, pathPartsMax } = await import('../input/line-fields.ts');
  const patternOf = grep.length + grepNot.length > 0 ? await patterns() : undefined;
  const pathOf = (name: string, option: string): ReturnType<typeof fieldPath> & object => {
    const path = fieldPath(name);
    if (path !== undefined) return path;
    throw new ImesdeError(
      'ERR_IMESDE_USAGE',
      `${option} ${name}: this is no field: names with dots between them, ${pathPartsMax} at most, as in error.message`,
    );
  };
  return new LineFilter({
    patterns: [
      ...grep.map((source) => ({ isIn: patternOf?.(source, '--grep') ?? nothing, wanted: true })),
      ...grepNot.map((source) => ({
        isIn: patternOf?.(source, '--grep-not') ?? nothing,
        wanted: false,
      })),
    ],
    where: where.map(({ path, ...rest }) => ({ path: pathOf(path, '--where'), ...rest })),
    fields: field.map((name) => pathOf(name, '--field')),
    since: await timeOf(since, '--since'),
    until: await timeOf(until, '--until'),
  });
}

const nothing = (): boolean => false;

/**
 * A time that is given to an option, in milliseconds since 1970.
 * @throws {ImesdeError} ERR_IMESDE_USAGE for what is none
 */
export async function timeOf(
  text: string | undefined,
  option: string,
): Promise<number | undefined> {
  if (text === undefined) return undefined;
  const { timeFrom } = await import('../shared/line-time.ts');
  const time = timeFrom(text, Date.now());
  if (time !== undefined && Number.isFinite(time)) return time;
  throw new ImesdeError(
    'ERR_IMESDE_USAGE',
    `${option} ${text}: this is no time: give one like 10m, 2h, 1d, 10:30, 2026-11-25 or "2026-11-25 10:30"`,
  );
}

/** What a literal is made of: no pattern is needed to find it. */
const literal = /^[\w\s:/"'=,;<>@%&#!~-]+$/;

/** Patterns take time in proportion to the line, whatever stands in both. */
async function patterns(): Promise<(source: string, option: string) => (text: string) => boolean> {
  const { RE2JS } = await import('re2js');
  return (source, option) => {
    if (literal.test(source)) return (text) => text.includes(source);
    try {
      // A record may have several lines: ^ and $ are those of each.
      const pattern = RE2JS.compile(source, RE2JS.MULTILINE);
      return (text) => pattern.test(text);
    } catch (error) {
      throw new ImesdeError(
        'ERR_IMESDE_USAGE',
        `${option} ${source}: ${(error as Error).message.replace('(?m)', '')}: RE2 has neither look-around nor back-references, and \\ before what is meant as it stands`,
        { cause: error },
      );
    }
  };
}
