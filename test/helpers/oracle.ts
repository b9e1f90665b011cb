/** The oracle under all faults: every line that was read is accounted for, whatever happened. */
import { expect } from 'vitest';
import {
  countsOf,
  oracleGap,
  runImesde,
  type Input,
  type RunOptions,
  type RunResult,
  type StatsLine,
} from './run-imesde.ts';

export interface CountedResult extends RunResult {
  readonly counts: StatsLine;
  /** Without the summary of --stats. */
  readonly stderr: string;
  readonly summary: string;
}

const summaryLines =
  /^imesde: (?:lines: read|overload: \d|input: \d|shapes: \d|speed: |memory: |answers: \d).*\n/gm;

/** Checks that what --stats printed adds up: read = waiting + in the window + evicted + skipped by reason. */
export function counted(result: RunResult): CountedResult {
  const counts = countsOf(result.stderr);
  expect(oracleGap(result.stderr)).toBe(0);
  expect(counts.empty + counts.overload + counts.vector + counts.filtered).toBe(counts.skipped);
  return {
    ...result,
    counts,
    stderr: result.stderr.replace(summaryLines, ''),
    summary: (result.stderr.match(summaryLines) ?? []).join(''),
  };
}

/** Runs it to its end with --stats, and checks what it printed. */
export async function runCounted(
  args: readonly string[],
  input: Input = '',
  options: RunOptions = {},
): Promise<CountedResult> {
  return counted(await runImesde([...args, '--stats'], input, options));
}
