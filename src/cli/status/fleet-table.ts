/** How the instances of a fleet are doing, a line each. What they tell is believed only as far as it is read. */
import { formatDuration } from '../../control/status.ts';
import { escapeControls } from '../../output/escape.ts';
import { formatWhole } from '../../output/whole-number.ts';

interface HostStatus {
  readonly host: string;
  readonly status: object;
}

const heads = ['host', 'up', 'read', 'lines/s', 'waiting', 'window', 'shapes', 'MiB', 'model'];
/** Those that are no numbers. */
const leftColumns = new Set(['host', 'model']);

export function formatFleet(statuses: readonly HostStatus[]): string {
  const rows = [heads, ...statuses.map(rowOf)];
  const widths = heads.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return leftColumns.has(heads[column] ?? '') ? cell.padEnd(width) : cell.padStart(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

function rowOf({ host, status }: HostStatus): string[] {
  const fields = status as Readonly<Record<string, unknown>>;
  const lines = (fields['lines'] ?? {}) as Readonly<Record<string, unknown>>;
  const model = typeof fields['model'] === 'string' ? fields['model'] : '?';
  return [
    escapeControls(host),
    formatDuration(numberOf(fields['uptimeSeconds'])),
    ...[
      lines['read'],
      fields['linesPerSecond'],
      lines['waiting'],
      lines['window'],
      fields['shapes'],
    ]
      .map(numberOf)
      .map(formatWhole),
    formatWhole(numberOf(fields['rssBytes']) / 2 ** 20),
    escapeControls(model),
  ];
}

function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0;
}
