/** What a live run prints: the lines that answer, each as it comes, with what stands beside them. */
import type { Engine } from '../../engine/engine.ts';
import { formatMatch } from '../../output/match-format.ts';
import type { WatchedLine } from '../../rank/watching.ts';
import { contextOf } from '../common-options.ts';
import type { NamedPhrase } from '../phrases.ts';
import type { Run } from '../run.ts';
import type { LiveOptions } from './options.ts';
import { LiveContext } from './context.ts';
import type { Alert, Exec } from './exec.ts';

export class LiveOutput {
  /** Lines that answered so far; no more than are wanted. */
  matched = 0;
  /** Number of the line behind which nothing is told any more; Infinity as long as there is none. */
  endLine = Infinity;
  readonly #run: Run;
  readonly #isQuiet: boolean;
  readonly #max: number;
  readonly #isNewOnly: boolean;
  /** By phrase. */
  readonly #labels: ReadonlyMap<string, string>;
  /** Runs a program for what answers, where one is to be run. */
  readonly #exec: Exec | undefined;
  /** Undefined where no lines beside matches are wanted. */
  readonly #context: LiveContext | undefined;

  constructor(
    run: Run,
    options: LiveOptions,
    phrases: readonly NamedPhrase[],
    exec: Exec | undefined,
  ) {
    this.#run = run;
    this.#exec = exec;
    this.#isNewOnly = options.new === true;
    this.#isQuiet = options.quiet === true;
    this.#max = this.#isQuiet ? 1 : (options.maxCount ?? Infinity);
    this.#labels = new Map(
      phrases.flatMap(({ phrase, label }) => (label === undefined ? [] : [[phrase, label]])),
    );
    const lines = contextOf(options);
    if (lines.before + lines.after === 0 || this.#isQuiet) return;
    this.#context = new LiveContext(lines, run);
  }

  listen(engine: Engine): void {
    const context = this.#context;
    engine.onMatch((line, eventOf) => {
      this.#match(line, eventOf);
    });
    if (context === undefined) return;
    engine.onLine((line) => {
      if (this.#isEnough()) return;
      context.pass(line);
      if (this.#isEnough()) this.#end(line.number);
    });
  }

  /** As many as were wanted, and what stands behind the last of them. */
  #isEnough(): boolean {
    return this.matched === this.#max && (this.#context?.missing ?? 0) === 0;
  }

  #match(line: WatchedLine, eventOf: () => string): void {
    if (this.#isNewOnly && !line.isNew) return;
    if (this.matched === this.#max || this.#run.writer.readerLeft) return;
    this.matched += 1;
    this.#run.noteMatch();
    this.#context?.match(line.line);
    if (!this.#isQuiet) this.#run.writer.write(this.#format(line));
    this.#exec?.take(eventOf(), this.#alert(line));
    if (this.#isEnough()) this.#end(line.line);
  }

  #end(line: number): void {
    this.endLine = line;
    this.#run.stop.requestAtOnce();
  }

  #alert({ hits, line, text }: WatchedLine): Alert {
    const phrase = hits[0]?.watch.phrase ?? '';
    return { phrase, label: this.#labels.get(phrase), score: hits[0]?.score ?? 0, line, text };
  }

  #format({ hits, line, time, text }: WatchedLine): string {
    const [best, ...others] = hits;
    const query = best?.watch.phrase ?? '';
    const also = others.map(({ watch }) => watch.phrase);
    const match = {
      query,
      label: this.#labels.get(query),
      also: also.length === 0 ? undefined : also,
      alsoLabels: also.flatMap((phrase) => this.#labels.get(phrase) ?? []),
      score: best?.score ?? 0,
      minScore: best?.watch.minScore,
      why: best?.why,
      ...this.#run.placeOf(line),
      time,
      text,
    };
    return formatMatch(match, this.#run.format);
  }
}
