/** Runs bench/soak. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { expect } from 'vitest';
import { repository } from './run-imesde.ts';

export const soakFolder = path.join(repository, 'bench/soak');

interface SoakResult {
  readonly lines: number;
  readonly printed: number;
  readonly asks: number;
  readonly rotations: number;
  readonly stops: number;
  readonly readerPauses: number;
  readonly deaths: number;
  /** Of memory, by what is measured; none where the run was too short. */
  readonly growth: Readonly<Record<string, number>>;
  readonly failures: readonly string[];
}

/** Expects that nothing was wrong, and that there was something that might have been. */
export async function expectSoaked(args: readonly string[]): Promise<SoakResult> {
  const command = [path.join(soakFolder, 'soak.js'), ...args, '--json'];
  const run = await new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, command, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, stdout, stderr });
    });
  });
  const { code, stdout, stderr } = run;
  expect({ stderr, isDone: stdout.trimEnd().endsWith('}') }).toEqual({ stderr: '', isDone: true });
  const result = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as SoakResult;
  expect({ failures: result.failures, code }).toEqual({ failures: [], code: 0 });
  expect(result.lines).toBeGreaterThan(3_000);
  expect(result.printed).toBeGreaterThanOrEqual(Math.floor(result.lines / 11));
  for (const name of ['asks', 'rotations', 'stops', 'readerPauses', 'deaths'] as const) {
    expect({ [name]: result[name] > 0 }).toEqual({ [name]: true });
  }
  return result;
}
