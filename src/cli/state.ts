/** `--state FILE`: where reading of files ended, for the next run. One run at a time has it. */
import type { Command } from 'commander';
import { ImesdeError } from '../shared/errors.ts';
import type { ReadState } from '../input/read-state.ts';

export interface StateFlags {
  readonly state?: string;
}

export function addStateOption(command: Command): Command {
  return command
    .optionsGroup('Input:')
    .option(
      '--state <file>',
      'read each file from where the last run with this state ended, also across its rotation',
    );
}

/**
 * @returns undefined where none is wanted
 * @throws {ImesdeError} ERR_IMESDE_INPUT where it is damaged, or another run has it
 */
export async function openState(file: string | undefined): Promise<ReadState | undefined> {
  if (file === undefined) return undefined;
  const { lockState } = await import('./state-lock.ts');
  const { ReadState } = await import('../input/read-state.ts');
  const path = await lockState(file);
  if (path !== undefined) return ReadState.open(path);
  throw new ImesdeError(
    'ERR_IMESDE_INPUT',
    `another run has the state ${file}: wait for its end, or name another`,
  );
}
