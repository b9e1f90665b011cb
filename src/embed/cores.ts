import { readFileSync } from 'node:fs';
import os from 'node:os';

/**
 * Cores this process may really use: its CPU affinity, and in a container the quota of its control
 * group, which the operating system's count of cores does not tell.
 * @returns an integer of at least 1
 */
export function usableCores(): number {
  return Math.max(1, Math.min(os.availableParallelism(), quotaCores()));
}

/** Control groups v2 write "quota period" in microseconds, or "max period"; v1 two files. */
function quotaCores(): number {
  const [quota, period] = (
    read('/sys/fs/cgroup/cpu.max') ??
    `${read('/sys/fs/cgroup/cpu/cpu.cfs_quota_us') ?? ''} ${read('/sys/fs/cgroup/cpu/cpu.cfs_period_us') ?? ''}`
  )
    .split(' ')
    .map(Number);
  const cores = (quota ?? NaN) / (period ?? NaN);
  return cores > 0 ? Math.ceil(cores) : Infinity;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
