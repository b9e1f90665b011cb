/** When the lines of an event came, in words and as a picture. */

const levels = { unicode: '▁▂▃▄▅▆▇█', ascii: '_.:-=+*#' };
/** What came just now needs no time. */
const nowMs = 60_000;

/** @returns e.g. `first 17:40 last 17:52`, of another day with the date; empty where it was just now */
export function formatTimes(first: number, last: number, now = Date.now()): string {
  if (now - first < nowMs && Math.abs(now - last) < nowMs) return '';
  const begin = localTime(first);
  const end = localTime(last);
  const today = localTime(now).day;
  const dayBefore = (time: LocalTime, day: string): string =>
    time.day === day ? '' : `${time.day} `;
  const from = `${dayBefore(begin, today)}${begin.minute}`;
  if (begin.day === end.day && begin.minute === end.minute) return `at ${from}`;
  const isOfFirstDay = begin.day === end.day;
  return `first ${from} last ${isOfFirstDay ? '' : dayBefore(end, today)}${end.minute}`;
}

/** A column for each count, as high as it is beside the others; the lowest means none. */
export function sparkline(counts: readonly number[], isUnicode: boolean): string {
  const columns = Array.from(isUnicode ? levels.unicode : levels.ascii);
  const most = Math.max(1, ...counts);
  const steps = columns.length - 1;
  return counts.map((count) => columns[Math.ceil((count / most) * steps)] ?? '').join('');
}

interface LocalTime {
  readonly day: string;
  readonly minute: string;
}

function localTime(ms: number): LocalTime {
  const date = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, '0');
  return {
    day: `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`,
    minute: `${two(date.getHours())}:${two(date.getMinutes())}`,
  };
}
