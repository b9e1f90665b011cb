/**
 * What several instances answer → one answer: the K greatest T among all that they hold, each by its
 * own stream's words. Scores are not comparable among streams, since each is measured by the best line
 * of its own; T is. So T decides the order, and the score is the chance of T against the best T of the
 * fleet. How much a stream is prose stays its own: a line of prose is measured as prose wherever the
 * best line lies. Then no instance leaves out, by its own best, what answers by the fleet's. Knows
 * nothing of what carried the answers.
 */
import { chanceOf, yardstickOf } from '../../rank/chance.ts';
import type { Match } from '../../rank/match.ts';
import { topDefault } from '../../shared/limits.ts';

/** A match as an instance answered it; what else it says of it is passed on. Without a shape it stands alone. */
export interface HostMatch extends Match {
  readonly raw: number;
}

/** What one instance answered to one question. */
export interface HostAnswer {
  readonly host: string;
  /** Of the process: a host may run several. */
  readonly id: string;
  readonly rank: string;
  /** The least score that answers there. */
  readonly minScore: number;
  /** Its greatest T, whether that answers or not; undefined where its window is empty. */
  readonly bestRaw: number | undefined;
  /** 0 where its stream is logs to 1 where it is prose. */
  readonly prose: number;
  /** By T, greatest first. */
  readonly matches: readonly HostMatch[];
}

export interface FleetMatch extends HostMatch {
  readonly host: string;
  /** Where there are several. */
  readonly hosts?: readonly string[] | undefined;
}

export interface FleetAnswer {
  readonly matches: readonly FleetMatch[];
  /** How many of them answer. */
  readonly answers: number;
  readonly minScore: number;
  /** The score of the greatest T of all; undefined where nobody has a line. */
  readonly best: number | undefined;
}

export interface MergeOptions {
  readonly top?: number | undefined;
  readonly minScore?: number | undefined;
  /** Every line by itself. */
  readonly all?: boolean | undefined;
}

/**
 * The same shape scores a little more or less with each host's words; a line with the phrase's numbers
 * in it scores more than that beyond one without.
 */
const sameWithin = 0.05;

export function mergeAnswers(
  answers: readonly HostAnswer[],
  { top, minScore, all = false }: MergeOptions,
): FleetAnswer {
  const least = minScore ?? answers[0]?.minScore ?? 0;
  const isMeasured = answers[0]?.rank !== 'cosine';
  const measures = answers.flatMap(({ bestRaw, prose }) =>
    bestRaw === undefined ? [] : [{ bestRaw, prose }],
  );
  const best = Math.max(-Infinity, ...measures.map(({ bestRaw }) => bestRaw));
  const scored = (raw: number, prose: number): number =>
    isMeasured ? chanceOf(raw, best, prose) : raw;
  const found: FleetMatch[] = [];
  for (const { host, prose, matches } of answers) {
    for (const match of matches) {
      found.push({
        ...match,
        host,
        score: scored(match.raw, prose),
        ...(match.why &&
          isMeasured && { why: { ...match.why, yardstick: yardstickOf(best, prose) } }),
      });
    }
  }
  const events = all ? found : eventsOf(found);
  events.sort(byRaw);
  const isNearest = top !== undefined && minScore === undefined;
  const wanted = isNearest ? events : events.filter(({ score }) => score >= least);
  const told = all && top === undefined ? wanted : wanted.slice(0, top ?? topDefault);
  return {
    matches: told,
    answers: told.filter(({ score }) => score >= least).length,
    minScore: least,
    best:
      measures.length === 0
        ? undefined
        : Math.max(
            ...measures
              .filter(({ bestRaw }) => bestRaw === best)
              .map((one) => scored(best, one.prose)),
          ),
  };
}

/** Greatest T first; among equals the newer line, then by host, so that the order is always the same. */
function byRaw(one: FleetMatch, other: FleetMatch): number {
  return (
    other.raw - one.raw ||
    other.time - one.time ||
    (one.host < other.host ? -1 : one.host > other.host ? 1 : 0) ||
    other.line - one.line
  );
}

/** One for each shape, whichever hosts have it. */
function eventsOf(found: readonly FleetMatch[]): FleetMatch[] {
  const events: FleetMatch[] = [];
  const byShape = new Map<string, FleetMatch[]>();
  for (const match of found.toSorted(byRaw)) {
    const same = match.shape === undefined ? undefined : byShape.get(match.shape);
    if (same !== undefined) same.push(match);
    else if (match.shape !== undefined) byShape.set(match.shape, [match]);
    else events.push(match);
  }
  for (const [greatest, ...others] of byShape.values()) {
    if (greatest !== undefined) events.push(joined(greatest, others));
  }
  return events;
}

/** The greatest T, with the newest of the lines that have it; counts and times are of all. */
function joined(greatest: FleetMatch, others: readonly FleetMatch[]): FleetMatch {
  if (others.length === 0) return greatest;
  let told = greatest;
  let { score, count = 1, first = greatest.time, last = greatest.time } = greatest;
  const hosts = new Set([greatest.host]);
  for (const other of others) {
    if (other.raw >= greatest.raw - sameWithin && other.time > told.time) told = other;
    score = Math.max(score, other.score);
    count += other.count ?? 1;
    first = Math.min(first, other.first ?? other.time);
    last = Math.max(last, other.last ?? other.time);
    hosts.add(other.host);
  }
  return {
    ...told,
    raw: greatest.raw,
    score,
    count,
    first,
    last,
    when: undefined, // Each host has slots of its own.
    hosts: hosts.size > 1 ? [...hosts].sort() : undefined,
  };
}
