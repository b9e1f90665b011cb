/** The streams that go through the real binary. README.md says what each figure is. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { bin, runBinary } from './binary.js';
import { generateHeadlines, generateLines } from './generator.js';

/** What a reader of logs, and readers of news, would type. */
const logPhrase = 'the database went away';
const newsPhrases = [
  'oil prices rising',
  'bank fined by regulator',
  'airline cancels flights',
  'election result disputed',
  'earthquake leaves people homeless',
];

/** Copies of a stream in the longer one, from whose difference the steady figure comes. */
const fileCopies = 64;
const knownCopies = 32;
/** Two builds are run in turn so often: A B A B. */
const besideRounds = 2;

export class Streams {
  #folder;
  #common;

  /** @param {{ folder: string, workers?: string }} options - folder: for what is generated */
  constructor({ folder, workers }) {
    this.#folder = folder;
    this.#common = ['--stats', ...(workers === undefined ? [] : ['--workers', workers])];
  }

  /**
   * Streams in which nothing repeats.
   * @param {{ few: number, many: number }} counts - of lines, within the default window: each is a
   * shape of it; the few are all read by cosine
   */
  async headlines({ few, many }) {
    const fewFile = this.#write('few', generateHeadlines({ lines: few, seed: 1 }));
    const manyFile = this.#write('many', generateHeadlines({ lines: many, seed: 2 }));
    const [phrase] = newsPhrases;
    const rows = ['--rows', String(few)];
    const results = {
      cosine: await this.#cosine('headlines, --rank cosine', phrase, [fewFile], rows),
      few: await this.#query('headlines', phrase, [fewFile]),
      many: await this.#query('headlines, many', phrase, [manyFile]),
      watch: await this.#watch('headlines, one watch', [phrase], [manyFile]),
      fiveWatches: await this.#watch('headlines, five watches', newsPhrases, [manyFile]),
    };
    const { cosine, few: queried, many: queriedMany } = results;
    for (const { name, lines, shapes } of [cosine, queried, queriedMany]) {
      if (shapes !== lines) throw new Error(`${name}: ${shapes} shapes of ${lines} lines`);
    }
    if (cosine.readings !== few) throw new Error(`cosine read ${cosine.readings} of ${few} shapes`);
    return results;
  }

  /** @param {string[]} files - as they are, each once */
  async files(files) {
    return {
      filesCosine: await this.#cosine('files, once, --rank cosine', logPhrase, files),
      filesOnce: await this.#query('files, once', logPhrase, files),
      filesTenTimes: await this.#query('files, ten times', logPhrase, copies(files, 10)),
    };
  }

  filesSteady(files, programs) {
    return this.#steady('files, steady', files, fileCopies, programs);
  }

  /** @param {{ lines: number }} options - of shapes that all come within the first hundreds */
  generatedSteady({ lines }, programs) {
    const known = this.#write('known', generateLines({ lines, newShare: 0, seed: 2 }));
    return this.#steady('generated, steady', [known], knownCopies, programs);
  }

  /**
   * What a further line costs once all shapes are known: start-up and model cancel out.
   * @param {string[]} programs - binaries that run in turn
   * @returns a result for each
   */
  async #steady(name, files, count, programs) {
    const args = this.#queryArgs(logPhrase);
    const runs = programs.map(() => ({ short: [], long: [] }));
    const rounds = programs.length > 1 ? besideRounds : 1;
    for (let round = 0; round < rounds; round += 1) {
      for (const [i, program] of programs.entries()) {
        runs[i].short.push(await runBinary(args, files, program));
        runs[i].long.push(await runBinary(args, copies(files, count), program));
      }
    }
    return runs.map((ofBuild, i) => {
      const [short, long] = [quickest(ofBuild.short), quickest(ofBuild.long)];
      return told({
        name: i === 0 ? name : `${name}, other build`,
        lines: long.lines - short.lines,
        shapes: 0,
        readings: 0,
        seconds: long.seconds - short.seconds,
        peakMib: long.peakMib,
      });
    });
  }

  /** Where every shape is read. */
  #cosine(name, phrase, files, more = []) {
    return this.#query(name, phrase, files, ['--rank', 'cosine', ...more]);
  }

  async #query(name, phrase, files, more = []) {
    return told({ name, ...(await runBinary([...this.#queryArgs(phrase), ...more], files)) });
  }

  async #watch(name, phrases, files) {
    const watches = phrases.flatMap((phrase) => ['-w', phrase]);
    return told({ name, ...(await runBinary([...watches, ...this.#common], files)) });
  }

  #queryArgs(phrase) {
    return ['query', phrase, '-k', '1', ...this.#common];
  }

  #write(name, lines) {
    const file = path.join(this.#folder, `${name}.txt`);
    writeFileSync(file, [...lines, ''].join('\n'));
    return file;
  }
}

/** The binaries to run in turn: this checkout's, and that of another where one is named. */
export function programsOf(beside) {
  return beside === undefined ? [bin] : [bin, path.resolve(beside, 'bin', 'imesde.js')];
}

/** Neighbours of a shared machine only ever make a run longer. */
function quickest(runs) {
  return runs.reduce((best, run) => (run.seconds < best.seconds ? run : best));
}

function copies(files, count) {
  return Array.from({ length: count }, () => files).flat();
}

/** Adds the speed, and tells of it at once. */
function told({ name, lines, shapes, readings, seconds, peakMib }) {
  const linesPerSecond = lines / seconds;
  process.stderr.write(`${name}: ${Math.round(linesPerSecond)} lines/s\n`);
  return { name, lines, shapes, readings, seconds, linesPerSecond, peakMib };
}
