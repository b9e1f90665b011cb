import type { EngineStats } from '../engine/stats.ts';
import type { LineReader } from '../input/line-reader.ts';
import { formatWhole } from '../output/whole-number.ts';
import { residentBytes } from '../shared/resident-memory.ts';

/** What a reader counts. */
export interface ReaderCounts extends Pick<
  LineReader,
  'cutLines' | 'joinedLines' | 'invalidUtf8Bytes' | 'droppedNulBytes'
> {
  /** Of a stream: lines of messages that had been delivered before. */
  readonly redeliveredLines?: number;
}

export interface RunFacts {
  readonly stats: EngineStats;
  readonly reader: ReaderCounts;
  /** Wall time since the first line was asked for, and until the first match; undefined: none. */
  readonly readMs: number;
  readonly firstMatchMs: number | undefined;
  /** Answers to requests that nobody took; undefined where nobody could ask. */
  readonly droppedAnswers?: number | undefined;
}

/** The summary of --stats: what became of every line, and how long it took. */
export function formatStats(facts: RunFacts): string {
  const { stats, reader } = facts;
  const { empty, overload, vector, filtered = 0 } = stats.skipped;
  const skipped = empty + overload + vector + filtered;
  const seconds = facts.readMs / 1000;
  const embeddable = stats.read - empty - filtered;
  const lines = [
    `lines: read ${stats.read} = waiting ${stats.waiting} + window ${stats.window} + ` +
      `evicted ${stats.evicted} + skipped ${skipped} ` +
      `(empty ${empty}, overload ${overload}, vector ${vector}` +
      `${filtered > 0 ? `, filtered ${filtered}` : ''})`,
    ...(stats.screened > 0 ? [`overload: ${stats.screened} lines passed unread`] : []),
    `input: ${reader.cutLines} lines cut, ${reader.invalidUtf8Bytes} invalid UTF-8 bytes` +
      (reader.redeliveredLines === undefined
        ? ''
        : `, ${reader.redeliveredLines} lines redelivered`) +
      (reader.joinedLines > 0 ? `, ${reader.joinedLines} lines joined` : '') +
      (reader.droppedNulBytes > 0 ? `, ${reader.droppedNulBytes} NUL bytes of holes dropped` : ''),
    `shapes: ${stats.shapes} in the window, ${stats.readings} read, ` +
      `${formatShare(embeddable === 0 ? 0 : stats.known / embeddable)} of lines known`,
    `speed: ${formatWhole(stats.read / Math.max(seconds, 0.001))} lines/s in ${seconds.toFixed(2)} s, ` +
      `latency p50 ${milliseconds(stats.latencyMs.p50)}, p99 ${milliseconds(stats.latencyMs.p99)}, ` +
      `first match ${facts.firstMatchMs === undefined ? 'none' : `after ${milliseconds(facts.firstMatchMs)}`}`,
    `memory: ${formatWhole(residentBytes() / 2 ** 20)} MiB, ` +
      `${formatWhole(stats.windowBytes / 2 ** 10)} KiB of text, ${stats.workers} workers`,
  ];
  if (facts.droppedAnswers !== undefined) lines.push(`answers: ${facts.droppedAnswers} dropped`);
  return lines.map((line) => `imesde: ${line}\n`).join('');
}

function milliseconds(ms: number): string {
  return ms < 10 ? `${ms.toFixed(2)} ms` : `${formatWhole(ms)} ms`;
}

function formatShare(share: number): string {
  return share.toLocaleString('en-US', { style: 'percent', maximumFractionDigits: 1 });
}
