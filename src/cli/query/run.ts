import type { Engine } from '../../engine/engine.ts';
import { PhraseLiterals } from '../../glance/phrase-literals.ts';
import { stdinName, type FileLines } from '../../input/file-lines.ts';
import { contextOf, showsFileNames } from '../common-options.ts';
import { InputFiles } from '../input-files.ts';
import { wantedFor } from '../../output/wanted.ts';
import { formatNearestMiss } from './nearest-miss.ts';
import type { Marks } from '../../rank/asked.ts';
import { phrasesIn } from '../phrases.ts';
import type { Asked } from './operands.ts';
import { printAnswers, type Place } from './print.ts';
import { printCounts } from './counts.ts';
import { showProgress } from './progress.ts';
import { tellWhatWasSearched } from './searched.ts';
import type { QueryOptions } from './options.ts';
import { Run } from '../run.ts';
import { openState } from '../state.ts';

export async function runQuery(asked: Asked, options: QueryOptions): Promise<number> {
  const namesStdin = options.withFilename === true;
  const state = await openState(options.state);
  const files = new InputFiles(asked, { ...options, namesStdin, readFrom: state });
  if (files.isNothingLeft) return 2;
  const fileNames = showsFileNames(options, asked.files.length);
  const run = new Run(options, { ...options, fileNames }, process.stdout, files.lines);
  try {
    const query = new Query(run, asked, options, files);
    const isFound = await query.answer();
    await run.finish();
    // Only now: what was found has left, and would not be found again.
    if (run.stop.exitCode === undefined && !run.writer.readerLeft) await state?.save();
    const isTold = isFound && options.quiet === true; // As grep: found is found.
    return run.stop.exitCode ?? (files.errorCount > 0 && !isTold ? 2 : isFound ? 0 : 1);
  } finally {
    await run.dispose();
  }
}

class Query {
  readonly #run: Run;
  readonly #phrases: readonly string[];
  readonly #marks: Marks;
  readonly #asked: Asked;
  readonly #options: QueryOptions;
  readonly #files: FileLines | undefined;
  readonly #placeOf: Place;

  constructor(run: Run, asked: Asked, options: QueryOptions, files: InputFiles) {
    this.#run = run;
    this.#asked = asked;
    this.#phrases = phrasesIn(asked.phrases);
    this.#options = options;
    const { like, unlike } = options;
    this.#marks = { like, unlike };
    this.#files = files.lines;
    this.#placeOf = files.placeOf;
  }

  /** @returns whether anything answers */
  async answer(): Promise<boolean> {
    const { quiet, progress, count, filesWithMatches, state } = this.#options;
    // Where the end is kept, what is beyond the first answer would never be read.
    const endsEarly = quiet === true && state === undefined;
    const run = this.#run;
    const keep = this.#needsEachLine() ? 'lines' : 'shapes';
    const engine = await run.open(this.#options, { keep, waitsForModel: false });
    const prepared = Promise.all([engine.prepare(this.#phrases, this.#marks), engine.ready()]);
    prepared.catch(() => undefined); // Thrown below, unless reading fails first.
    if (endsEarly && (await this.#endsEarly(engine))) return true;
    if (!endsEarly) {
      const endProgress = showProgress(engine, run.progress, progress);
      await run.ingest(engine).finally(endProgress);
    }
    const isPartial = run.stop.exitCode !== undefined && quiet !== true;
    await prepared;
    tellWhatWasSearched(engine, isPartial);
    if (quiet === true) return this.#isAnswered(engine);
    return count === true || filesWithMatches === true ? this.#count(engine) : this.#tell(engine);
  }

  /** Of a shape only its newest line is kept, and how many there were, where that is enough. */
  #needsEachLine(): boolean {
    const { all, count, filesWithMatches, quiet } = this.#options;
    if (quiet === true) return false;
    const { before, after } = contextOf(this.#options);
    if (count !== true && filesWithMatches !== true) return all === true || before + after > 0;
    const isBySort = this.#phrases.some((phrase) => PhraseLiterals.of(phrase) !== undefined);
    return this.#asked.files.length > 1 || isBySort;
  }

  /**
   * Reads; the first line that answers, as against what came before it, ends that.
   * @returns whether one did
   */
  async #endsEarly(engine: Engine): Promise<boolean> {
    const run = this.#run;
    const { minScore = engine.questionMinScore } = this.#options;
    let isFound = false;
    await Promise.all(
      this.#asked.phrases.map(({ asked }) => engine.addWatch(asked.phrase, minScore, asked)),
    );
    engine.onMatch(() => {
      isFound = true;
      run.noteMatch();
      run.stop.requestAtOnce();
    });
    await run.ingest(engine, true);
    return isFound;
  }

  async #isAnswered(engine: Engine): Promise<boolean> {
    const { minScore } = this.#options;
    const { answers } = await engine.question(this.#phrases, {
      minScore,
      wait: false,
      ...this.#marks,
    });
    return answers.some((answer) => answer.answers > 0);
  }

  async #count(engine: Engine): Promise<boolean> {
    const { minScore, filesWithMatches, maxCount = Infinity } = this.#options;
    return printCounts(this.#run, {
      counts: await engine.linesAnswering(this.#phrases, minScore, false, this.#marks),
      files: this.#files === undefined ? [stdinName] : this.#files.names,
      placeOf: this.#placeOf,
      namesOnly: filesWithMatches === true,
      maxCount,
    });
  }

  async #tell(engine: Engine): Promise<boolean> {
    const { top, minScore, all, sort, maxCount = Infinity } = this.#options;
    const { answers } = await engine.question(this.#phrases, {
      top,
      minScore,
      all,
      wait: false,
      ...this.#marks,
      ...wantedFor(this.#run.format),
    });
    const { before, after } = contextOf(this.#options);
    const numbers = new Set(answers.flatMap(({ matches }) => matches.map(({ line }) => line)));
    const around =
      before + after > 0 ? engine.linesAround(numbers, { before: before + 1, after }) : undefined;
    const told = this.#asked.phrases.flatMap((phrase, i) => {
      const answer = answers[i];
      return answer === undefined ? [] : [{ ...answer, phrase }];
    });
    const placeOf = this.#placeOf;
    const printed = await printAnswers(this.#run, told, {
      sort,
      maxCount,
      placeOf,
      around,
      before,
    });
    const [first] = answers;
    if (printed === 0 && first !== undefined && process.stderr.isTTY) {
      const nearest = answers.flatMap((answer) => answer.nearest);
      process.stderr.write(formatNearestMiss(nearest, first.minScore, placeOf) ?? '');
    }
    // A reader that leaves has what it wanted.
    return this.#run.writer.readerLeft || answers.some((answer) => answer.answers > 0);
  }
}
