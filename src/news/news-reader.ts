/** Lines → what is new among them: each line is counted for its group, and the first of a new one told. */
import type { LineBatch } from '../input/line-batch.ts';
import type { LineSink } from '../input/line-sink.ts';
import { Masker } from '../shape/masker.ts';
import { tellingText } from '../shape/telling-text.ts';
import { flatCopy } from '../shared/flat-copy.ts';
import { Slices } from '../shared/slices.ts';
import type { Newness, Novelty } from './newness.ts';
import type { Tally } from './tally.ts';

/** The first line of a new event. */
export interface News extends Novelty {
  readonly group: number;
  /** 1-based. */
  readonly line: number;
  /** When it arrived, in milliseconds since 1970. */
  readonly time: number;
  readonly text: string;
}

export interface NewsReaderOptions {
  readonly newness: Newness;
  readonly tally: Tally;
  /** No masking: each different line is a shape. */
  readonly exact?: boolean | undefined;
  /** So many lines of what is read now are learned before any is told. */
  readonly warmUp?: number | undefined;
  readonly onNews: (news: News) => void;
}

/** Lines between two looks at the clock. */
const linesAStep = 64;

export class NewsReader implements LineSink {
  /** Lines taken in now, the baseline's not among them. */
  readCount = 0;
  emptyCount = 0;
  filteredCount = 0;
  /** Lines of shapes that were seen before. */
  knownCount = 0;
  /** What is read is only learned. */
  isBaseline = false;
  readonly #options: NewsReaderOptions;
  readonly #masker: Masker;
  readonly #warmUp: number;

  constructor(options: NewsReaderOptions) {
    this.#options = options;
    this.#masker = new Masker({ exact: options.exact === true });
    this.#warmUp = options.warmUp ?? 0;
  }

  async ingestBatch(batch: LineBatch): Promise<void> {
    const slices = new Slices();
    const { texts, numbers, firstNumber, told: read = texts, filtered = 0 } = batch;
    if (!this.isBaseline) {
      this.filteredCount += filtered;
      this.readCount += filtered;
    }
    // As where lines commit: of a record what it tells first, unless each different one is a shape.
    const isTold = (numbers !== undefined || read !== texts) && this.#options.exact !== true;
    for (const [index, text] of texts.entries()) {
      const said = read[index] ?? text;
      this.#take(isTold ? tellingText(said) : said, text, {
        line: numbers?.[index] ?? firstNumber + index,
        time: batch.time,
        bytesPerChar: batch.bytesPerChar,
      });
      if (index % linesAStep === 0 && slices.isOver) await slices.next();
    }
  }

  async drained(): Promise<void> {
    // A line is dealt with when it is taken.
  }

  #take(
    said: string,
    text: string,
    { line, time, bytesPerChar }: { line: number; time: number; bytesPerChar: 1 | 2 },
  ): void {
    const { newness, tally, onNews } = this.#options;
    const isSilent = this.isBaseline || this.readCount < this.#warmUp;
    if (!this.isBaseline) this.readCount += 1;
    const key = this.#masker.key(said);
    if (key === undefined) {
      if (!this.isBaseline) this.emptyCount += 1;
      return;
    }
    const known = newness.groupOf(key);
    const sighting = known === undefined ? newness.sight(key) : undefined;
    if (!this.isBaseline && known !== undefined) this.knownCount += 1;
    const group = known ?? sighting?.group ?? 0;
    tally.count(group, this.isBaseline, () => ({ line, time, text: flatCopy(text, bytesPerChar) }));
    if (isSilent || sighting?.isNew !== true || sighting.novelty === undefined) return;
    onNews({ ...sighting.novelty, group, line, time, text });
  }
}
