/** When the lines of events came: counted in slots of time, for a picture of it. */
import type { EventOfShape } from './grouping.ts';
import type { Window } from '../window/window.ts';

/** Slots from an event's first line of the window to its last. */
export const timeSlots = 12;

/**
 * The lines of the window by event and time.
 * @param events - by shape
 * @returns by event; empty where the window keeps no times
 */
export function timesOfEvents(
  events: ReadonlyMap<number, EventOfShape>,
  window: Window,
): Map<number | string, number[]> {
  const counted = new Map<number | string, number[]>();
  if (window.eachTime === undefined) return counted;
  /** By shape, its event's place among these. */
  const placeOf = new Map<number, number>();
  const names: (number | string)[] = [];
  for (const { event, members } of events.values()) {
    if (placeOf.has(members[0]!)) continue;
    for (const shape of members) placeOf.set(shape, names.length);
    names.push(event);
  }
  const firsts = new Float64Array(names.length).fill(Infinity);
  const lasts = new Float64Array(names.length).fill(-Infinity);
  window.eachTime((shape, time) => {
    const place = placeOf.get(shape);
    if (place === undefined) return;
    if (time < firsts[place]!) firsts[place] = time;
    if (time > lasts[place]!) lasts[place] = time;
  });
  const counts = new Uint32Array(names.length * timeSlots);
  window.eachTime((shape, time) => {
    const place = placeOf.get(shape);
    if (place === undefined) return;
    const [first, last] = [firsts[place]!, lasts[place]!];
    const share = last > first ? (time - first) / (last - first) : 0;
    counts[place * timeSlots + Math.min(timeSlots - 1, Math.floor(share * timeSlots))]! += 1;
  });
  for (const [place, event] of names.entries()) {
    if (lasts[place]! <= firsts[place]!) continue; // All at once: nothing to see.
    const from = place * timeSlots;
    counted.set(event, Array.from(counts.subarray(from, from + timeSlots)));
  }
  return counted;
}
