/** Options that several commands have, declared once. */
import { Option, type Command } from 'commander';
import type { LineKind } from '../input/line-reader.ts';
import type { RankName } from '../rank/ranking.ts';
import * as limits from '../shared/limits.ts';
import { addFilterOptions, type FilterFlags } from './filter-options.ts';
import { integerBetween, score, sizeBetween } from './option-values.ts';
import { addLabelOptions, addMarkOptions, addPhraseOption, type PhraseFlags } from './phrases.ts';

export interface OutputOptions {
  readonly json?: boolean;
  readonly scores?: boolean;
  readonly lineNumber?: boolean;
  /** The name of the file before each line. */
  readonly fileNames?: boolean;
  readonly color: 'auto' | 'always' | 'never';
  readonly explain?: boolean;
  readonly chopLongLines?: boolean;
}

export interface MatchOptions {
  readonly minScore?: number;
  readonly maxCount?: number;
  readonly quiet?: boolean;
}

/** Of what is asked once, here or of a running instance. */
export interface QuestionOptions extends MatchOptions, PhraseFlags {
  readonly top?: number;
  readonly all?: boolean;
  readonly sort: 'score' | 'time';
}

/** Of all that reads lines. */
export interface ReadingFlags extends FilterFlags {
  readonly maxLineBytes: number;
  readonly lines: LineKind;
  readonly model?: string;
  readonly exact?: boolean;
  readonly stats?: boolean;
}

export interface EngineFlags extends ReadingFlags {
  readonly window: number;
  readonly rows?: number;
  readonly windowBytes?: number;
  readonly workers?: number;
  readonly rank: RankName;
}

export function addOutputOptions(command: Command): Command {
  return command
    .optionsGroup('Output:')
    .option('--json', 'NDJSON, one object a match')
    .option('--scores', 'the score before each line (on when stdout is a terminal)')
    .option('--explain', 'why: which words met, how strongly, and what the score was measured by')
    .option('-n, --line-number', 'the number of each line before it')
    .option('-S, --chop-long-lines', 'on a terminal, cut long lines around what met')
    .addOption(
      new Option('--color <when>', 'colour scores by the threshold, bold words that met')
        .choices(['auto', 'always', 'never'])
        .default('auto'),
    );
}

export function addMatchOptions(command: Command): Command {
  return command
    .optionsGroup('Matching:')
    .addOption(
      new Option(
        '-s, --min-score <x>',
        'the least score that answers, and that is printed (default: by measurement)',
      )
        .env('IMESDE_MIN_SCORE')
        .argParser(score),
    )
    .addOption(
      new Option('-m, --max-count <n>', 'stop after n printed lines').argParser(
        integerBetween(1, Number.MAX_SAFE_INTEGER),
      ),
    )
    .option('-q, --quiet', 'no output, end at the first match: the exit code tells');
}

export function addTopOption(command: Command): Command {
  return command.addOption(
    new Option(
      '-k, --top <n>',
      'the n nearest of each phrase, whatever they score, 1 to 10,000; without it what answers, at ' +
        `most so many (default: ${limits.topDefault})`,
    ).argParser(integerBetween(1, limits.topMax)),
  );
}

/** The phrases of a question, and which of their matches to print. */
export function addQuestion(command: Command): Command {
  addMarkOptions(addLabelOptions(addPhraseOption(command.optionsGroup('Matching:'))));
  return addMatchOptions(addTopOption(command))
    .option('--all', 'every line; without it each event once, with the line that says it best')
    .addOption(
      new Option('--sort <by>', 'best first, or as the lines came')
        .choices(['score', 'time'])
        .default('score'),
    );
}

/** Of a command that reads files. */
export interface FileNameFlags {
  readonly withFilename?: boolean;
  /** False where --no-filename is given. */
  readonly filename: boolean;
}

export function addFileNameOptions(command: Command): Command {
  return command
    .optionsGroup('Output:')
    .option('-H, --with-filename', 'the name of the file before each line, even of a single file')
    .option('--no-filename', 'never');
}

