/** Times of a digest: as short as the log's own span allows. */
import type { Digest } from '../rank/digest/digest.ts';
import { formatWhole } from './whole-number.ts';

type Span = Pick<Digest, 'axis' | 'from' | 'to'>;

/** How much of a time is told. */
interface Precision {
  readonly long: (parts: Parts) => string;
  readonly short: (parts: Parts) => string;
}

interface Parts {
  readonly year: string;
  readonly day: string;
  readonly minute: string;
  readonly second: string;
}

const withinDay: Precision = {
  long: ({ minute, second }) => `${minute}:${second}`,
  short: ({ minute }) => minute,
};
const withinYear: Precision = {
  long: ({ day, minute }) => `${day} ${minute}`,
  short: ({ day }) => day,
};
const years: Precision = {
  long: ({ year, day }) => `${year}-${day}`,
  short: ({ year }) => year,
};
/** In less, a day and a month tell which year is meant. */
const longMs = 300 * 86_400_000;

/** The ends of a picture of so many columns. */
export function axisEnds(digest: Span, columns: number): readonly [string, string] {
  const { axis, from, to } = digest;
  if (from === undefined || to === undefined) return ['', ''];
  if (axis === 'line') {
    const [begin, end] = [formatWhole(from), formatWhole(to)];
    const hasRoom = 'line '.length + begin.length + end.length < columns;
    return [hasRoom ? `line ${begin}` : begin, end];
  }
  const { short } = precisionOf(from, to);
  return [short(partsOf(from)), short(partsOf(to))];
}

/** e.g. `09:12:01–11:04:43`, `07-25 12:09–16:29`; empty where lines carry no times. */
export function spanOf(
  { first, last }: { readonly first: number | undefined; readonly last: number | undefined },
  { axis, from, to }: Span,
  dash: string,
): string {
  if (axis === 'line' || from === undefined || to === undefined) return '';
  if (first === undefined || last === undefined) return '';
  const { long } = precisionOf(from, to);
  const [begin, end] = [long(partsOf(first)), long(partsOf(last))];
  if (begin === end) return begin;
  const day = /^\S+ /.exec(begin)?.[0] ?? '';
  return `${begin}${dash}${end.startsWith(day) ? end.slice(day.length) : end}`;
}

function precisionOf(from: number, to: number): Precision {
  const [begin, end] = [partsOf(from), partsOf(to)];
  if (begin.year !== end.year && to - from >= longMs) return years;
  return begin.day === end.day ? withinDay : withinYear;
}

/** Local, as for lines that carry no zone. */
function partsOf(ms: number): Parts {
  const date = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, '0');
  return {
    year: String(date.getFullYear()),
    day: `${two(date.getMonth() + 1)}-${two(date.getDate())}`,
    minute: `${two(date.getHours())}:${two(date.getMinutes())}`,
    second: two(date.getSeconds()),
  };
}
