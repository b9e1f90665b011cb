/**
 * The time that a line itself carries, in the forms of common logs. A time without a zone is local;
 * one without a year is of the last twelve months.
 */

/** A time stands in the first characters of a line, if it has one. */
const headChars = 300;
/** Before it are an address, a level or a container's name at most. */
const prefixChars = 64;
/** Of a line of JSON, where its time is looked for: at its start, or as Docker has it at its end. */
const jsonHeadChars = 8_192;
const jsonTailChars = 1_024;
const dayMs = 86_400_000;

const monthNames = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

const zone = String.raw`(?<zone>Z|UTC|GMT|[+-]\d\d:?\d\d)\b`;
const clock = String.raw`(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?:[.,](?<part>\d{1,9}))?`;
const name = `(?<name>${monthNames.join('|')})`;

/** 2026-11-25T10:30:00.123Z, 2026/11/25 10:30:00, 2026-11-25 10:30:00,123 +01:00. */
const iso = new RegExp(
  String.raw`(?<year>\d{4})(?<mark>[-/.])(?<month>\d\d)\k<mark>(?<day>\d\d)[T ,](?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,](?<part>\d{1,9}))?)?(?: ?${zone})?`,
);
/** At the start of a line. */
const atStart = [
  String.raw`\[?(?<epoch>\d{13}|\d{10}(?:\.\d{1,9})?)[\s\]:,]`,
  String.raw`\S+ (?<epoch>\d{10}) \d{4}\.\d\d\.\d\d `, // BGL
  String.raw`(?:<\d{1,3}>)?${name} +(?<day>\d{1,2}) ${clock}`, // Syslog, RFC 3164
  String.raw`[IWEFD](?<year>\d{4})?(?<month>\d\d)(?<day>\d\d) ${clock}`, // klog, glog
  String.raw`(?<month>\d\d)-(?<day>\d\d) ${clock}`, // Android
  String.raw`\[(?<month>\d\d)\.(?<day>\d\d) ${clock}\]`, // Proxifier
  String.raw`(?<year>\d\d)(?<month>\d\d)(?<day>\d\d) (?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d) `, // HDFS
  String.raw`(?<year>\d\d)/(?<month>\d\d)/(?<day>\d\d) ${clock}`, // Spark
  String.raw`(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)T(?<hour>\d\d)(?<minute>\d\d)(?<second>\d\d)(?:${zone})?`,
  String.raw`(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)-(?<hour>\d{1,2}):(?<minute>\d{1,2}):(?<second>\d{1,2}):`, // HealthApp
  String.raw`${name} (?<day>\d{1,2}), (?<year>\d{4}) (?<hour>\d{1,2}):(?<minute>\d\d):(?<second>\d\d) (?<half>[AP])M`, // java.util.logging
].map((form) => new RegExp(`^${form}`));
/** Behind an address, a bracket, a process. */
const inHead = [
  String.raw`(?:^|\[)(?<day>\d\d)/${name}/(?<year>\d{4}):(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d) ${zone}`, // Apache, nginx
  String.raw`(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ${name} +(?<day>\d{1,2}) ${clock}(?: [A-Z]{3,4})? (?<year>\d{4})`, // Apache's errors
  String.raw`\b(?<day>\d{1,2}) ${name} (?<year>\d{4}) ${clock}(?: ?${zone})?`, // Redis, mail
].map((form) => new RegExp(form));
const nameList =
  '@timestamp|timestamp|time|ts|t|@t|Timestamp|datetime|asctime|eventTime|__REALTIME_TIMESTAMP';
/** What MongoDB writes around a time. */
const dated = String.raw`(?:\{\s*"\$date"\s*:\s*)?`;
const inJson = new RegExp(
  String.raw`"(?:${nameList})"\s*:\s*${dated}(?:"(?<text>[^"\\]{4,48})"|(?<number>\d{9,19}(?:\.\d{1,9})?))`,
);
const inLogfmt = new RegExp(
  String.raw`(?:^|\s)(?:${nameList})=(?:"(?<text>[^"]{4,48})"|(?<number>\d{9,19}(?:\.\d{1,9})?)(?:\s|$)|(?<bare>\d[^"\s]{3,47}))`,
);

/** Words of a message: a time behind them is one that it speaks of. */
const prose = /[a-z] [a-z]+ /;

/** When a line came: its own time, or else when it was read; in milliseconds since 1970. */
export function timeOfLine(text: string, arrived: number): number {
  return lineTime(text, arrived) ?? arrived;
}

/**
 * @param now - milliseconds since 1970: a time without a year is not after it, but for a day
 * @returns milliseconds since 1970; undefined where the line carries no time
 */
export function lineTime(text: string, now: number): number | undefined {
  if (text.startsWith('{')) return jsonTime(text, now);
  const head = text.slice(0, headChars);
  if (!/\d\d/.test(head)) return undefined;
  const found = iso.exec(head.slice(0, prefixChars + 32));
  if (found?.index === 0) return timeOfParts(found.groups, now);
  for (const form of atStart) {
    const groups = form.exec(head)?.groups;
    if (groups !== undefined) return timeOfParts(groups, now);
  }
  const others = inHead.map((form) => form.exec(head));
  const [first] = [found, ...others]
    .filter((one) => one !== null)
    .sort((one, other) => one.index - other.index);
  if (first !== undefined && first !== found) return timeOfParts(first.groups, now);
  if (first !== undefined && first.index <= prefixChars) {
    if (!prose.test(head.slice(0, first.index))) return timeOfParts(first.groups, now);
  }
  return valueTime(inLogfmt, head, now) ?? jsonTime(text, now);
}

