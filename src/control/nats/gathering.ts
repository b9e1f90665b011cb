/** What the instances of a fleet have answered so far, in bounded memory, and who has yet to. */
import { fleetBytesMax, fleetMatchesMax } from '../limits.ts';
import { AnswerParts } from './answer-parts.ts';
import { replyOf, type HostReply } from './host-reply.ts';
import type { Roster } from './roster.ts';
import type { Member } from './subjects.ts';

/** An instance that gave no answer, or none that is of use. */
export interface Missing {
  readonly host: string;
  readonly why: string;
}

/** What is gathered of one instance. */
interface Gathered {
  readonly host: string;
  /** By operation. */
  readonly replies: (HostReply | undefined)[];
  replyCount: number;
  problem: string | undefined;
}

export class Gathering {
  /** Matches beyond those that are kept. */
  leftOutCount = 0;
  /** Instances that have answered everything. */
  answeredCount = 0;
  readonly #operationCount: number;
  readonly #parts = new AnswerParts();
  /** By id. */
  readonly #gathered = new Map<string, Gathered>();
  #keptBytes = 0;
  /** By operation. */
  readonly #keptMatches: number[] = [];

  /** @param operationCount - that each is asked for */
  constructor(operationCount: number) {
    this.#operationCount = operationCount;
  }

  get isEmpty(): boolean {
    return this.#gathered.size === 0;
  }

  /**
   * A part of an answer.
   * @param operation - index of what it answers
   * @returns whether an answer is whole by it, or found to be none
   */
  take(
    operation: number,
    { host, id }: Member,
    part: { readonly index: number; readonly isLast: boolean },
    payload: Uint8Array,
  ): boolean {
    const isKnown = Number.isSafeInteger(operation) && operation >= 0;
    if (!isKnown || operation >= this.#operationCount) return false;
    const whole = this.#parts.push(`${operation} ${id}`, part.index, part.isLast, payload);
    if (whole === undefined) return false;
    let gathered = this.#gathered.get(id);
    if (gathered === undefined) {
      gathered = { host, replies: [], replyCount: 0, problem: undefined };
      this.#gathered.set(id, gathered);
    }
    if (gathered.problem !== undefined || gathered.replies[operation] !== undefined) return false;
    const reply =
      typeof whole === 'string' ? `its answer is ${whole}` : replyOf(whole, { host, id });
    if (typeof reply === 'string') {
      gathered.problem = reply;
    } else {
      gathered.replies[operation] = this.#kept(reply, operation, whole.length);
      gathered.replyCount += 1;
      if (this.#hasAnswered(gathered)) this.answeredCount += 1;
    }
    return true;
  }

  /** Whether all who owe an answer have given one, or never will. */
  isSettled(roster: Roster): boolean {
    for (const id of roster.members.keys()) {
      if (!this.#isSettled(this.#gathered.get(id)) && !roster.hasLeft(id)) return false;
    }
    return true;
  }

  /** Operation by operation: what those said who answered all of them, by host. */
  get replies(): HostReply[][] {
    const answered = [...this.#gathered.values()]
      .filter((one) => this.#hasAnswered(one))
      .sort((one, other) => (one.host < other.host ? -1 : 1));
    return Array.from({ length: this.#operationCount }, (_, index) =>
      answered.flatMap(({ replies }) => replies[index] ?? []),
    );
  }

  missing(roster: Roster): Missing[] {
    const missing: Missing[] = [];
    for (const { host, problem } of this.#gathered.values()) {
      if (problem !== undefined) missing.push({ host, why: problem });
    }
    for (const { host, id } of roster.members.values()) {
      if (this.#isSettled(this.#gathered.get(id))) continue;
      missing.push({ host, why: roster.hasLeft(id) ? 'died' : 'silent' });
    }
    return missing.sort((one, other) => (one.host < other.host ? -1 : 1));
  }

  #hasAnswered({ replyCount, problem }: Gathered): boolean {
    return problem === undefined && replyCount === this.#operationCount;
  }

  #isSettled(one: Gathered | undefined): boolean {
    return one !== undefined && (one.problem !== undefined || this.#hasAnswered(one));
  }

  /** Without what is more than an asker keeps. */
  #kept(reply: HostReply, operation: number, bytes: number): HostReply {
    const kept = this.#keptMatches[operation] ?? 0;
    const room = this.#keptBytes + bytes > fleetBytesMax ? 0 : fleetMatchesMax - kept;
    const lines = reply.lines.slice(0, room);
    this.#keptMatches[operation] = kept + lines.length;
    this.leftOutCount += reply.lines.length - lines.length;
    if (lines.length > 0) this.#keptBytes += bytes;
    return { ...reply, lines };
  }
}
