/** All events of a window, as they are now. */
import { Slices } from '../shared/slices.ts';
import type { ShapeTable } from '../window/shape-table.ts';
import type { Window } from '../window/window.ts';
import type { Grouping } from './grouping.ts';

/** An event, told by its newest line. */
export interface WindowEvent {
  /** Lines of it. */
  readonly count: number;
  /** When the first and the last of them came, in milliseconds since 1970. */
  readonly first: number;
  readonly last: number;
  readonly line: number;
  readonly time: number;
  readonly text: string;
}

const shapesAStep = 64;

/**
 * The window stays as it is meanwhile.
 * @returns most lines first; of equals the newer first
 */
export async function windowEvents(
  table: ShapeTable,
  window: Window,
  grouping: Grouping,
): Promise<WindowEvent[]> {
  const events = new Map<
    number | string,
    { newest: number } & Omit<WindowEvent, 'line' | 'time' | 'text'>
  >();
  const slices = new Slices();
  for (let shape = 0; shape < table.end; shape += 1) {
    const count = table.windowLines[shape]!;
    if (count === 0) continue;
    const event = grouping.openEventOf(shape) ?? `shape ${shape}`;
    const { first, last } = grouping.timesOf(shape);
    const known = events.get(event);
    const isNewer =
      known === undefined || window.newestNumberOf(shape) > window.newestNumberOf(known.newest);
    events.set(event, {
      newest: isNewer ? shape : known.newest,
      count: count + (known?.count ?? 0),
      first: Math.min(first, known?.first ?? Infinity),
      last: Math.max(last, known?.last ?? -Infinity),
    });
    if (shape % shapesAStep === 0 && slices.isOver) await slices.next();
  }
  return Array.from(events.values(), ({ newest, ...counted }) => {
    const { number: line, time, text } = window.newestOf(newest);
    return { ...counted, line, time, text };
  }).sort((one, other) => other.count - one.count || other.line - one.line);
}
