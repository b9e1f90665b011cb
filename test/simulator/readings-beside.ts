/** Readings as they are and by the book: both are told the same, and must do the same. */
import assert from 'node:assert';
import type { Readings } from '../../src/embed/readings.ts';
import { PlainReadings, type PlainReadingsOptions } from './plain-readings.ts';

const told = [
  ...([
    'want',
    'foresee',
    'readAhead',
    'listen',
    'stopListening',
    'giveUp',
    'pin',
    'unpin',
  ] as const),
  ...(['keep', 'letGo', 'cancel', 'reject', 'forget'] as const),
];

interface Listening {
  /** Somebody waits for a shape's reading: the line that is the next to commit. */
  readonly onWant: (shape: number) => void;
  /** In the middle of the real parts, nothing must be thrown. */
  readonly onWrong: (error: unknown) => void;
}

export class ReadingsBeside {
  readonly plain: PlainReadings;
  /** The promise with which a reading was foreseen since this was cleared. */
  foreseen: number | undefined;
  readonly #readings: Readings;
  /** A question listens, and so wants, just now. */
  #isListening = false;

  /** Puts itself before the methods of the real ones. */
  constructor(readings: Readings, options: PlainReadingsOptions, { onWant, onWrong }: Listening) {
    this.#readings = readings;
    this.plain = new PlainReadings(options);
    const { plain } = this;
    for (const name of told) {
      const real = readings[name].bind(readings) as (...args: unknown[]) => void;
      const book = plain[name].bind(plain) as (...args: unknown[]) => void;
      (readings[name] as (...args: unknown[]) => void) = (...args) => {
        book(...args);
        if (name === 'want' && !this.#isListening) onWant(args[0] as number);
        if (name === 'foresee') this.foreseen = args[1] as number;
        const isOuter = name === 'listen' && !this.#isListening;
        if (isOuter) this.#isListening = true;
        real(...args);
        if (isOuter) this.#isListening = false;
      };
    }
    const done = readings.done.bind(readings);
    readings.done = (jobs, stored) => {
      const shapes = jobs.map(({ shape }) => shape);
      plain.done(shapes, stored);
      done(jobs, stored);
    };
    const compare = (real: unknown, book: unknown, what: string): void => {
      try {
        assert.deepEqual(real, book, what);
      } catch (error) {
        onWrong(error);
      }
    };
    const take = readings.take.bind(readings);
    readings.take = (count) => {
      const shapes = plain.take(count);
      const jobs = take(count);
      const taken = jobs.map(({ shape }) => shape);
      compare(taken, shapes, 'shapes that are read next');
      return jobs;
    };
    const leaseRaw = readings.leaseRaw.bind(readings);
    readings.leaseRaw = (shape) => {
      const hasRoom = plain.leaseRaw(shape);
      const row = leaseRaw(shape);
      compare(row !== undefined, hasRoom, 'room for a vector from outside');
      return row;
    };
  }

  /** @param shapes - all there are */
  check(shapes: Iterable<number>): void {
    const { plain } = this;
    const readings = this.#readings;
    for (const shape of shapes) {
      const known = plain.known.get(shape);
      const real = readings.isRejected(shape)
        ? 'rejected'
        : readings.rowOf(shape) !== undefined
          ? 'kept'
          : readings.isKnown(shape)
            ? 'under way'
            : undefined;
      assert.equal(real, known, `reading of shape ${shape}`);
    }
    const { madeCount, rejectedCount, waitingCount } = readings;
    assert.deepEqual(
      { madeCount, rejectedCount, waitingCount },
      {
        madeCount: plain.madeCount,
        rejectedCount: plain.rejectedCount,
        waitingCount: plain.waitingCount,
      },
      'readings made, rejected and waited for',
    );
  }
}