/** Where several fields are called like one, that of the outermost object counts. */
function jsonTime(text: string, now: number): number | undefined {
  const parts = jsonParts(text);
  const first = inJson.exec(parts);
  if (first === null) return undefined;
  const rest = parts.slice(first.index + first[0].length);
  if (!inJson.test(rest)) return timeOfValue(first.groups, now);
  for (const [key, value] of outermost(text)) {
    const own = inJson.exec(`${JSON.stringify(key)}:${JSON.stringify(value)}`);
    if (own?.index === 0) return timeOfValue(own.groups, now);
  }
  return timeOfValue(first.groups, now);
}

function outermost(text: string): [string, unknown][] {
  try {
    return Object.entries(JSON.parse(text) as object);
  } catch {
    return []; // Cut off, or nested too deep.
  }
}

function jsonParts(text: string): string {
  return text.length <= jsonHeadChars
    ? text
    : `${text.slice(0, jsonHeadChars)} ${text.slice(-jsonTailChars)}`;
}

function valueTime(form: RegExp, text: string, now: number): number | undefined {
  return timeOfValue(form.exec(text)?.groups, now);
}

function timeOfValue(groups: Groups | undefined, now: number): number | undefined {
  const value = groups?.['text'] ?? groups?.['number'] ?? groups?.['bare'];
  if (value === undefined) return undefined;
  if (/^\d{9,19}(?:\.\d+)?$/.test(value)) return epochTime(value);
  return value.startsWith('{') ? undefined : lineTime(value, now);
}

/** Seconds, milliseconds, microseconds or nanoseconds: its length tells. */
function epochTime(digits: string): number {
  const value = Number(digits);
  if (value < 1e11) return Math.round(value * 1_000);
  if (value < 1e14) return Math.trunc(value);
  return Math.trunc(value / (value < 1e17 ? 1e3 : 1e6));
}

type Groups = Readonly<Record<string, string | undefined>>;

function timeOfParts(groups: Groups | undefined, now: number): number | undefined {
  if (groups === undefined) return undefined;
  const { epoch, zone: zoneText, part = '', half } = groups;
  if (epoch !== undefined) return epochTime(epoch);
  const month =
    groups['name'] === undefined ? Number(groups['month']) : monthNames.indexOf(groups['name']) + 1;
  const day = Number(groups['day']);
  const minute = Number(groups['minute']);
  const second = Number(groups['second'] ?? 0);
  let hour = Number(groups['hour']);
  if (half !== undefined) hour = (hour % 12) + (half === 'P' ? 12 : 0);
  if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  if (hour > 24 || minute > 59 || second > 60) return undefined;
  const ms = Math.trunc(Number(`0.${part.padEnd(3, '0')}`) * 1_000);
  /** Undefined where the month has no such day. */
  const inYear = (year: number): number | undefined => {
    if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined;
    if (zoneText === undefined)
      return new Date(year, month - 1, day, hour, minute, second, ms).getTime();
    return Date.UTC(year, month - 1, day, hour, minute, second, ms) - zoneMs(zoneText);
  };
  if (groups['year'] !== undefined) {
    const year = Number(groups['year']);
    return inYear(year < 100 ? 2_000 + year : year);
  }
  const thisYear = new Date(now).getFullYear();
  const time = inYear(thisYear);
  return time === undefined || time > now + dayMs ? inYear(thisYear - 1) : time;
}

function zoneMs(text: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(text) ?? [];
  if (sign === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

const unitMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: dayMs,
  w: 7 * dayMs,
};

/**
 * A time as a person gives it: `10m` or `1h30m` ago, `today`, `yesterday`, `10:30`, `2026-11-25`,
 * `2026-11-25 10:30`, `@1700000000`, or as logs have it.
 * @returns milliseconds since 1970; undefined for anything else
 */
export function timeFrom(given: string, now: number): number | undefined {
  const text = given.trim();
  if (/^(?:\d{1,9}(?:\.\d{1,3})?[smhdw]){1,5}$/.test(text)) {
    const parts = text.match(/[\d.]+[smhdw]/g) ?? [];
    return (
      now -
      parts.reduce((sum, part) => sum + parseFloat(part) * (unitMs[part.at(-1) ?? ''] ?? 0), 0)
    );
  }
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  if (text === 'now') return now;
  if (text === 'today') return midnight;
  if (text === 'yesterday') return new Date(midnight - dayMs / 2).setHours(0, 0, 0, 0);
  const [, hour, minute, second = '0'] = /^(\d{1,2}):(\d\d)(?::(\d\d))?$/.exec(text) ?? [];
  if (hour !== undefined && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60) {
    return new Date(now).setHours(Number(hour), Number(minute), Number(second), 0);
  }
  if (/^@?\d{10,19}(?:\.\d{1,9})?$/.test(text)) return epochTime(text.replace('@', ''));
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return timeOfParts(iso.exec(`${text} 00:00`)?.groups, now);
  return /^\d/.test(text) || /^[A-Z][a-z]{2} /.test(text) ? lineTime(text, now) : undefined;
}
