/** How a running instance is doing: what `status` answers, and how people read it. */
import type { EngineStats } from '../engine/stats.ts';
import { escapeControls } from '../output/escape.ts';
import { formatWhole } from '../output/whole-number.ts';
import { residentBytes } from '../shared/resident-memory.ts';

export interface Status {
  readonly pid: number;
  readonly uptimeSeconds: number;
  readonly model: string;
  readonly lines: {
    readonly read: number;
    readonly waiting: number;
    readonly window: number;
    readonly evicted: number;
    readonly skipped: Readonly<Record<string, number>>;
    /** In the window, or evicted, that passed unread under --on-overload screen. */
    readonly screened: number;
    /** Lines that were joined to the line above: `read` counts records. */
    readonly joined?: number;
    /** Of a stream: lines of messages that had been delivered before, to any process. */
    readonly redelivered?: number | undefined;
    readonly cut: number;
    readonly invalidUtf8Bytes: number;
  };
  /** In the window. */
  readonly shapes: number;
  /** Made so far; `rows` counts those that are kept now, and those under way. */
  readonly readings: number;
  readonly rows: number;
  readonly rowsMax: number;
  /** Over the last seconds, see RateMeter. */
  readonly linesPerSecond: number;
  /** From arrival to commit, over the whole run. */
  readonly latencyMs: { readonly p50: number; readonly p99: number };
  readonly watches: readonly string[];
  readonly rssBytes: number;
}

export interface StatusFacts {
  readonly stats: EngineStats;
  readonly reader: {
    readonly cutLines: number;
    readonly joinedLines: number;
    readonly redeliveredLines?: number;
    readonly invalidUtf8Bytes: number;
  };
  readonly linesPerSecond: number;
  readonly watches: readonly { readonly phrase: string }[];
}

export function makeStatus({ stats, reader, linesPerSecond, watches }: StatusFacts): Status {
  const { model, read, waiting, window, evicted, skipped, screened } = stats;
  const { shapes, readings, rows, rowsMax } = stats;
  return {
    pid: process.pid,
    uptimeSeconds: rounded(stats.uptimeMs / 1000, 1),
    model,
    lines: {
      read,
      waiting,
      window,
      evicted,
      skipped,
      screened,
      joined: reader.joinedLines,
      redelivered: reader.redeliveredLines,
      cut: reader.cutLines,
      invalidUtf8Bytes: reader.invalidUtf8Bytes,
    },
    shapes,
    readings,
    rows,
    rowsMax,
    linesPerSecond: rounded(linesPerSecond, 1),
    latencyMs: { p50: rounded(stats.latencyMs.p50, 3), p99: rounded(stats.latencyMs.p99, 3) },
    watches: watches.map(({ phrase }) => phrase),
    rssBytes: residentBytes(),
  };
}

/** For people: one fact a line, numbers aligned on their last digit, units behind them. */
export function formatStatus(status: Status): string {
  const { lines, latencyMs } = status;
  const reasons = Object.entries(lines.skipped)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `${reason} ${formatWhole(count)}`);
  const facts: [name: string, value: string, rest: string][] = [
    ['lines read', formatWhole(lines.read), ''],
    ['  waiting', formatWhole(lines.waiting), ''],
    ['  in the window', formatWhole(lines.window), ''],
    ['  evicted', formatWhole(lines.evicted), ''],
    [
      '  skipped',
      formatWhole(Object.values(lines.skipped).reduce((sum, count) => sum + count, 0)),
      reasons.length === 0 ? '' : `(${reasons.join(', ')})`,
    ],
    ['lines unread', formatWhole(lines.screened), ''],
    ...optionalFact('lines joined', lines.joined),
    ...optionalFact('lines again', lines.redelivered),
    ['lines cut', formatWhole(lines.cut), ''],
    ['invalid UTF-8', formatWhole(lines.invalidUtf8Bytes), 'bytes'],
    ['shapes', formatWhole(status.shapes), ''],
    ['readings', formatWhole(status.readings), ''],
    ['rows', formatWhole(status.rows), `of ${formatWhole(status.rowsMax)}`],
    ['speed', formatWhole(status.linesPerSecond), 'lines/s'],
    ['latency p50', latencyMs.p50.toFixed(2), 'ms'],
    ['latency p99', latencyMs.p99.toFixed(2), 'ms'],
    ['memory', formatWhole(status.rssBytes / 2 ** 20), 'MiB'],
    ['watches', formatWhole(status.watches.length), ''],
  ];
  const nameWidth = Math.max(...facts.map(([name]) => name.length));
  const valueWidth = Math.max(...facts.map(([, value]) => value.length));
  const table = facts.map(([name, value, rest]) =>
    `${name.padEnd(nameWidth)}  ${value.padStart(valueWidth)}  ${rest}`.trimEnd(),
  );
  return [
    `imesde ${status.pid}, up ${formatDuration(status.uptimeSeconds)}, ${escapeControls(status.model)}`,
    ...table,
    ...status.watches.map((phrase) => `  ${escapeControls(phrase)}`),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function optionalFact(name: string, count = 0): [name: string, value: string, rest: string][] {
  return count > 0 ? [[name, formatWhole(count), '']] : [];
}

function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

/** As `3 d 4 h`, `4 h 5 min`, `5 min 6 s` or `6 s`: the two largest units say enough. */
export function formatDuration(seconds: number): string {
  const units: [seconds: number, name: string][] = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
    [1, 's'],
  ];
  let rest = Math.floor(seconds);
  const parts: string[] = [];
  for (const [size, name] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 || parts.length > 0 || size === 1) parts.push(`${count} ${name}`);
  }
  return parts.slice(0, 2).join(' ');
}
