/** Digest → NDJSON: an object for each group, then one that says what is left out. */
import type { Digest, DigestGroup } from '../rank/digest/digest.ts';
import type { DigestCounts } from './digest-format.ts';
import { templateText } from './digest-lines.ts';

/** As parsers of logs write what varies. */
const value = '<*>';

/** Of a line by its number: its file, where files are read, and its number there. */
export type PlaceOf = (number: number) => {
  readonly file?: string | undefined;
  readonly line: number;
};

export function* digestJson(
  digest: Digest,
  counts: DigestCounts,
  placeOf: PlaceOf,
): Generator<string> {
  for (const group of digest.groups) yield `${JSON.stringify(groupJson(group, placeOf))}\n`;
  const { axis, from, to, slotStart, slotWidth, groups, events, more } = digest;
  const axisText = (place: number | undefined): string | number | undefined =>
    axis === 'time' ? isoTime(place) : place;
  const end = {
    done: true,
    lines: counts.lines,
    events,
    groups: groups.length,
    more,
    empty: counts.empty,
    evicted: counts.evicted,
    filtered: counts.filtered,
    axis,
    from: axisText(from),
    to: axisText(to),
    slotStart: from === undefined ? undefined : axisText(slotStart),
    slotWidth: axis === 'time' ? slotWidth / 1_000 : slotWidth,
  };
  yield `${JSON.stringify(end)}\n`;
}

function groupJson(group: DigestGroup, placeOf: PlaceOf): object {
  const { rank, count, events, first, last, when, trouble, isNew, line: number, text } = group;
  const { file, line } = placeOf(number);
  return {
    file,
    rank,
    count,
    events,
    first: isoTime(first),
    last: isoTime(last),
    when,
    trouble,
    new: isNew,
    line,
    text,
    template: templateText(group, value),
  };
}

/** What is no date at all, far off in a line's own time, is left out. */
function isoTime(time: number | undefined): string | undefined {
  if (time === undefined || Math.abs(time) > 8.64e15) return undefined;
  return new Date(time).toISOString();
}
