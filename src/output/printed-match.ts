/** What is printed of a match, and how. */
import type { Match } from '../rank/match.ts';

/** A line beside a match has no score, a watch no count: what is undefined is left out. */
type Told = { readonly [K in Exclude<keyof Match, 'time' | 'text'>]?: Match[K] | undefined };

/** What is printed of a match, or of a line beside one. */
export interface PrintedMatch extends Told, Pick<Match, 'time' | 'text'> {
  readonly id?: string | number | undefined;
  /** Of a fleet: the instance that the line is of, and all that have its shape where there are several. */
  readonly host?: string | undefined;
  readonly hosts?: readonly string[] | undefined;
  /** Where several files are read. */
  readonly file?: string | undefined;
  /** What the person calls the phrase. */
  readonly label?: string | undefined;
  /** Other watched phrases that the line answers, less well. */
  readonly also?: readonly string[] | undefined;
  /** What the person calls those, where they have a name. */
  readonly alsoLabels?: readonly string[] | undefined;
  /** 1-based, only where matches are ranked. */
  readonly rank?: number | undefined;
  /** 1-based, in its file. */
  readonly line: number;
  /** The least score that answers: what the score's colour goes by. */
  readonly minScore?: number | undefined;
  /** Of a line beside a match: where it stands. */
  readonly context?: 'before' | 'after' | undefined;
}

export interface MatchFormat {
  readonly json: boolean;
  readonly scores: boolean;
  /** Scores by colour, and the words that met in bold. */
  readonly color: boolean;
  /** A terminal shows it: escape control characters, and tell how many lines a shape stands for. */
  readonly terminal: boolean;
  /** In text, the name of the host before each line. */
  readonly hosts?: boolean;
  /** In JSON, what it takes to merge it with others' answers. */
  readonly mergeable?: boolean;
  /** In text, the name of the file before each line, and the number of the line. */
  readonly files?: boolean;
  readonly numbers?: boolean;
  /** Tell why each line scores what it does. */
  readonly explain?: boolean;
  /** How wide the terminal is now; what is longer is wrapped. Undefined where nobody knows. */
  readonly columns?: () => number | undefined;
  /** One row for each line, cut around what met. */
  readonly chop?: boolean;
  /** Whether the terminal shows more than ASCII. */
  readonly unicode?: boolean;
}
