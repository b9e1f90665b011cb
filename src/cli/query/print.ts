/** What a query tells, phrase by phrase: matches, with the lines beside them. */
import type { Around } from '../../engine/lines-around.ts';
import type { Match } from '../../rank/match.ts';
import { escapeControls } from '../../output/escape.ts';
import { formatGap, formatMatch } from '../../output/match-format.ts';
import type { PrintedMatch } from '../../output/printed-match.ts';
import { formatRule, isFirstBelow } from '../../output/rule-line.ts';
import type { WindowLine } from '../../window/window.ts';
import type { NamedPhrase } from '../phrases.ts';
import type { Run } from '../run.ts';

export type Place = (number: number) => {
  readonly file?: string | undefined;
  readonly line: number;
};

export interface PrintOptions {
  readonly sort: 'score' | 'time';
  readonly maxCount: number;
  readonly placeOf: Place;
  /** Undefined where no lines beside matches are wanted. */
  readonly around: ReadonlyMap<number, Around> | undefined;
  readonly before: number;
}

/** Of one phrase. */
export interface Told {
  readonly phrase: NamedPhrase;
  readonly matches: readonly Match[];
  readonly minScore: number;
}

/** @returns how many matches were printed */
export async function printAnswers(
  run: Run,
  told: readonly Told[],
  options: PrintOptions,
): Promise<number> {
  const { format } = run;
  const withHeadings = format.terminal && !format.json && told.length > 1;
  const printer = new Printer(run, options);
  for (const each of told) {
    if (each.matches.length > 0 && withHeadings) {
      printer.separate(`${escapeControls(each.phrase.phrase)}:\n`);
    }
    await printer.print(each);
  }
  return printer.count;
}

class Printer {
  count = 0;
  readonly #run: Run;
  readonly #options: PrintOptions;
  /** Number of the last line that was printed of this phrase. */
  #last: number | undefined;
  /** Lines were printed, and nothing that separates them from the next ones. */
  #isOpen = false;

  constructor(run: Run, options: PrintOptions) {
    this.#run = run;
    this.#options = options;
  }

  /** A line between others. */
  separate(text: string): void {
    this.#run.writer.write(text);
    this.#isOpen = false;
  }

  async print({ phrase, matches, minScore }: Told): Promise<void> {
    const { writer, format } = this.#run;
    const { sort, maxCount } = this.#options;
    const ranked = matches.map((match, index) => ({ ...match, rank: index + 1 }));
    const byTime = sort === 'time';
    this.#last = undefined;
    if (byTime) ranked.sort((one, other) => one.line - other.line);
    for (const [index, match] of ranked.entries()) {
      if (this.count === maxCount || writer.readerLeft) return;
      const withRule = format.terminal && !format.json && !byTime;
      if (withRule && isFirstBelow(matches, index, minScore)) {
        this.separate(formatRule(minScore, format));
      }
      this.count += 1;
      this.#run.noteMatch();
      this.#printGroup({ ...match, label: phrase.label, minScore }, ranked[index + 1]?.line);
      await writer.room();
    }
  }

  #printGroup(match: PrintedMatch, next?: number): void {
    const { around, before: beforeMax, sort } = this.#options;
    const { before, after } = this.#besides(match.line, around?.get(match.line));
    const byTime = sort === 'time';
    const last = this.#last ?? Infinity; // Nothing follows where nothing was printed.
    // One line more than is shown was asked for: it tells whether there is a gap.
    const isFollowing = byTime && (before[0]?.number ?? match.line) <= last && match.line > last;
    if (around !== undefined && this.#isOpen && !isFollowing) {
      this.separate(formatGap(this.#run.format));
    }
    const shown = beforeMax === 0 ? [] : before.slice(-beforeMax);
    for (const line of shown) {
      if (!isFollowing || line.number > last) this.#printBeside(line, 'before');
    }
    this.#write({ ...match, ...this.#options.placeOf(match.line) });
    this.#last = match.line;
    this.#isOpen = true;
    for (const line of after) {
      if (byTime && next !== undefined && line.number >= next) break;
      this.#printBeside(line, 'after');
      this.#last = line.number;
    }
  }

  #printBeside({ number, time, text }: WindowLine, context: 'before' | 'after'): void {
    this.#write({ ...this.#options.placeOf(number), time, text, context });
  }

  #write(match: PrintedMatch): void {
    this.#run.writer.write(formatMatch(match, this.#run.format));
  }

  /** Lines of another file stand beside nothing. */
  #besides(number: number, around: Around | undefined): Around {
    if (around === undefined) return { before: [], after: [] };
    const { placeOf } = this.#options;
    const { file } = placeOf(number);
    const isHere = (line: WindowLine): boolean => placeOf(line.number).file === file;
    return { before: around.before.filter(isHere), after: around.after.filter(isHere) };
  }
}
