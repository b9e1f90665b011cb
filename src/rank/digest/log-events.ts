/** All events of a window, each with its lines added up. */
import type { Events } from '../../events/events.ts';
import { Slices } from '../../shared/slices.ts';
import type { ShapeTable } from '../../window/shape-table.ts';
import type { Sightings } from '../../window/sightings.ts';
import type { Window } from '../../window/window.ts';
import { urgencyOf } from './urgency.ts';

export interface LogEvent {
  /** Its shapes. */
  readonly shapes: number[];
  /** That of its newest line. */
  newest: number;
  /** Lines. */
  count: number;
  /** The number of its first line. */
  firstNumber: number;
  /** The earliest time that its lines carry and the latest, in milliseconds since 1970, or NaN. */
  first: number;
  last: number;
  /** 0, one half or 1, see urgency.ts. */
  urgency: number;
  /** First seen late in the log: digest.ts says so. */
  isLate: boolean;
}

export interface Log {
  readonly table: ShapeTable;
  readonly window: Window;
  readonly sightings: Sightings;
  /** Undefined where each different line is to stand alone. */
  readonly events: Events | undefined;
}

const shapesAStep = 64;

/** @returns in the order of their first shapes */
export async function eventsOf({ table, window, sightings, events }: Log): Promise<LogEvent[]> {
  const byEvent = new Map<number | string, LogEvent>();
  const slices = new Slices();
  for (let shape = 0; shape < table.end; shape += 1) {
    if (shape % shapesAStep === 0 && slices.isOver) await slices.next();
    const key = table.keys[shape];
    const count = table.windowLines[shape]!;
    if (key === undefined || count === 0) continue;
    const name = events?.eventOf(key) ?? key;
    const known = byEvent.get(name);
    const firstNumber = sightings.firstNumberOf(shape);
    const first = sightings.firstTimeOf(shape);
    const last = sightings.lastTimeOf(shape);
    if (known === undefined) {
      const times = { firstNumber, first, last };
      const said = { urgency: urgencyOf(key), isLate: false };
      byEvent.set(name, { shapes: [shape], newest: shape, count, ...times, ...said });
      continue;
    }
    known.shapes.push(shape);
    known.count += count;
    known.firstNumber = Math.min(known.firstNumber, firstNumber);
    known.first = lower(known.first, first);
    known.last = -lower(-known.last, -last);
    if (window.newestNumberOf(shape) > window.newestNumberOf(known.newest)) known.newest = shape;
    // A name in one of its lines may look like trouble; what they all say is what is meant.
    known.urgency = Math.min(known.urgency, urgencyOf(key));
  }
  return [...byEvent.values()];
}

/** The lower of two numbers, either of which may be missing. */
function lower(one: number, other: number): number {
  if (Number.isNaN(one)) return other;
  return Number.isNaN(other) ? one : Math.min(one, other);
}
