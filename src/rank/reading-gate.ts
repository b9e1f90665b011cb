/** When a line may commit where every shape is read: once its reading is there. */
import type { Readings } from '../embed/readings.ts';
import type { CommitGate, Verdict } from '../window/committer.ts';
import { noStream, noWords } from './ranking.ts';
import type { Watching } from './watching.ts';

export interface ReadingGateOptions {
  readonly readings: Readings;
  readonly watching: Watching;
}

export class ReadingGate implements CommitGate {
  readonly #options: ReadingGateOptions;

  constructor(options: ReadingGateOptions) {
    this.#options = options;
  }

  verdict(shape: number): Verdict {
    const { readings } = this.#options;
    if (readings.rowOf(shape) !== undefined) return 'commit';
    if (readings.isRejected(shape)) return 'skip';
    readings.want(shape);
    return 'wait';
  }

  foresee(shape: number): void {
    this.#options.readings.keep(shape);
    this.#options.readings.foresee(shape, 0);
  }

  leave(shape: number): void {
    this.#options.readings.letGo(shape);
  }

  judge(shape: number, text: string, number: number, time: number): void {
    const { readings, watching } = this.#options;
    const row = readings.rowOf(shape);
    for (const watch of watching.watches.all) {
      if (row === undefined || watch.isRead(shape)) continue;
      watch.read(shape, row, noWords, noStream);
    }
    watching.judge(shape, text, number, time);
  }
}
