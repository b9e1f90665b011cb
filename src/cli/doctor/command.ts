/** `imesde doctor`: whether all that imesde needs is there, a line each. */
import { Command } from 'commander';
import { modelOption } from '../common-options.ts';
import type { DoctorOptions } from './options.ts';

export function doctorCommand(onExit: (code: number) => void): Command {
  return new Command('doctor')
    .summary('whether all that it needs is there, and what to do')
    .description(
      'Looks at all that imesde needs, a line each: what is there, or what is wrong and what to do.',
    )
    .addOption(modelOption())
    .addHelpText('after', '\nExit codes: 0 all is well, 2 something is wrong.')
    .action(async (options: DoctorOptions) => {
      const { runDoctor } = await import('./run.ts');
      onExit(await runDoctor(options));
    });
}
