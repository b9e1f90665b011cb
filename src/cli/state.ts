/** `--state FILE`: where reading of files ended, for the next run. One run at a time has it. */
import type { Command } from 'commander';
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
  const { lockKept } = await import('./kept-lock.ts');
  const { ReadState } = await import('../input/read-state.ts');
  return ReadState.open(await lockKept(file, 'the state'));
}
