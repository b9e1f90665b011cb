import assert from 'node:assert';
import type { Command } from 'commander';
import { runningInstances } from '../../control/fifo/instances.ts';
import { escapeControls } from '../../output/escape.ts';
import { Writer } from '../../output/writer.ts';
import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import type { Shell } from './shells.ts';
import { completedCommands } from './words.ts';
import { zshScript } from './zsh.ts';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };

export async function printScript(shell: Shell, program: Command | null): Promise<number> {
  assert(program !== null);
  await print(scripts[shell](completedCommands(program)));
  return 0;
}

/** A path a line. One that holds control characters could not be told from two. */
export async function printInstances(): Promise<number> {
  const paths = runningInstances().map(({ fifo }) => fifo);
  const lines = paths.filter((path) => escapeControls(path) === path).sort();
  await print(lines.map((path) => `${path}\n`).join(''));
  return 0;
}

async function print(text: string): Promise<void> {
  const writer = new Writer(process.stdout, () => undefined);
  writer.write(text);
  await writer.flushed();
}
