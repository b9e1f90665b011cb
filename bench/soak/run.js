/** One run: what happens when, what is looked at, and what must be right at the end. */
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Askers } from './askers.js';
import { Generator } from './generator.js';
import { Instance } from './instance.js';
import { OutputReader } from './output-reader.js';
import { RotatedLog } from './rotated-log.js';
import { gapIn, quantile } from './verdict.js';

/** Where a run is so long, everything goes by its own time; in a shorter one it comes sooner. */
const wholeMinutes = 10;
const tickMs = 100;
const pollMs = 500;
/** A burst is so many seconds' lines at once. */
const burstSeconds = 10;
/** For what was written to be read, once nothing more is. */
const endMsMax = 300_000;
/** What is wrong once often is so for all that follows: the first say enough. */
const faultsMax = 20;
/** As a shell reports SIGTERM, after draining. */
const terminated = 143;

export class SoakRun {
  faults = [];
  samples = [];
  latencies = [];
  generator = new Generator();
  log;
  instance;
  output;
  askers;
  #options;
  #times;
  #status;
  #started = 0;
  #isOver = false;
  #isEnding = false;

  /** @param {{ folder: string, minutes: number, rate: number, window: number, rows: number, onSample: (sample: object) => void }} options */
  constructor(options) {
    this.#options = options;
    const { folder, minutes, window, rows } = options;
    const scale = Math.min(1, minutes / wholeMinutes);
    this.#times = {
      sample: Math.min(60_000, minutes * 5_000),
      rotation: 20_000 * scale,
      burst: 45_000 * scale,
      stop: 70_000 * scale,
      stopped: 6_000 * scale,
      readerPause: 110_000 * scale,
      readerPaused: 25_000 * scale,
      death: 40_000 * scale,
      ask: 1_000 * Math.max(scale, 0.2),
    };
    const [fifo, log] = [path.join(folder, 'ctl'), path.join(folder, 'app.log')];
    const complain = (what) => this.#complain(what);
    this.log = new RotatedLog(log);
    this.instance = new Instance({
      ...{ folder, fifo, log, window, rows },
      ...{ noteMs: this.#times.sample / 2, deathMs: this.#times.death },
      onEnd: () => {
        this.#isOver = true;
        if (!this.#isEnding) complain('it ended before it was told to');
      },
    });
    const { generator, log: rotated, instance } = this;
    this.output = new OutputReader({ fd: instance.output, generator, log: rotated, complain });
    const stops = () => this.instance.stops;
    this.askers = new Askers({ fifo, window, complain, pauseMs: this.#times.ask, stops });
  }

  async go() {
    this.#status = await this.askers.status();
    this.#started = performance.now();
    this.askers.start();
    const jobs = [this.#write(), this.#poll(), this.#stopAndGoOn(), this.#pauseReader()];
    jobs.push(this.#sample());
    await this.#wait(this.#options.minutes * 60_000);
    this.#isOver = true;
    await Promise.all(jobs);
    await this.askers.stop();
    await this.#end();
  }

  async #write() {
    const { rate } = this.#options;
    let [burstAt, rotateAt, writtenBefore, due] = [this.#times.burst, this.#times.rotation, 0, 0];
    while (!this.#isOver) {
      due += (rate * tickMs) / 1_000;
      if (this.#elapsed > burstAt) {
        due += rate * burstSeconds;
        burstAt += this.#times.burst;
      }
      // A file that came and went between two looks nobody has seen, tail -F neither: it is rotated
      // once lines of it were read.
      if (this.#elapsed > rotateAt && this.#status.lines.read > writtenBefore) {
        writtenBefore = this.generator.written;
        this.log.rotate(writtenBefore);
        rotateAt = this.#elapsed + this.#times.rotation;
      }
      const count = Math.floor(due);
      due -= count;
      if (count > 0) await this.log.append(this.generator.next(count));
      await this.#wait(tickMs);
    }
  }

  /** Each status must add up, whatever goes on. */
  async #poll() {
    while (!this.#isOver) {
      await this.#look();
      await this.#wait(pollMs);
    }
  }

  async #look() {
    try {
      this.#status = await this.askers.status();
    } catch (error) {
      this.#complain(`no status: ${error.message}`);
      return;
    }
    const gap = gapIn(this.#status);
    if (gap !== undefined) this.#complain(gap);
    const { read } = this.#status.lines;
    const { written } = this.generator;
    if (read > written) this.#complain(`read ${read} of ${written} lines`);
  }

  async #stopAndGoOn() {
    for (;;) {
      await this.#wait(this.#times.stop);
      if (this.#isOver) return;
      this.instance.stop();
      await this.#wait(this.#times.stopped);
      this.instance.goOn();
    }
  }

  async #pauseReader() {
    for (;;) {
      await this.#wait(this.#times.readerPause);
      if (this.#isOver) return;
      this.output.pause();
      await this.#wait(this.#times.readerPaused);
      this.output.resume();
    }
  }

  async #sample() {
    for (let at = this.#times.sample; ; at += this.#times.sample) {
      await this.#wait(at - this.#elapsed);
      if (this.#isOver) return;
      const { lines, shapes, readings, rows, rssBytes } = this.#status;
      const latencies = this.askers.latencies.splice(0);
      this.latencies.push(...latencies);
      const sample = {
        ...{ seconds: Math.round(this.#elapsed / 1_000), written: this.generator.written },
        ...{ read: lines.read, waiting: lines.waiting, window: lines.window },
        ...{ evicted: lines.evicted, shapes, readings, rows, rssBytes },
        ...{ asks: this.askers.asks, printed: this.output.count },
        ...{ askMsP50: quantile(latencies, 0.5), askMsP99: quantile(latencies, 0.99) },
        ...{ rotations: this.log.rotations, stops: Math.ceil(this.instance.stops / 2) },
        ...{ readerPauses: this.output.pauses, ...this.instance.notes() },
      };
      this.samples.push(sample);
      this.#options.onSample(sample);
    }
  }

  /** What was written is read to its last line; then it is told to end. */
  async #end() {
    this.#isEnding = true;
    const until = performance.now() + endMsMax;
    while (this.faults.length === 0 && performance.now() < until) {
      await this.#look();
      const { read, waiting } = this.#status.lines;
      if (read === this.generator.written && waiting === 0) break;
      await setTimeout(tickMs);
    }
    const { read, cut, skipped } = this.#status.lines;
    const { written, long, empty } = this.generator;
    for (const [name, real, right] of [
      ['read', read, written],
      ['cut', cut, long],
      ['empty', skipped.empty, empty],
    ]) {
      if (real !== right) this.#complain(`${name} ${real}, should be ${right}`);
    }
    const code = await this.instance.end();
    const { stderr } = this.instance;
    if (code !== terminated) this.#complain(`it ended with ${code}: ${stderr}`);
    const counted = Number(/lines: read (\d+) = /.exec(stderr)?.[1]);
    if (counted !== written) this.#complain(`--stats should say ${written}: ${stderr}`);
    await this.output.ended();
  }

  get #elapsed() {
    return performance.now() - this.#started;
  }

  /** Until then, or until it is over. */
  async #wait(ms) {
    const until = performance.now() + ms;
    for (let left = ms; left > 0 && !this.#isOver; left = until - performance.now()) {
      await setTimeout(Math.min(left, tickMs));
    }
  }

  #complain(what) {
    if (this.faults.length < faultsMax) this.faults.push(what);
  }
}
