/**
 * What is in a log, on one screen: its events, grouped by what they say, those that an operator needs
 * first. No reading by the model: the word table is enough to tell what belongs together.
 *
 *   log-events.ts: shapes → events ─► urgency.ts, newness here ─► event-vectors.ts ─► meaning-groups.ts
 *   ─► the rows shared out between trouble and the rest
 */
import type { Axis } from '../../window/sightings.ts';
import type { SlotCounts } from '../../window/slot-counts.ts';
import { eventVector, type EventWords } from './event-vectors.ts';
import { eventsOf, type Log, type LogEvent } from './log-events.ts';
import { meaningGroups } from './meaning-groups.ts';

/** Events that say much the same. */
export interface DigestGroup {
  /** 1-based, in the order in which they are told. */
  readonly rank: number;
  /** Lines of all its events. */
  readonly count: number;
  readonly events: number;
  /** The earliest time that its lines carry, in milliseconds since 1970; undefined where none does. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** Its lines along the axis of the digest, slot by slot. */
  readonly when: readonly number[];
  /** 0, one half or 1: how plainly it speaks of trouble. */
  readonly trouble: number;
  /** First seen late in the log, see newShare. */
  readonly isNew: boolean;
  /** The newest line of its greatest event: number and text. */
  readonly line: number;
  readonly text: string;
  /** When that line was read, in milliseconds since 1970. */
  readonly time: number;
  /** The words that every line of that event has, in small letters: what else is in the text varies. */
  readonly words: readonly string[];
}

/** A log in one screen: its events in groups, those that an operator needs first. */
export interface Digest {
  /** What `when` goes by: times that lines carry, in milliseconds since 1970, or line numbers. */
  readonly axis: Axis;
  /** The first line's place on the axis, and the last one's; undefined where there are no lines. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** Where the first slot begins, and how wide each is. */
  readonly slotStart: number;
  readonly slotWidth: number;
  readonly groups: readonly DigestGroup[];
  /** Events of all groups, of those left out too. */
  readonly events: number;
  /** What is left out; those that speak of trouble among them. */
  readonly more: LeftOut & { readonly trouble: LeftOut };
}

/** What a digest has no room for. */
export interface LeftOut {
  readonly events: number;
  /** Lines. */
  readonly count: number;
}

/**
 * New is a group of which no event was seen before the last so much of the log's lines, where that is
 * no chance: it speaks of trouble, or has so many lines. Of lines that come at any time alike, so many
 * all lie there once in a thousand times.
 */
const newShare = 0.1;
const newCountMin = 3;
/** In a shorter log nothing is. */
const newLinesMin = 100;

/** Plain trouble weighs as much as so many times the lines, and what is new as so many times. */
const troubleWeight = 1_000;
const newWeight = 30;

/** Groups are made by these cosines of events' vectors, see meaning-groups.ts. */
const same = 0.8;
const alike = 0.6;

/** Of more events the least important each stand alone: to compare them takes seconds. */
const comparedMax = 16_384;

/**
 * @param words - undefined: there is no word table, and each event is a group
 * @param groupsMax - told at most
 */
export async function digestOf(
  log: Log,
  words: EventWords | undefined,
  groupsMax: number,
): Promise<Digest> {
  const { sightings } = log;
  const { slots, axis } = sightings;
  const events = await eventsOf(log);
  const newFrom = placeOfNews(slots, events);
  for (const event of events) {
    event.isLate = (axis === 'time' ? event.first : event.firstNumber) > newFrom;
  }
  events.sort((one, other) => weightOf([other]) - weightOf([one]));
  const grouped = await groupsOf(log, words, events, groupsMax);
  const told = shareOut(grouped, groupsMax);
  const isTold = new Set(told);
  const left = grouped.filter((group) => !isTold.has(group));
  return {
    axis,
    from: slots.slotCount === 0 ? undefined : slots.least,
    to: slots.slotCount === 0 ? undefined : slots.most,
    slotStart: slots.start,
    slotWidth: slots.width,
    groups: told.map((group, index) => groupOf(log, slots, group, index + 1)),
    events: events.length,
    more: { ...leftOut(left), trouble: leftOut(left.filter(isTrouble)) },
  };
}

/** Where the last of the lines begin, on the axis: Infinity where nothing is new. */
function placeOfNews(slots: SlotCounts, events: readonly LogEvent[]): number {
  const counts = whenOf(slots, events);
  const lines = counts.reduce((sum, count) => sum + count, 0);
  if (lines < newLinesMin) return Infinity;
  let before = lines * (1 - newShare);
  for (const [slot, count] of counts.entries()) {
    if (count < before) {
      before -= count;
      continue;
    }
    // Within a slot lines are taken to lie evenly.
    const from = Math.max(slots.least, slots.start + slot * slots.width);
    const to = Math.min(slots.most, slots.start + (slot + 1) * slots.width);
    return from + ((to - from) * before) / count;
  }
  return Infinity;
}

