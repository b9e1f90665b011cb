/** When the lines of events came: counted in slots of time, for a picture of it. */
import type { EventOfShape } from './grouping.ts';
import { Slices } from '../shared/slices.ts';
import { timeOfLine } from '../shared/line-time.ts';
import type { Window } from '../window/window.ts';

/** Slots from an event's first line of the window to its last. */
export const timeSlots = 12;

/** Lines between two looks at the clock. */
const linesAStep = 256;

/**
 * The lines of the window by event and time. The window stays as it is meanwhile.
 * @param events - by shape
 * @returns by event; none of those whose lines came all at once, nor where not every line is kept
 */
export async function timesOfEvents(
  events: ReadonlyMap<number, EventOfShape>,
  window: Window,
): Promise<Map<number | string, number[]>> {
  const counted = new Map<number | string, number[]>();
  if (!window.keepsEveryLine) return counted;
  const eventOf = new Map<number, number | string>();
  for (const { event, members } of events.values()) {
    if (eventOf.has(members[0] ?? NaN)) continue;
    for (const shape of members) eventOf.set(shape, event);
  }
  for (const [event, times] of await timesBy(eventOf, window)) {
    let first = Infinity;
    let last = -Infinity;
    for (const time of times) {
      first = Math.min(first, time);
      last = Math.max(last, time);
    }
    if (last <= first) continue;
    const counts = new Array<number>(timeSlots).fill(0);
    for (const time of times) {
      const slot = Math.floor(((time - first) / (last - first)) * timeSlots);
      counts[Math.min(slot, timeSlots - 1)]! += 1;
    }
    counted.set(event, counts);
  }
  return counted;
}

/** @param eventOf - by shape */
async function timesBy(
  eventOf: ReadonlyMap<number, number | string>,
  window: Window,
): Promise<Map<number | string, number[]>> {
  const times = new Map<number | string, number[]>();
  const slices = new Slices();
  let count = 0;
  for (const { shape, text, time } of window.linesOf(eventOf)) {
    const event = eventOf.get(shape)!;
    const own = times.get(event);
    if (own === undefined) times.set(event, [timeOfLine(text, time)]);
    else own.push(timeOfLine(text, time));
    count += 1;
    if (count % linesAStep === 0 && slices.isOver) await slices.next();
  }
  return times;
}
