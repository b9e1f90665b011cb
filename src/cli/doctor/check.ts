import { ImesdeError } from '../../shared/errors.ts';
import { remedyOf } from '../../shared/scarcity.ts';

/** One thing that imesde needs, and one line of the doctor. */
export interface Check {
  readonly name: string;
  /** Names of checks without which this one tells nothing. */
  readonly needs?: readonly string[];
  /**
   * @returns what is there
   * @throws what is wrong and what to do
   */
  readonly look: () => string | Promise<string>;
}

/** What is wrong and what to do, of anything that was thrown. */
export function problemOf(error: unknown): string {
  if (error instanceof ImesdeError) return error.message;
  const what = error instanceof Error ? error.message : String(error);
  return `${what}: ${remedyOf(error) ?? 'install imesde again'}`;
}
