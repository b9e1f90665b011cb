/**
 * Reads ahead: the shapes that the phrases asked last would have read now, where a worker would be
 * idle. It only shortens the wait of a question, and changes no answer.
 */
import type { Readings } from '../embed/readings.ts';
import type { DocumentFrequencies } from '../glance/document-frequencies.ts';
import { likeCandidatesMax, topDefault } from '../shared/limits.ts';
import type { ShapeTable } from '../window/shape-table.ts';
import { candidateCount, chooseBest } from './candidates.ts';
import { glanceAtAll } from './glance-scan.ts';
import type { PhraseRanking } from './ranking.ts';

export interface ReadAheadOptions {
  readonly table: ShapeTable;
  readonly frequencies: DocumentFrequencies;
  readonly readings: Readings;
  /** Lines committed so far. */
  readonly lineCount: () => number;
}

/** Phrases that are looked after. */
const phrasesMax = 4;
const tickMs = 100;
/** It is at work for no more than this share of the time. */
const dutyShare = 0.02;
/** And only once the stream has brought so many lines, and such a share, since it last was. */
const newLinesMin = 64;
const newLinesShare = 0.1;

export class ReadAhead {
  readonly #options: ReadAheadOptions;
  /** The one asked last at the end. */
  readonly #phrases = new Map<string, PhraseRanking>();
  #timer: NodeJS.Timeout | undefined;
  #linesSeen = 0;
  #notBefore = 0;
  #isAtWork = false;

  constructor(options: ReadAheadOptions) {
    this.#options = options;
  }

  /** This phrase was asked, or will be. */
  open(phrase: PhraseRanking): void {
    if (phrase.glance === undefined) return;
    this.#phrases.delete(phrase.phrase);
    this.#phrases.set(phrase.phrase, phrase);
    const [oldest] = this.#phrases.keys();
    if (this.#phrases.size > phrasesMax && oldest !== undefined) this.#phrases.delete(oldest);
    this.#timer ??= setInterval(() => {
      void this.#tick();
    }, tickMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#phrases.clear();
  }

  async #tick(): Promise<void> {
    const { table, readings, lineCount } = this.#options;
    const lines = lineCount();
    const isMuchNew =
      lines - this.#linesSeen >= Math.max(newLinesMin, newLinesShare * this.#linesSeen);
    const begun = performance.now();
    if (this.#isAtWork || !isMuchNew || begun < this.#notBefore || readings.waitingCount > 0)
      return;
    this.#isAtWork = true;
    this.#linesSeen = lines;
    const wanted = new Set<number>();
    for (const phrase of this.#phrases.values()) {
      for (const shape of await this.#choose(phrase)) wanted.add(shape);
    }
    // Some may have left the window since, and are no shapes any more.
    const left = [...wanted].filter((shape) => table.windowLines[shape]! > 0);
    if (this.#timer !== undefined) readings.readAhead(left);
    const end = performance.now();
    this.#notBefore = end + (end - begun) / dutyShare;
    this.#isAtWork = false;
  }

  /** The window may change meanwhile: then some are read in vain. */
  async #choose(phrase: PhraseRanking): Promise<number[]> {
    const { table, frequencies } = this.#options;
    const frozen = frequencies.freeze();
    return await chooseBest({
      scores: await glanceAtAll(table, phrase.glance!, frozen),
      count: candidateCount(topDefault, frozen.proseDegree),
      likeMax: likeCandidatesMax,
      table,
      eventOf: () => undefined,
      numberOf: () => 0,
    });
  }
}
