/** What `imesde new` prints: news as they come or best first, what more came, what has changed. */
import type { Change } from '../../news/changes.ts';
import type { LogNews } from '../../engine/log-news.ts';
import type { News } from '../../news/news-reader.ts';
import { formatNews, type PrintedNews } from '../../output/news-format.ts';
import type { Place } from '../query/print.ts';
import type { Run } from '../run.ts';
import type { NewOptions } from './options.ts';
import { MoreLines } from './more.ts';

/** News that wait for the end, at most: then only the most telling half is kept. */
const waitingMax = 20_000;

export class NewOutput {
  /** Lines that are new, and telling enough. */
  newCount = 0;
  #printed = 0;
  readonly #run: Run;
  readonly #options: NewOptions;
  readonly #placeOf: Place;
  readonly #endsEarly: boolean;
  readonly #more: MoreLines | undefined;
  #waiting: News[] = [];
  #news: LogNews | undefined;

  /** @param endsEarly - with the first new line, where nothing is printed */
  constructor(run: Run, options: NewOptions, placeOf: Place, endsEarly: boolean) {
    this.#run = run;
    this.#options = options;
    this.#placeOf = placeOf;
    this.#endsEarly = endsEarly;
    if (options.sort === 'time' && options.quiet !== true)
      this.#more = new MoreLines(options.every);
  }

  /** Where lines are counted. */
  listen(news: LogNews): void {
    this.#news = news;
  }

  take(one: News): void {
    const { minScore, sort, quiet } = this.#options;
    if (one.score < minScore || this.#isEnough()) return;
    this.newCount += 1;
    this.#run.noteMatch();
    if (quiet === true) {
      if (this.#endsEarly) this.#run.stop.requestAtOnce();
    } else if (sort === 'score') {
      this.#waiting.push(one);
      if (this.#waiting.length > waitingMax) this.#sort(waitingMax / 2);
    } else {
      this.#print(this.#printedOf(one));
      this.#more?.add(
        () => this.#news?.countOf(one.group)?.now ?? 0,
        (count) => {
          this.#print({ kind: 'more', count, ...this.#lineOf(one) });
        },
      );
      if (this.#isEnough()) this.#run.stop.requestAtOnce();
    }
  }

  /** What waited for the end, and what has changed since the baseline. */
  async end(changes: readonly Change[]): Promise<void> {
    this.#more?.end();
    if (this.#options.quiet === true) return;
    this.#sort(Infinity);
    for (const [index, one] of this.#waiting.entries()) {
      const count = this.#news?.countOf(one.group)?.now;
      this.#print({ ...this.#printedOf(one), rank: index + 1, count });
      await this.#run.writer.room();
    }
    for (const { kind, counted, expected } of changes) {
      const { before, now, line, time, text } = counted;
      const count = kind === 'gone' ? before : now;
      this.#print({ kind, count, expected, line, time, text });
      await this.#run.writer.room();
    }
  }

  #isEnough(): boolean {
    return this.#printed >= (this.#options.maxCount ?? Infinity) || this.#run.writer.readerLeft;
  }

  #sort(max: number): void {
    this.#waiting.sort((one, other) => other.score - one.score || one.line - other.line);
    this.#waiting = this.#waiting.slice(0, max);
  }

  #printedOf(one: News): PrintedNews {
    const { score, far, nearest, troubles } = one;
    return { kind: 'new', score, far, ...this.#lineOf(one), why: { nearest, troubles } };
  }

  #lineOf({ line, time, text }: News): Pick<PrintedNews, 'file' | 'line' | 'time' | 'text'> {
    return { ...this.#placeOf(line), time, text };
  }

  #print(news: PrintedNews): void {
    if (this.#isEnough()) return;
    this.#printed += 1;
    const hasKinds = this.#options.baseline !== undefined;
    this.#run.writer.write(formatNews(news, this.#run.format, hasKinds));
  }
}
