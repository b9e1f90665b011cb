/** How a run is doing, in one line: --stats in short. */
import type { EngineStats } from '../engine/stats.ts';
import { formatWhole } from '../output/whole-number.ts';
import type { BytesRead } from './input-progress.ts';
import { residentBytes } from '../shared/resident-memory.ts';

export function formatStatusLine(stats: EngineStats, far: BytesRead | undefined): string {
  const { read, waiting, window, evicted, shapes, readings, uptimeMs } = stats;
  const { empty, overload, vector } = stats.skipped;
  const seconds = uptimeMs / 1000;
  return [
    `read ${read} = waiting ${waiting} + window ${window} + evicted ${evicted} + ` +
      `skipped ${empty + overload + vector} lines`,
    ...(far === undefined ? [] : [`${formatShare(far)} of the input`]),
    `${shapes} shapes`,
    `${readings} readings`,
    `${formatWhole(read / Math.max(seconds, 0.001))} lines/s in ${formatWhole(seconds)} s`,
    `${formatWhole(residentBytes() / 2 ** 20)} MiB`,
  ].join(', ');
}

/** 100 % is what has been read to its end, and nothing less. */
export function formatShare({ bytes, total }: BytesRead): string {
  return `${total === 0 ? 100 : Math.floor((100 * bytes) / total)} %`;
}

/** @returns nothing where it can't be known */
export function formatTimeLeft({ bytes, total }: BytesRead, bytesPerSecond: number): string[] {
  if (bytesPerSecond <= 0 || bytes >= total) return [];
  const seconds = Math.ceil((total - bytes) / bytesPerSecond);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  if (hours > 0) return [`${hours} h ${minutes} min left`];
  return [minutes > 0 ? `${minutes} min ${seconds % 60} s left` : `${seconds} s left`];
}