function whenOf(slots: SlotCounts, events: readonly LogEvent[]): number[] {
  const counts = new Array<number>(slots.slotCount).fill(0);
  for (const { shapes } of events) for (const shape of shapes) slots.addTo(counts, shape);
  return counts;
}

function isNew(group: readonly LogEvent[]): boolean {
  return group.every(({ isLate }) => isLate) && (isTrouble(group) || countOf(group) >= newCountMin);
}

/** Trouble that may be none weighs the root of what plain trouble does. */
function weightOf(group: readonly LogEvent[]): number {
  const { urgency } = group[0]!;
  return countOf(group) * troubleWeight ** urgency * (isNew(group) ? newWeight : 1);
}

/** @returns groups, the greatest event of each first */
async function groupsOf(
  log: Log,
  words: EventWords | undefined,
  events: readonly LogEvent[],
  groupsMax: number,
): Promise<LogEvent[][]> {
  if (words === undefined) return events.map((event) => [event]);
  const none = new Float32Array(words.table.dimensions);
  const grouped = events.map((event, index) => ({
    kind: event.urgency,
    vector: index < comparedMax ? eventVector(wordsOf(log, event), words) : none,
  }));
  const isLate = (group: readonly number[]): boolean =>
    group.every((index) => events[index]!.isLate);
  const groups = await meaningGroups(grouped, {
    same,
    alike,
    groupsMax,
    // What is new is not lost among what merely resembles it.
    mayJoin: (one, other) => isLate(one) === isLate(other),
  });
  return groups.map((group) =>
    group.map((index) => events[index]!).sort((one, other) => other.count - one.count),
  );
}

/** The words of an event's newest line that do not vary. */
function wordsOf({ table, events }: Log, { newest }: LogEvent): string[] {
  const key = table.keys[newest] ?? '';
  const varying = new Set(events?.varyingWords(key));
  return key
    .toLowerCase()
    .split(' ')
    .filter((_, place) => !varying.has(place));
}

function leftOut(groups: readonly LogEvent[][]): LeftOut {
  return {
    events: groups.reduce((sum, group) => sum + group.length, 0),
    count: groups.reduce((sum, group) => sum + countOf(group), 0),
  };
}

function countOf(group: readonly LogEvent[]): number {
  return group.reduce((sum, { count }) => sum + count, 0);
}

function isTrouble([event]: readonly LogEvent[]): boolean {
  return event!.urgency > 0;
}

/**
 * Half of the rows are for plain trouble and a quarter for the rest, as far as they need them, so that
 * neither drowns the other; what is left of the rows goes by weight.
 * @returns trouble first, by weight, then the rest
 */
function shareOut(groups: readonly LogEvent[][], groupsMax: number): LogEvent[][] {
  const weights = new Map(groups.map((group) => [group, weightOf(group)]));
  const sorted = [...groups].sort((one, other) => weights.get(other)! - weights.get(one)!);
  const trouble = sorted.filter(isTrouble);
  const rest = sorted.filter((group) => !isTrouble(group));
  const told = new Set([
    ...trouble.filter(([event]) => event!.urgency === 1).slice(0, Math.ceil(groupsMax / 2)),
    ...rest.slice(0, Math.floor(groupsMax / 4)),
  ]);
  for (const group of sorted) {
    if (told.size >= groupsMax) break;
    told.add(group);
  }
  return [...trouble, ...rest].filter((group) => told.has(group));
}

function groupOf(
  log: Log,
  slots: SlotCounts,
  group: readonly LogEvent[],
  rank: number,
): DigestGroup {
  const { window } = log;
  const [greatest] = group;
  const { number: line, text, time } = window.newestOf(greatest!.newest);
  const times = group.flatMap(({ first, last }) => (Number.isNaN(first) ? [] : [first, last]));
  const isTimed = times.length > 0;
  return {
    rank,
    count: countOf(group),
    events: group.length,
    first: isTimed ? times.reduce((least, one) => Math.min(least, one)) : undefined,
    last: isTimed ? times.reduce((most, one) => Math.max(most, one)) : undefined,
    when: whenOf(slots, group),
    trouble: greatest!.urgency,
    isNew: isNew(group),
    line,
    text,
    time,
    words: wordsOf(log, greatest!),
  };
}