/** Whether the name of its file stands before each line. */
export function showsFileNames({ filename, withFilename }: FileNameFlags, files: number): boolean {
  return filename && (withFilename === true || files > 1);
}

/** Lines around each match. */
export function addContextOptions(command: Command): Command {
  const lines = integerBetween(0, limits.contextLinesMax);
  return command
    .optionsGroup('Output:')
    .addOption(new Option('-A, --after-context <n>', 'lines behind each as well').argParser(lines))
    .addOption(new Option('-B, --before-context <n>', 'lines before each').argParser(lines))
    .addOption(new Option('-C, --context <n>', 'lines on both sides').argParser(lines));
}

export interface ContextFlags {
  readonly afterContext?: number;
  readonly beforeContext?: number;
  readonly context?: number;
}

export interface ContextLines {
  readonly before: number;
  readonly after: number;
}

export function contextOf({
  beforeContext,
  afterContext,
  context = 0,
}: ContextFlags): ContextLines {
  return { before: beforeContext ?? context, after: afterContext ?? context };
}

/** For what reads lines and never loads the model. */
export function addReadingOptions(command: Command): Command {
  return addFilterOptions(command)
    .optionsGroup('Input:')
    .addOption(linesOption())
    .addOption(maxLineBytesOption())
    .option('--exact', 'no masking: each different line is a shape')
    .addOption(modelOption())
    .option('--stats', 'one summary on stderr at the end');
}

function linesOption(): Option {
  return new Option(
    '--lines <kind>',
    'whether stack traces and indented blocks are one record, or each line is',
  )
    .env('IMESDE_LINES')
    .choices(['logical', 'physical'])
    .default('logical');
}

/** @param what - is held, at most so many */
export function windowOption(what: string): Option {
  return new Option('--window <n>', what)
    .env('IMESDE_WINDOW')
    .default(limits.windowLinesDefault)
    .argParser(integerBetween(1, limits.windowLinesMax));
}

export function windowBytesOption(): Option {
  return new Option(
    '--window-bytes <size>',
    'text held (default: 256M, less where Node has little memory)',
  )
    .env('IMESDE_WINDOW_BYTES')
    .argParser(sizeBetween(1, limits.windowBytesMax));
}

function maxLineBytesOption(): Option {
  return new Option('--max-line-bytes <size>', 'a longer line is cut there, and counted')
    .env('IMESDE_MAX_LINE_BYTES')
    .default(limits.lineBytesDefault, '64K')
    .argParser(sizeBetween(limits.lineBytesMin, limits.lineBytesMax));
}

export function modelOption(): Option {
  return new Option(
    '--model <dir>',
    'a sentence-transformers export (default: the embedded model)',
  ).env('IMESDE_MODEL');
}

export function addEngineOptions(command: Command): Command {
  return addFilterOptions(command)
    .optionsGroup('Input:')
    .addOption(linesOption())
    .optionsGroup('Scoring:')
    .addOption(
      new Option('--rank <how>', 'how candidates are scored')
        .choices(['meaning', 'cosine'])
        .default('meaning'),
    )
    .option('--exact', 'no masking: each different line is a shape, and goes to the model as it is')
    .optionsGroup('Memory and speed:')
    .addOption(windowOption('lines held'))
    .addOption(
      new Option(
        '--rows <n>',
        `readings kept (default: ${limits.readingsDefault}), or shapes held where every shape is read (${limits.rowsDefault})`,
      )
        .env('IMESDE_ROWS')
        .argParser(integerBetween(1, limits.rowsMax)),
    )
    .addOption(windowBytesOption())
    .addOption(maxLineBytesOption())
    .addOption(
      new Option('--workers <n>', 'embedding threads (default: grows to the cores)')
        .env('IMESDE_WORKERS')
        .argParser(integerBetween(1, limits.workersMax)),
    )
    .addOption(modelOption())
    .option('--stats', 'one summary on stderr at the end');
}
